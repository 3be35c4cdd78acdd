//! A private server of a test.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::Write as _,
    ops::Deref,
    os::unix::fs::{OpenOptionsExt as _, chown},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, bail};
use nix::{
    sys::{signal::Signal, statvfs::statvfs},
    unistd::{User, geteuid},
};
use tokio::task::spawn_blocking;
use url::Url;

use super::{Postgres, binaries, guardian::Guardian};
use crate::{Fleet, aloud};

/// A port may be taken between our finding it free and the server's start.
const TRIES: usize = 5;
/// What every server has. No socket but loopback TCP; connections for many pools at once; memory
/// shared through its own folder, since /dev/shm is often too small in containers.
const SETTINGS: &str = "
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 300
dynamic_shared_memory_type = mmap
";
/// Memory as a file system, where a database is copied in 40 ms rather than 200.
const MEMORY: &str = "/dev/shm";
/// Bytes that must be free there: many databases, or one with a million products and its log.
const ROOMY: u64 = 8 << 30;
/// Syncs nothing: a crash of the machine loses all, a crash of the server what it had not written.
const NOT_DURABLE: &str = "
fsync = off
synchronous_commit = off
full_page_writes = off
";

/// How a private server is set up.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Whether an answered commit is on disk, as PostgreSQL does unless told otherwise. Needed
    /// where a test restarts the server with [`Shutdown::Immediate`] and counts what is left.
    pub durable: bool,
    /// More settings, as in `postgresql.conf`: names and values. They win over ours.
    pub settings: Vec<(String, String)>,
}

/// How a server is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shutdown {
    /// Transactions are rolled back, connections closed, all is written.
    Fast,
    /// Everything ends at once; the next start recovers, as after a crash.
    Immediate,
}

/// A private server, and all that can be done to it. Ends when it is dropped, and with the process,
/// however that ends.
#[derive(Debug)]
pub struct PostgresServer {
    postgres: Postgres,
    guardian: Arc<Guardian>,
}

impl PostgresServer {
    /// Starts a server on a free port of the loopback interface, in about 1.5 s. Nothing, said
    /// aloud, where PostgreSQL is not installed.
    ///
    /// # Errors
    /// It does not start.
    ///
    /// # Panics
    /// With `CI=true` and no PostgreSQL.
    pub async fn start(options: Options) -> anyhow::Result<Option<Self>> {
        let Some(programs) = binaries::folder() else {
            let cure = "cargo xtask test, as root on Debian; else install PostgreSQL, set PG_BIN \
                        to the folder of initdb, or TEST_DATABASE_URL to a server";
            let in_ci = std::env::var_os("CI").is_some_and(|ci| ci == "true");
            assert!(!in_ci, "no PostgreSQL. Cure: {cure}");
            aloud(&format!("SKIPPED: there is no PostgreSQL to test on. Cure: {cure}"));
            return Ok(None);
        };
        // Off the async threads, and to its end even if we are not waited for.
        spawn_blocking(move || launch(&programs, &options)).await?.map(Some)
    }

    /// Stops it and starts it again, on the same port with the same data. One that is paused goes
    /// on first.
    ///
    /// # Errors
    /// It does not stop or start.
    pub async fn restart(&self, how: Shutdown) -> anyhow::Result<()> {
        self.with(move |guardian| {
            guardian.signal(Signal::SIGCONT)?;
            guardian.ask(match how {
                Shutdown::Fast => "fast",
                Shutdown::Immediate => "immediate",
            })?;
            guardian.ask("start")
        })
        .await
    }

    /// Freezes all its processes (SIGSTOP): connections stay, nothing answers.
    ///
    /// # Errors
    /// It is not running.
    pub async fn pause(&self) -> anyhow::Result<()> {
        self.with(Guardian::freeze).await
    }

    /// Lets it go on (SIGCONT).
    ///
    /// # Errors
    /// It is not running.
    pub async fn resume(&self) -> anyhow::Result<()> {
        self.with(|guardian| guardian.signal(Signal::SIGCONT)).await
    }

