//! The PostgreSQL server that replicas of the catalogue share.

use std::{
    fs::{self, DirBuilder},
    io::{Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};
use devtools::postgres::{INITDB_OPTIONS, ServerUser, find_programs};

use super::run_dir::RunDir;
use crate::{machine, secret::random_key};

const USER: &str = "catalogue";
/// Timeout of a probe.
const TIMEOUT: Duration = Duration::from_secs(1);
/// Each catalogue uses about twenty.
const CONNECTIONS: &str = "max_connections=250";

/// A server with its data in the directory of the run.
#[derive(Debug, Clone)]
pub(crate) struct Postgres {
    pub(crate) port: u16,
    programs: PathBuf,
    dir: PathBuf,
}

impl Postgres {
    /// Finds the installed PostgreSQL, without starting it.
    ///
    /// # Errors
    /// If none is installed.
    pub(crate) fn find(run_dir: &RunDir, port: u16) -> Result<Self> {
        let programs = find_programs().with_context(|| {
            format!(
                "replicas of the catalogue require PostgreSQL, which is not installed; install it \
                 with `{}`",
                machine::install_postgres()
            )
        })?;
        Ok(Self { port, programs, dir: run_dir.dir.join("postgres") })
    }

    /// The command that starts the server. Creates the database cluster if necessary.
    ///
    /// # Errors
    /// If the cluster cannot be created, or is not accessible to the server's user.
    pub(crate) fn command(&self) -> Result<Command> {
        if !self.dir.join("data/PG_VERSION").exists() {
            self.create().with_context(|| format!("creating {}", self.dir.display()))?;
        }
        let mut command = Command::new(std::env::current_exe().context("finding this program")?);
        command
            .arg("guard")
            .args(ServerUser::find()?.command_prefix())
            .arg(self.programs.join("postgres"));
        command.args(["-D", "data", "-p", &self.port.to_string()]);
        for setting in ["listen_addresses=127.0.0.1", "unix_socket_directories=", CONNECTIONS] {
            command.args(["-c", setting]);
        }
        // Paths are relative to a directory that the server's user can access.
        command.current_dir(&self.dir);
        Ok(command)
    }

    /// The URL for `DATABASE_URL`; `None` before the cluster is created.
    pub(crate) fn url(&self) -> Option<String> {
        let password = fs::read_to_string(self.password()).ok()?;
        Some(format!("postgres://{USER}:{}@127.0.0.1:{}/postgres", password.trim(), self.port))
    }

    fn password(&self) -> PathBuf {
        self.dir.join("password")
    }

    fn create(&self) -> Result<()> {
        fs::remove_dir_all(&self.dir).ok(); // incomplete, or missing
        DirBuilder::new().mode(0o700).recursive(true).create(&self.dir)?;
        let user = ServerUser::find()?;
        user.write_password(&self.dir, &random_key()?)?;
        if user.is_other() {
            reachable(&self.dir)?;
            user.own(&self.dir)?;
        }
        let mut words = user.command_prefix();
        words.push(self.programs.join("initdb").into());
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).args(["-D", "data"]).args(INITDB_OPTIONS);
        command.arg(format!("--username={USER}"));
        let output = command.current_dir(&self.dir).output().context("starting initdb")?;
        let errors = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "initdb: {}", errors.lines().last().unwrap_or_default());
        Ok(())
    }
}

/// Checks that other users can access the directory.
fn reachable(dir: &Path) -> Result<()> {
    for above in dir.ancestors().skip(1) {
        let open = fs::metadata(above).is_ok_and(|data| data.mode() & 0o001 != 0);
        ensure!(
            open,
            "PostgreSQL cannot run as root, and other users cannot enter {}; run as another user, or \
             use another directory with --data-dir",
            above.display()
        );
    }
    Ok(())
}

/// Checks whether the server accepts clients: it requests a password then.
///
/// # Errors
/// If not, with the reason.
pub(crate) fn probe(port: u16) -> Result<(), String> {
    let handshake = || {
        let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut stream = TcpStream::connect_timeout(&addr, TIMEOUT)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        // The startup message: length, version 3.0, pairs of strings, terminator.
        let body = [&[0, 3, 0, 0], b"user\0".as_slice(), USER.as_bytes(), b"\0\0"].concat();
        let length = u32::try_from(body.len() + 4).map_err(std::io::Error::other)?;
        stream.write_all(&[&length.to_be_bytes()[..], &body].concat())?;
        let mut kind = [0];
        stream.read_exact(&mut kind)?;
        std::io::Result::Ok(kind[0])
    };
    match handshake() {
        Ok(b'R') => Ok(()),
        Ok(_) => Err("starting up".to_owned()),
        Err(_) => Err("not listening yet".to_owned()),
    }
}
