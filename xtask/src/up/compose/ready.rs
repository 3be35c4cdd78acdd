//! Waits until the containers are ready, by the ports that they publish.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::{
    http, term,
    up::{consul, project::Project, readiness, watcher::Watcher},
};

/// Time for all of it: the engine may still have images to pull.
const TIMEOUT: Duration = Duration::from_secs(300);

/// A container that is awaited.
pub(super) struct Part {
    name: &'static str,
    port: u16,
    probe: fn(&str, u16) -> Result<(), String>,
}

/// The containers of a project, in the order of their start.
pub(super) fn parts(project: &Project) -> Vec<Part> {
    let part = |name, variable, probe| Part { name, port: project.port(variable), probe };
    let mut parts = vec![
        part("consul", "CONSUL_PORT", |_, port| consul::probe(port)),
        part("catalogue", "CATALOGUE_ADMIN_PORT", readiness::probe),
        part("search", "SEARCH_ADMIN_PORT", readiness::probe),
        part("gateway", "GATEWAY_ADMIN_PORT", readiness::probe),
    ];
    if project.all {
        parts.extend([
            part("collector", "COLLECTOR_PORT", |_, port| responds(port, "/")),
            part("prometheus", "PROMETHEUS_PORT", |_, port| responds(port, "/-/ready")),
            part("grafana", "GRAFANA_PORT", |_, port| responds(port, "/api/health")),
        ]);
    }
    parts
}

impl Part {
    /// Waits until it is ready, and shows why it is not.
    ///
    /// # Errors
    /// If it takes too long, or the user has stopped the run.
    pub(super) fn wait(&self, watcher: &mut Watcher<'_>, project: &Project) -> Result<()> {
        let Self { name, port, probe } = self;
        let started_at = Instant::now();
        while let Err(reason) = probe(name, *port) {
            term::live(&format!("… {name:<10} {reason}"));
            if started_at.elapsed() > TIMEOUT {
                bail!("{name} is not ready: {reason}; see `{}`", project.command_line("logs"));
            }
            watcher.pause()?;
        }
        term::done(&format!("{} {name:<10} ready on port {port}", term::good("✓")));
        Ok(())
    }
}

fn responds(port: u16, path: &str) -> Result<(), String> {
    match http::get(port, path) {
        Ok((200, _)) => Ok(()),
        Ok((status, _)) => Err(format!("responds with {status}")),
        Err(_) => Err("not listening yet".to_owned()),
    }
}