    /// The id of its first process, another one after each restart.
    ///
    /// # Errors
    /// It is not running.
    pub fn id(&self) -> anyhow::Result<i32> {
        self.guardian.postmaster()
    }

    async fn with(
        &self,
        act: impl FnOnce(&Guardian) -> anyhow::Result<()> + Send + 'static,
    ) -> anyhow::Result<()> {
        let guardian = Arc::clone(&self.guardian);
        spawn_blocking(move || act(&guardian)).await?
    }
}

impl Deref for PostgresServer {
    type Target = Postgres;

    fn deref(&self) -> &Postgres {
        &self.postgres
    }
}

fn launch(programs: &Path, options: &Options) -> anyhow::Result<PostgresServer> {
    let folder = tempfile::Builder::new().prefix("postgres-").tempdir_in(place(options))?;
    let mut control = Vec::new();
    // Root may not run a server.
    let user = if geteuid().is_root() { Some(server_user()?) } else { None };
    if let Some(user) = &user {
        let ids = [format!("--reuid={}", user.uid), format!("--regid={}", user.gid)];
        control.extend(["setpriv".to_owned(), "--clear-groups".to_owned()].map(OsString::from));
        control.extend(ids.map(OsString::from));
        chown(folder.path(), Some(user.uid.as_raw()), Some(user.gid.as_raw()))?;
    }
    control.push(programs.join("pg_ctl").into());
    let guardian = Guardian::start(folder.keep(), control)?;

    let mut password = [0; 16];
    getrandom::fill(&mut password).context("asking the system for randomness")?;
    let password: String = password.iter().map(|byte| format!("{byte:02x}")).collect();
    let file = guardian.folder().join("password");
    let mut written = File::options().write(true).create_new(true).mode(0o600).open(&file)?;
    written.write_all(password.as_bytes())?;
    if let Some(user) = &user {
        chown(&file, Some(user.uid.as_raw()), Some(user.gid.as_raw()))?;
    }
    guardian.ask("create")?;
    fs::remove_file(&file)?;

    let port = start(&guardian, options)?;
    let url = Url::parse(&format!("postgres://test:{password}@127.0.0.1:{port}/postgres"))?;
    let postgres = Postgres::new(url, false)?;
    Ok(PostgresServer { postgres, guardian: Arc::new(guardian) })
}

/// Where the folder of a server lies.
fn place(options: &Options) -> PathBuf {
    let free = statvfs(MEMORY).map_or(0, |stat| {
        // The types differ between systems; none is wider than 64 bits.
        #[allow(clippy::unnecessary_cast, reason = "u32 on some systems")]
        let free = stat.blocks_available() as u64 * stat.fragment_size() as u64;
        free
    });
    if free >= ROOMY && !options.durable { MEMORY.into() } else { std::env::temp_dir() }
}

fn start(guardian: &Guardian, options: &Options) -> anyhow::Result<u16> {
    let mut settings = SETTINGS.to_owned();
    if !options.durable {
        settings.push_str(NOT_DURABLE);
    }
    for (name, value) in &options.settings {
        settings.push_str(&format!("{name} = '{}'\n", value.replace('\'', "''")));
    }
    let file = guardian.folder().join("data/postgresql.conf");
    let mut file = File::options().append(true).open(file)?;
    file.write_all(settings.as_bytes())?;
    let mut failure = None;
    for _ in 0..TRIES {
        // Below the range of outgoing connections: while the server is down, one that is trying to
        // reach it could be given its port, and so reach itself.
        let port = Fleet::free_ports(1);
        writeln!(file, "port = {port}")?; // the last one counts
        match guardian.ask("start") {
            Ok(()) => return Ok(port),
            Err(error) if format!("{error}").contains("Address already in use") => {
                failure = Some(error);
            }
            Err(error) => return Err(error),
        }
    }
    Err(failure.context("a first try")?)
}

/// Debian's own user for it, else the one that owns nothing.
fn server_user() -> anyhow::Result<User> {
    for name in ["postgres", "nobody"] {
        if let Some(user) = User::from_name(name)? {
            return Ok(user);
        }
    }
    bail!("there is neither a user postgres nor nobody to run PostgreSQL as; root may not")
}
