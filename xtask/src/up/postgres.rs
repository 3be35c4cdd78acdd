//! The PostgreSQL that replicas of the catalogue share: an embedded database has room for one.

use std::{
    fs::{self, DirBuilder, File},
    io::{Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, chown},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};
use nix::unistd::User;

use super::{args::random_key, home::Home};
use crate::machine;

const USER: &str = "catalogue";
/// Nobody who is well needs longer on loopback.
const ANSWER_WITHIN: Duration = Duration::from_secs(1);
/// Each catalogue has some twenty.
const CONNECTIONS: &str = "max_connections=250";

/// A server of a run's own, with its data in the run's folder.
#[derive(Debug, Clone)]
pub(crate) struct Postgres {
    pub(crate) port: u16,
    programs: PathBuf,
    dir: PathBuf,
}

impl Postgres {
    /// Finds what it needs; starts nothing.
    ///
    /// # Errors
    /// There is no PostgreSQL on this machine.
    pub(crate) fn find(home: &Home, port: u16) -> Result<Self> {
        let programs = machine::postgres().with_context(|| {
            format!(
                "replicas of the catalogue share a PostgreSQL, and there is none on this machine; \
                 install it with `{}`",
                machine::install_postgres()
            )
        })?;
        Ok(Self { port, programs, dir: home.dir.join("postgres") })
    }

    /// The command that runs it, ending with us. Its folder is made if it is not there.
    ///
    /// # Errors
    /// The folder cannot be made, or used by who runs the server.
    pub(crate) fn command(&self) -> Result<Command> {
        if !self.dir.join("data/PG_VERSION").exists() {
            self.create().with_context(|| format!("creating {}", self.dir.display()))?;
        }
        let mut command = Command::new(std::env::current_exe().context("finding this program")?);
        command.arg("guard").args(self.as_user()?).arg(self.programs.join("postgres"));
        command.args(["-D", "data", "-p", &self.port.to_string()]);
        for setting in ["listen_addresses=127.0.0.1", "unix_socket_directories=", CONNECTIONS] {
            command.args(["-c", setting]);
        }
        // Paths are relative to here, where its user may be.
        command.current_dir(&self.dir);
        Ok(command)
    }

    /// As `DATABASE_URL` takes it; nothing before the server has been started once.
    pub(crate) fn url(&self) -> Option<String> {
        let password = fs::read_to_string(self.password()).ok()?;
        Some(format!("postgres://{USER}:{}@127.0.0.1:{}/postgres", password.trim(), self.port))
    }

    fn password(&self) -> PathBuf {
        self.dir.join("password")
    }

    fn create(&self) -> Result<()> {
        fs::remove_dir_all(&self.dir).ok(); // half of one, or none
        DirBuilder::new().mode(0o700).recursive(true).create(&self.dir)?;
        let mut options = File::options();
        let mut file = options.write(true).create_new(true).mode(0o600).open(self.password())?;
        file.write_all(random_key()?.as_bytes())?;
        if let Some(user) = server_user()? {
            reachable(&self.dir)?;
            for path in [self.dir.clone(), self.password()] {
                chown(path, Some(user.uid.as_raw()), Some(user.gid.as_raw()))?;
            }
        }
        let mut words = self.as_user()?;
        words.push(self.programs.join("initdb").display().to_string());
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).args(["-D", "data", "--pwfile=password", "--auth=password"]);
        command.args([&format!("--username={USER}"), "--encoding=UTF8", "--locale=C.UTF-8"]);
        let output = command.current_dir(&self.dir).output().context("starting initdb")?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "initdb: {}", said.lines().last().unwrap_or_default());
        Ok(())
    }

    /// What a command begins with to be run by who may run a server; root may not.
    fn as_user(&self) -> Result<Vec<String>> {
        let Some(user) = server_user()? else { return Ok(Vec::new()) };
        let ids = [format!("--reuid={}", user.uid), format!("--regid={}", user.gid)];
        Ok(["setpriv".to_owned(), "--clear-groups".to_owned()].into_iter().chain(ids).collect())
    }
}

/// Who runs the server in our place, if we are root.
fn server_user() -> Result<Option<User>> {
    if !machine::is_root() {
        return Ok(None);
    }
    for name in ["postgres", "nobody"] {
        if let Some(user) = User::from_name(name)? {
            return Ok(Some(user));
        }
    }
    bail!("there is neither a user postgres nor nobody to run PostgreSQL as; root may not")
}

/// Fails when other users cannot get to the folder.
fn reachable(dir: &Path) -> Result<()> {
    for above in dir.ancestors().skip(1) {
        let open = fs::metadata(above).is_ok_and(|data| data.mode() & 0o001 != 0);
        ensure!(
            open,
            "root may not run PostgreSQL, and other users cannot enter {}; run as another user, or \
             keep the data elsewhere with --data-dir",
            above.display()
        );
    }
    Ok(())
}

/// Asks whether a client would be let in: the server then wants a password.
///
/// # Errors
/// Not yet; the text says why.
pub(crate) fn probe(port: u16) -> Result<(), String> {
    let asked = || {
        let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut stream = TcpStream::connect_timeout(&addr, ANSWER_WITHIN)?;
        stream.set_read_timeout(Some(ANSWER_WITHIN))?;
        // A start-up message: its length, version 3.0, pairs of texts, an end.
        let body = [&[0, 3, 0, 0], b"user\0".as_slice(), USER.as_bytes(), b"\0\0"].concat();
        let length = u32::try_from(body.len() + 4).map_err(std::io::Error::other)?;
        stream.write_all(&[&length.to_be_bytes()[..], &body].concat())?;
        let mut kind = [0];
        stream.read_exact(&mut kind)?;
        std::io::Result::Ok(kind[0])
    };
    match asked() {
        Ok(b'R') => Ok(()),
        Ok(_) => Err("starting up".to_owned()),
        Err(_) => Err("not listening yet".to_owned()),
    }
}
