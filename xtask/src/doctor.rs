//! `cargo xtask doctor`: checks the prerequisites on this machine, and prints how to install them.

use std::process::Command;

use anyhow::{Result, ensure};

use crate::{
    cargo, machine, term,
    up::{DataDir, Ports},
};

/// Minimum version of Rust.
const RUST: (u32, u32) = (1, 95);
/// Free space recommended for a build and some data, in bytes.
const RECOMMENDED_SPACE: u64 = 5 << 30;

/// Check the prerequisites for building, running and testing, and print how to fix them
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    data_dir: DataDir,
}

struct Finding {
    name: String,
    required: bool,
    /// Description, or the problem and the command that fixes it.
    found: Result<String, (String, String)>,
}

/// Runs `cargo xtask doctor`.
///
/// # Errors
/// If a required item is missing.
pub(crate) fn run(args: &Args) -> Result<()> {
    let run_dir = args.data_dir.run_dir()?;
    let mut findings = vec![
        tool("rustc", "rustc"),
        tool("cargo", "cargo"),
        program(
            "C compiler",
            true,
            machine::c_compiler().map(|file| file.display().to_string()),
            || machine::install("build-essential", "gcc", "gcc"),
        ),
        program("make", true, version("make"), || machine::install("make", "make", "make")),
        program("perl (builds OpenSSL)", true, perl(), || machine::install("perl", "perl", "perl")),
        program("git", true, version("git"), || machine::install("git", "git", "git")),
        space("disk (build)", &cargo::bin_dir(false)?),
        space("disk (data)", &run_dir.dir),
        program(
            "browser",
            false,
            machine::browser().map(|file| file.display().to_string()),
            || {
                format!(
                    "{}   (the page test uses it)",
                    machine::install("chromium", "chromium", "chromium")
                )
            },
        ),
        program(
            "PostgreSQL",
            false,
            devtools::postgres::find_programs().map(|dir| dir.display().to_string()),
            || format!("{}   (tests of the store use it)", machine::install_postgres()),
        ),
        program("Consul", false, machine::consul().map(|file| file.display().to_string()), || {
            "`cargo xtask test` unpacks Debian's package; install it elsewhere   (tests of \
             discovery and up --consul use it)"
                .to_owned()
        }),
    ];
    findings.extend(ports(run_dir.runner().is_some()));
    for finding in &findings {
        let Finding { name, required, found } = finding;
        match found {
            Ok(what) => term::line(&format!("{} {name:<26} {what}", term::good("ok     "))),
            Err((what, fix)) => {
                let word = if *required { term::bad("missing") } else { term::warn("warning") };
                term::line(&format!("{word} {name:<26} {what}"));
                term::line(&format!("        {:<26} fix: {fix}", ""));
            }
        }
    }
    let missing = findings.iter().filter(|finding| finding.required && finding.found.is_err());
    let missing: Vec<_> = missing.map(|finding| finding.name.as_str()).collect();
    ensure!(missing.is_empty(), "required and missing: {}", missing.join(", "));
    term::line("All requirements are installed. Next: cargo xtask up");
    Ok(())
}

fn tool(name: &str, program: &str) -> Finding {
    let (major, minor) = RUST;
    let found = match version(program) {
        Some(text) if parse(&text).is_some_and(|version| version >= RUST) => Ok(text),
        Some(text) => {
            Err((format!("{text} is older than {major}.{minor}"), "rustup update".to_owned()))
        }
        None => Err((
            format!("not on PATH; {major}.{minor} or newer is required"),
            "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh".to_owned(),
        )),
    };
    Finding { name: format!("{name} >= {major}.{minor}"), required: true, found }
}

fn program(
    name: &str,
    required: bool,
    found: Option<String>,
    fix: impl FnOnce() -> String,
) -> Finding {
    let found = found.ok_or_else(|| ("not on PATH".to_owned(), fix()));
    Finding { name: name.to_owned(), required, found }
}

fn space(name: &str, path: &std::path::Path) -> Finding {
    let free = machine::free_space(path);
    let found = match free {
        Ok(free) if free >= RECOMMENDED_SPACE => Ok(format!("{} GiB free", free >> 30)),
        Ok(free) => Err((
            format!("only {} MiB free for {}", free >> 20, path.display()),
            "cargo clean, or --data-dir on another disk".to_owned(),
        )),
        Err(error) => Err((format!("{error:#}"), "see `df -h`".to_owned())),
    };
    // Less than recommended is a warning, less than the minimum an error.
    let required = machine::free_space(path).is_ok_and(|free| free < machine::MIN_SPACE);
    Finding { name: name.to_owned(), required, found }
}

fn ports(running_here: bool) -> Vec<Finding> {
    let all = Ports::default().all();
    let taken: Vec<_> = all.into_iter().filter(|(_, port)| !machine::is_free(*port)).collect();
    let finding = |name: String, found| Finding { name, required: false, found };
    if running_here && !taken.is_empty() {
        return vec![finding("ports".into(), Ok("in use by the running system".into()))];
    }
    if taken.is_empty() {
        let numbers: Vec<_> = all.iter().map(|(_, port)| port.to_string()).collect();
        return vec![finding("ports".into(), Ok(format!("{} are free", numbers.join(", "))))];
    }
    let describe = |(service, port): (&str, u16)| {
        let holder = machine::holder(port).map(|who| format!(" by {who}")).unwrap_or_default();
        let what = format!("taken{holder}, required for {service}");
        finding(format!("port {port}"), Err((what, "cargo xtask up --port-base 18080".to_owned())))
    };
    taken.into_iter().map(describe).collect()
}

fn perl() -> Option<String> {
    machine::which(&["perl"]).map(|file| file.display().to_string())
}

fn version(program: &str) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).lines().next()?.to_owned();
    output.status.success().then_some(text)
}

/// Parses major and minor version of `rustc 1.95.0 (…)`.
fn parse(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.split_whitespace().nth(1)?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(parse("rustc 1.95.0 (59807616e 2026-04-14)"), Some((1, 95)));
        assert_eq!(parse("cargo 1.100.0-nightly"), Some((1, 100)));
        assert!(parse("rustc 1.100.0").unwrap() > RUST);
        assert_eq!(parse("nonsense"), None);
    }
}
