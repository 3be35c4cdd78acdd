//! A private PostgreSQL server.

use std::{
    fs::{self, File},
    io::Write as _,
    ops::Deref,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context as _;
use devtools::postgres::{ServerUser, find_programs};
use nix::sys::{signal::Signal, statvfs::statvfs};
use tokio::task::spawn_blocking;
use url::Url;

use super::{Postgres, guardian::Guardian};
use crate::{ports::free_ports, skip::skip};

/// Maximum number of starts: a free port may be taken before the server binds it.
const MAX_STARTS: usize = 5;
/// Settings of every server: only loopback TCP, connections for many pools, and shared memory in files,
/// because /dev/shm is often too small in containers.
const SETTINGS: &str = "
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 300
dynamic_shared_memory_type = mmap
";
/// A file system in memory, on which copying a database takes 40 ms instead of 200.
const MEMORY: &str = "/dev/shm";
/// Free bytes required there: for many databases, or one with a million products and its WAL.
const MIN_MEMORY: u64 = 8 << 30;
/// Disables syncing: a crash of the server loses unwritten commits, one of the machine everything.
const NOT_DURABLE: &str = "
fsync = off
synchronous_commit = off
full_page_writes = off
";

/// Options of a private server.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Whether acknowledged commits are on disk, as by default in PostgreSQL. For tests that count rows
    /// after a restart with [`Shutdown::Immediate`].
    pub durable: bool,
    /// Additional settings of `postgresql.conf`: names and values. They override the test kit's.
    pub settings: Vec<(String, String)>,
}

/// A mode of stopping a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shutdown {
    /// Rolls back transactions, closes connections, and writes everything.
    Fast,
    /// Ends all processes immediately; the next start recovers, as after a crash.
    Immediate,
}

/// A private server, which can be restarted and frozen. Ends when it is dropped, and with the process, even
/// if that is killed.
#[derive(Debug)]
pub struct PostgresServer {
    postgres: Postgres,
    guardian: Arc<Guardian>,
}

impl PostgresServer {
    /// Starts a server on a free port of the loopback interface, in about 1.5 s. `None`, reported on
    /// standard error, if PostgreSQL is not installed.
    ///
    /// # Errors
    /// It does not start.
    ///
    /// # Panics
    /// With `CI=true` if PostgreSQL is not installed.
    pub async fn start(options: Options) -> anyhow::Result<Option<Self>> {
        let Some(programs) = find_programs() else {
            let fix = "cargo xtask test, as root on Debian; otherwise install PostgreSQL, set PG_BIN to \
                       the directory of initdb, or TEST_DATABASE_URL to a server";
            skip("PostgreSQL", "", fix);
            return Ok(None);
        };
        // Blocking, and completed even if the caller is cancelled.
        spawn_blocking(move || launch(&programs, &options)).await?.map(Some)
    }

    /// Restarts it on the same port and data. Resumes a paused server first.
    ///
    /// # Errors
    /// It does not stop or start.
    pub async fn restart(&self, how: Shutdown) -> anyhow::Result<()> {
        self.with(move |guardian| {
            guardian.signal(Signal::SIGCONT)?;
            guardian.run(match how {
                Shutdown::Fast => "fast",
                Shutdown::Immediate => "immediate",
            })?;
            guardian.run("start")
        })
        .await
    }

    /// Freezes all its processes (SIGSTOP): connections stay open, and nothing responds.
    ///
    /// # Errors
    /// It is not running.
    pub async fn pause(&self) -> anyhow::Result<()> {
        self.with(Guardian::freeze).await
    }

    /// Resumes it (SIGCONT).
    ///
    /// # Errors
    /// It is not running.
    pub async fn resume(&self) -> anyhow::Result<()> {
        self.with(|guardian| guardian.signal(Signal::SIGCONT)).await
    }

    /// The process id of the postmaster, which changes with each restart.
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
    let dir = tempfile::Builder::new().prefix("postgres-").tempdir_in(parent_dir(options))?;
    let user = ServerUser::find()?;
    user.own(dir.path())?;
    let mut control = user.command_prefix();
    control.push(programs.join("pg_ctl").into());
    let guardian = Guardian::start(dir.keep(), control)?;

    let mut password = [0; 16];
    getrandom::fill(&mut password).context("generating a password")?;
    let password: String = password.iter().map(|byte| format!("{byte:02x}")).collect();
    let file = user.write_password(guardian.dir(), &password)?;
    guardian.run("create")?;
    fs::remove_file(&file)?;

    let port = start(&guardian, options)?;
    let url = Url::parse(&format!("postgres://test:{password}@127.0.0.1:{port}/postgres"))?;
    let postgres = Postgres::new(url, false)?;
    Ok(PostgresServer { postgres, guardian: Arc::new(guardian) })
}

/// The parent of the server's directory.
fn parent_dir(options: &Options) -> PathBuf {
    let free = statvfs(MEMORY).map_or(0, |stat| {
        // The types differ between systems; none is wider than 64 bits.
        #[allow(clippy::unnecessary_cast, reason = "u32 on some systems")]
        let free = stat.blocks_available() as u64 * stat.fragment_size() as u64;
        free
    });
    if free >= MIN_MEMORY && !options.durable { MEMORY.into() } else { std::env::temp_dir() }
}

fn start(guardian: &Guardian, options: &Options) -> anyhow::Result<u16> {
    let mut settings = SETTINGS.to_owned();
    if !options.durable {
        settings.push_str(NOT_DURABLE);
    }
    for (name, value) in &options.settings {
        settings.push_str(&format!("{name} = '{}'\n", value.replace('\'', "''")));
    }
    let file = guardian.dir().join("data/postgresql.conf");
    let mut file = File::options().append(true).open(file)?;
    file.write_all(settings.as_bytes())?;
    let mut failure = None;
    for _ in 0..MAX_STARTS {
        let port = free_ports(1);
        writeln!(file, "port = {port}")?; // the last one takes effect
        match guardian.run("start") {
            Ok(()) => return Ok(port),
            Err(error) if format!("{error}").contains("Address already in use") => {
                failure = Some(error);
            }
            Err(error) => return Err(error),
        }
    }
    Err(failure.context("no start was tried")?)
}
