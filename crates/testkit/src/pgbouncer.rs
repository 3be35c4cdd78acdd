//! PgBouncer in front of a database.

use std::{net::SocketAddr, path::PathBuf};

use anyhow::Context as _;
use nix::unistd::geteuid;
use tempfile::TempDir;
use url::Url;

use crate::{Database, Process, ports::free_ports, skip::warn, until};

/// A PgBouncer with the settings it has out of the box, but for its mode. Ends when it is dropped.
#[derive(Debug)]
pub struct PgBouncer {
    /// The URL of the database through it, for `DATABASE_URL`.
    pub url: String,
    _process: Process,
    _dir: TempDir,
}

impl PgBouncer {
    /// Starts one for a database; `mode` is its `pool_mode`. `None`, reported on standard error, if it is not
    /// installed.
    ///
    /// # Errors
    /// It cannot be started.
    pub async fn start(database: &Database, mode: &str) -> anyhow::Result<Option<Self>> {
        let Some(program) = find() else {
            warn("SKIPPED: no PgBouncer to test with. Fix: apt-get install pgbouncer");
            return Ok(None);
        };
        let dir = tempfile::tempdir()?;
        let addr = SocketAddr::from(([127, 0, 0, 1], free_ports(1)));
        let config = dir.path().join("pgbouncer.ini");
        let server = Url::parse(&database.url)?;
        std::fs::write(&config, settings(addr, &server, mode)?)?;
        // As root it drops its rights after it has read its settings.
        let user: &[&str] = if geteuid().is_root() { &["-u", "nobody"] } else { &[] };
        let arguments = user.iter().map(AsRef::as_ref).chain([config.as_os_str()]);
        let process = Process::start(&program, arguments, &dir.path().join("log"))
            .context("starting PgBouncer")?;
        until("PgBouncer listens", async || std::net::TcpStream::connect(addr).ok()).await;
        Ok(Some(Self { url: database.url_through(addr), _process: process, _dir: dir }))
    }
}

fn settings(addr: SocketAddr, server: &Url, mode: &str) -> anyhow::Result<String> {
    let (host, port) = (server.host_str().context("a host")?, server.port().unwrap_or(5432));
    let (user, password) = (server.username(), server.password().unwrap_or_default());
    let name = server.path().trim_start_matches('/');
    Ok(format!(
        "[databases]\n{name} = host={host} port={port} dbname={name} user={user} password={password}\n\
         [pgbouncer]\nlisten_addr = {}\nlisten_port = {}\nunix_socket_dir =\nauth_type = any\n\
         pool_mode = {mode}\ndefault_pool_size = 40\n",
        addr.ip(),
        addr.port()
    ))
}

/// The program, which Debian has outside of a user's `PATH`.
fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let dirs = std::env::split_paths(&path).chain(["/usr/sbin".into()]);
    dirs.map(|dir| dir.join("pgbouncer")).find(|program| program.is_file())
}
