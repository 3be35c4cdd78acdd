//! PostgreSQL's programs and the user that runs them. The tests and `cargo xtask up` start servers in
//! different ways, but find, own and initialize them alike.

use std::{
    env,
    ffi::OsString,
    fs::{self, File},
    io::Write as _,
    os::unix::fs::{OpenOptionsExt as _, chown},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use nix::unistd::{User, geteuid};

/// Programs that a private server requires.
const PROGRAMS: [&str; 3] = ["initdb", "pg_ctl", "postgres"];
/// Debian's directory of PostgreSQL, with one directory per major version.
const DEBIAN: &str = "/usr/lib/postgresql";
/// Name of the file with the password of the superuser, relative to the server's directory.
const PASSWORD_FILE: &str = "password";
/// Options of `initdb`, run in the server's directory. A plain password on loopback makes a connection
/// six times faster than SCRAM does in a debug build (7 ms, not 40), and still keeps other users out.
pub const INITDB_OPTIONS: [&str; 4] =
    ["--pwfile=password", "--auth=password", "--encoding=UTF8", "--locale=C.UTF-8"];

/// Finds the directory of PostgreSQL's programs: `PG_BIN`, the newest version of Debian, or one on
/// `PATH`.
#[must_use]
pub fn find_programs() -> Option<PathBuf> {
    let candidates = match env::var_os("PG_BIN").filter(|dir| !dir.is_empty()) {
        Some(dir) => vec![dir.into()],
        None => [debian_versions(), path_dirs()].concat(),
    };
    candidates.into_iter().find(|dir| PROGRAMS.iter().all(|program| dir.join(program).is_file()))
}

/// Directories of Debian's versions, newest first.
fn debian_versions() -> Vec<PathBuf> {
    let versions = fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort();
    versions.into_iter().rev().map(|(_, dir)| dir).collect()
}

fn path_dirs() -> Vec<PathBuf> {
    env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default()
}

/// The user that a server runs as: another one if this process is root, which PostgreSQL refuses.
#[derive(Debug, Clone)]
pub struct ServerUser(Option<User>);

impl ServerUser {
    /// Finds Debian's `postgres`, or `nobody`, if this process is root.
    ///
    /// # Errors
    /// If this process is root and neither user exists.
    pub fn find() -> Result<Self> {
        if !geteuid().is_root() {
            return Ok(Self(None));
        }
        for name in ["postgres", "nobody"] {
            if let Some(user) = User::from_name(name)? {
                return Ok(Self(Some(user)));
            }
        }
        bail!("PostgreSQL cannot run as root, and there is no user postgres or nobody")
    }

    /// Whether the server runs as another user than this process.
    #[must_use]
    pub fn is_other(&self) -> bool {
        self.0.is_some()
    }

    /// Words to put before a command line, so that it runs as this user.
    #[must_use]
    pub fn command_prefix(&self) -> Vec<OsString> {
        let Some(user) = &self.0 else { return Vec::new() };
        let ids = [format!("--reuid={}", user.uid), format!("--regid={}", user.gid)];
        let setpriv = ["setpriv".to_owned(), "--clear-groups".to_owned()];
        setpriv.into_iter().chain(ids).map(OsString::from).collect()
    }

    /// Makes this user the owner of a file or directory.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn own(&self, path: &Path) -> Result<()> {
        let Some(user) = &self.0 else { return Ok(()) };
        chown(path, Some(user.uid.as_raw()), Some(user.gid.as_raw()))
            .with_context(|| format!("changing the owner of {}", path.display()))
    }

    /// Writes the password of the superuser into the server's directory, for [`INITDB_OPTIONS`].
    /// Returns the file, which only this user can read.
    ///
    /// # Errors
    /// If the file exists or cannot be written.
    pub fn write_password(&self, dir: &Path, password: &str) -> Result<PathBuf> {
        let path = dir.join(PASSWORD_FILE);
        let mut options = File::options();
        let mut file = options.write(true).create_new(true).mode(0o600).open(&path)?;
        file.write_all(password.as_bytes())?;
        self.own(&path)?;
        Ok(path)
    }
}
