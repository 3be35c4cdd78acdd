//! nginx as a reverse proxy, with the settings it has out of the box.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use tempfile::TempDir;

use crate::{Process, ports::free_ports, skip::warn, until};

/// Where Debian installs the module for TCP; `NGINX_STREAM_MODULE` names another place.
const STREAM_MODULE: &str = "/usr/lib/nginx/modules/ngx_stream_module.so";

/// An nginx that passes everything on. Ends when it is dropped.
#[derive(Debug)]
pub struct Nginx {
    /// The address it listens on.
    pub addr: SocketAddr,
    _process: Process,
    _dir: TempDir,
}

impl Nginx {
    /// Starts a proxy of `upstream` with nothing but `proxy_pass`. `None`, reported on standard error, if
    /// nginx is not installed.
    ///
    /// # Errors
    /// It cannot be started.
    pub async fn start(upstream: SocketAddr) -> anyhow::Result<Option<Self>> {
        Self::with(|addr| settings(addr, upstream)).await
    }

    /// Starts a proxy of TCP, which names its clients by the PROXY protocol. `None`, reported on standard error, if nginx
    /// or its stream module is not installed.
    ///
    /// # Errors
    /// It cannot be started.
    pub async fn stream(upstream: SocketAddr) -> anyhow::Result<Option<Self>> {
        let module = std::env::var_os("NGINX_STREAM_MODULE").map(PathBuf::from);
        let module = module.unwrap_or_else(|| STREAM_MODULE.into());
        if !module.is_file() {
            warn(
                "SKIPPED: no nginx with streams to test with. Fix: apt-get install libnginx-mod-stream",
            );
            return Ok(None);
        }
        Self::with(|addr| stream_settings(&module, addr, upstream)).await
    }

    async fn with(settings: impl FnOnce(SocketAddr) -> String) -> anyhow::Result<Option<Self>> {
        let Some(program) = find() else {
            warn("SKIPPED: no nginx to test with. Fix: apt-get install nginx-light");
            return Ok(None);
        };
        let dir = tempfile::tempdir()?;
        let addr = SocketAddr::from(([127, 0, 0, 1], free_ports(1)));
        let config = dir.path().join("nginx.conf");
        std::fs::write(&config, settings(addr))?;
        let (prefix, log) = (dir.path().as_os_str(), dir.path().join("log"));
        let arguments = ["-p".as_ref(), prefix, "-c".as_ref(), config.as_os_str()];
        let process = Process::start(&program, arguments, &log).context("starting nginx")?;
        until("nginx listens", async || std::net::TcpStream::connect(addr).ok()).await;
        Ok(Some(Self { addr, _process: process, _dir: dir }))
    }
}

fn stream_settings(module: &Path, addr: SocketAddr, upstream: SocketAddr) -> String {
    format!(
        "load_module {}; daemon off; master_process off; pid pid; error_log stderr;\n\
         events {{ worker_connections 64; }}\n\
         stream {{ server {{ listen {addr}; proxy_pass {upstream}; proxy_protocol on; }} }}\n",
        module.display()
    )
}

fn settings(addr: SocketAddr, upstream: SocketAddr) -> String {
    format!(
        "daemon off; master_process off; pid pid; error_log stderr;\n\
         events {{ worker_connections 64; }}\n\
         http {{ access_log off; client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f;\n\
         uwsgi_temp_path u; scgi_temp_path s;\n\
         server {{ listen {addr}; location / {{ proxy_pass http://{upstream}; }} }} }}\n"
    )
}

/// The program, which Debian has outside of a user's `PATH`.
fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let dirs = std::env::split_paths(&path).chain(["/usr/sbin".into()]);
    dirs.map(|dir| dir.join("nginx")).find(|program| program.is_file())
}
