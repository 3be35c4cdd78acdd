//! Installed programs, free disk space and free ports of this machine.

use std::{
    env, fs,
    net::{Ipv4Addr, TcpListener},
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, ensure};
use devtools::provision;
use nix::sys::statvfs::statvfs;

use crate::cargo;

/// Program names of browsers with a headless mode.
pub(crate) const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
/// Minimum free space to start a build or a database, in bytes.
pub(crate) const MIN_SPACE: u64 = 512 << 20;

/// Finds the first of these programs that is on `PATH`. A name with a slash is used as a path.
pub(crate) fn which(names: &[&str]) -> Option<PathBuf> {
    let dirs: Vec<PathBuf> = env::split_paths(&env::var_os("PATH")?).collect();
    // Joining an absolute path to a directory returns that path.
    names.iter().flat_map(|name| dirs.iter().map(move |dir| dir.join(name))).find(|file| {
        fs::metadata(file)
            .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
    })
}

/// Finds the C compiler, which SQLite and the linker require.
pub(crate) fn c_compiler() -> Option<PathBuf> {
    which(&["cc", "gcc", "clang"])
}

/// Finds the browser for the page test: `CHROMIUM`, or one on `PATH`.
pub(crate) fn browser() -> Option<PathBuf> {
    match env::var("CHROMIUM") {
        Ok(file) if !file.is_empty() => which(&[&file]),
        _ => which(&BROWSERS),
    }
}

/// Finds Consul: `CONSUL_BIN`, the one on `PATH`, or the one unpacked in [`target_dir`].
pub(crate) fn consul() -> Option<PathBuf> {
    match env::var("CONSUL_BIN") {
        Ok(file) if !file.is_empty() => which(&[&file]),
        _ => which(&["consul"]).or_else(|| {
            let unpacked =
                provision::unpack_dir(&target_dir().ok()?, "consul").join("usr/bin/consul");
            unpacked.is_file().then_some(unpacked)
        }),
    }
}

/// The target directory.
///
/// # Errors
/// If the path of this executable is unknown.
pub(crate) fn target_dir() -> Result<PathBuf> {
    let built = cargo::bin_dir(false)?;
    built.parent().map(Path::to_owned).context("the directory of binaries has no parent")
}

/// The command that installs a package, given its name in Debian, Fedora and Homebrew.
pub(crate) fn install(debian: &str, fedora: &str, brew: &str) -> String {
    if which(&["apt-get"]).is_some() {
        let sudo = if is_root() { "" } else { "sudo " };
        format!("{sudo}apt-get install {debian}")
    } else if which(&["dnf"]).is_some() {
        format!("sudo dnf install {fedora}")
    } else {
        format!("brew install {brew}")
    }
}

/// The command that installs PostgreSQL.
pub(crate) fn install_postgres() -> String {
    install("postgresql", "postgresql-server", "postgresql")
}

/// Whether this process runs as root. Known on Linux only.
pub(crate) fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// Free bytes on the file system of a path, which need not exist.
///
/// # Errors
/// If the file system cannot be queried.
pub(crate) fn free_space(path: &Path) -> Result<u64> {
    let existing = path.ancestors().find(|path| path.exists()).unwrap_or(Path::new("/"));
    let reading = || format!("reading the free space of {}", existing.display());
    let stat = statvfs(existing).with_context(reading)?;
    // The types differ between systems; none is wider than 64 bits.
    #[allow(clippy::unnecessary_cast, reason = "u32 on some systems")]
    let free = stat.blocks_available() as u64 * stat.fragment_size() as u64;
    Ok(free)
}

/// Checks that `bytes` are free on the file system of `path`.
///
/// # Errors
/// If not; the message has the path, the amounts and advice, on one line.
pub(crate) fn require_space(path: &Path, bytes: u64) -> Result<()> {
    let free = free_space(path)?;
    ensure!(
        free >= bytes,
        "the disk is full: {} MiB free for {}, {} MiB required; free some space, or use another \
         directory with --data-dir DIR",
        free >> 20,
        path.display(),
        bytes >> 20
    );
    Ok(())
}

/// Whether this port of the loopback interface is free.
pub(crate) fn is_free(port: u16) -> bool {
    // The standard library sets SO_REUSEADDR, but not SO_REUSEPORT, so any listener makes this fail.
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// The process that listens on the port, as `name (pid 42)`. Linux only.
pub(crate) fn holder(port: u16) -> Option<String> {
    let inode = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|table| fs::read_to_string(table).ok())
        .find_map(|table| listener_inode(&table, port))?;
    let socket = PathBuf::from(format!("socket:[{inode}]"));
    for process in fs::read_dir("/proc").ok()?.flatten() {
        let Some(pid) = process.file_name().to_str().and_then(|name| name.parse::<u32>().ok())
        else {
            continue;
        };
        // Unreadable for processes of other users.
        let Ok(files) = fs::read_dir(process.path().join("fd")) else { continue };
        if files.flatten().any(|file| fs::read_link(file.path()).is_ok_and(|to| to == socket)) {
            let name = fs::read_to_string(process.path().join("comm")).ok()?;
            return Some(format!("{} (pid {pid})", name.trim()));
        }
    }
    None
}

/// The inode of the listening socket in a table in the format of `/proc/net/tcp`.
fn listener_inode(table: &str, port: u16) -> Option<String> {
    const LISTEN: &str = "0A";
    table.lines().skip(1).find_map(|row| {
        let mut columns = row.split_whitespace().skip(1);
        let local = columns.next()?.rsplit_once(':')?.1;
        let state = columns.nth(1)?;
        let matches = state == LISTEN && u16::from_str_radix(local, 16) == Ok(port);
        matches.then(|| columns.nth(5)).flatten().map(str::to_owned)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listener_is_found_in_the_table() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 11111 1
   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 22222 1";
        assert_eq!(listener_inode(table, 8080).as_deref(), Some("22222"));
        assert_eq!(listener_inode(table, 8081), None);
    }

    #[test]
    fn a_port_in_use_is_not_free_and_its_holder_is_named() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(!is_free(port));
        if Path::new("/proc/net/tcp").exists() {
            let holder = holder(port).unwrap();
            assert!(holder.contains(&std::process::id().to_string()), "{holder}");
        }
    }

    #[test]
    fn a_full_disk_is_one_clear_line() {
        let error = require_space(Path::new("/nowhere/yet/data"), u64::MAX).unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with("the disk is full") && text.contains("--data-dir"), "{text}");
        assert_eq!(text.lines().count(), 1);
    }

    #[test]
    fn programs_are_found_on_the_path() {
        assert!(which(&["no-such-program-anywhere", "sh"]).is_some());
        assert!(which(&["no-such-program-anywhere"]).is_none());
    }
}
