//! `cargo xtask up --compose`: the system in containers, by `deploy/compose.yaml`.

mod ready;

use std::{
    collections::BTreeMap,
    fs::File,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    sync::{Arc, atomic::AtomicBool},
};

use anyhow::{Context as _, Result, ensure};
use signal_hook::{
    consts::{SIGINT, SIGTERM},
    flag,
};

use super::{
    Args, build, ephemeral, load,
    plan::Plan,
    project::{Part, Project},
    summary,
    watcher::Watcher,
};
use crate::{machine, term};

/// Runs the system in containers, and returns once it is ready and filled.
///
/// # Errors
/// If there is no engine or no image, or the system does not become ready.
pub(crate) fn up(args: &Args, part: Part) -> Result<()> {
    let plan = args.plan()?;
    let project = Project::new(&plan, part, args.ephemeral, variables(&plan, part))?;
    ensure!(
        Project::of(&plan.run_dir).is_none(),
        "already running in {}; stop it with `{}`",
        plan.run_dir.dir.display(),
        plan.run_dir.command("down")
    );
    plan.ports.check()?;
    if !args.no_build {
        // For catctl, which imports the products.
        build::check_machine()?;
        build::build(args.release)?;
    }
    if args.ephemeral {
        ephemeral::create(&plan.run_dir, &args.data_dir.run_dir()?)?;
    }
    project.up(&plan.run_dir)?;
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        flag::register(signal, stop.clone()).context("handling signals")?;
    }
    let mut watcher = Watcher::new(&plan, &stop, Box::new(|| Ok(())));
    let parts = ready::parts(&project);
    for part in &parts {
        part.wait(&mut watcher, &project)?;
    }
    keep_secret(&plan, &project)?;
    let products = load::load(&mut watcher)?;
    let logs = term::dim(&project.command_line("logs -f"));
    summary::show(&plan, &rows(&plan, &project), &logs, products);
    Ok(())
}

/// The rows of the table beside the gateway's.
fn rows(plan: &Plan, project: &Project) -> Vec<summary::Row> {
    let web = |name: &str, variable, path| {
        (name.to_owned(), format!("http://127.0.0.1:{}{path}", project.port(variable)))
    };
    let service = |name: &str| {
        let (listen, admin) = plan.ports.of(name);
        (name.to_owned(), summary::service_address(listen, admin))
    };
    let mut rows =
        vec![service("catalogue"), service("search"), web("consul", "CONSUL_PORT", "/ui/")];
    if project.all {
        rows.push(web("prometheus", "PROMETHEUS_PORT", "/"));
        rows.push(web("grafana", "GRAFANA_PORT", "/dashboards"));
    }
    rows
}

/// Variables of the compose file: the ports of this run.
fn variables(plan: &Plan, part: Part) -> BTreeMap<String, String> {
    let ports = plan.ports;
    let mut free = ports.further();
    let mut usual = |port: u16| if machine::is_free(port) { port } else { free() };
    let numbers = [
        ("GATEWAY_PORT", ports.gateway),
        ("GATEWAY_ADMIN_PORT", ports.gateway_admin),
        ("CATALOGUE_PORT", ports.catalogue),
        ("CATALOGUE_ADMIN_PORT", ports.catalogue_admin),
        ("SEARCH_PORT", ports.search),
        ("SEARCH_ADMIN_PORT", ports.search_admin),
        ("CONSUL_PORT", usual(8500)),
        ("COLLECTOR_PORT", usual(13133)),
        ("PROMETHEUS_PORT", usual(9090)),
        ("GRAFANA_PORT", usual(3000)),
    ];
    let mut variables: BTreeMap<_, _> =
        numbers.map(|(name, port)| (name.to_owned(), port.to_string())).into();
    if part == Part::All {
        let endpoint = "http://collector:4317".to_owned();
        variables.insert("OTEL_EXPORTER_OTLP_ENDPOINT".to_owned(), endpoint);
    }
    variables
}

/// Copies the services' secret out of the volume that only containers have, for the import.
fn keep_secret(plan: &Plan, project: &Project) -> Result<()> {
    let secret =
        project.output(&["exec", "-T", "postgres", "cat", "/run/shared/service.secret"])?;
    let path = plan.run_dir.dir.join("service.secret");
    let mut options = File::options();
    let file = options.write(true).create(true).truncate(true).mode(0o600).open(&path);
    file.and_then(|mut file| file.write_all(secret.trim().as_bytes()))
        .with_context(|| format!("writing {}", path.display()))?;
    term::clear();
    Ok(())
}
