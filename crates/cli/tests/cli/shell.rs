//! Completions and manual pages.

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use super::text;

/// Runs `catctl` without a server.
fn catctl(arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_catctl")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    output.stdout
}

/// Runs a script by a shell; `None` if the shell is not installed.
fn shell(name: &str, arguments: &[&str], script: &[u8]) -> Option<String> {
    let mut command = Command::new(name);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            eprintln!("skipped: {name}: {error}");
            return None;
        }
    };
    child.stdin.take().unwrap().write_all(script).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{name}: {output:?}");
    Some(text(&output.stdout))
}

#[test]
fn bash_completes_commands_and_flags() {
    let mut script = catctl(&["completions", "bash"]);
    script.extend_from_slice(
        b"\nCOMP_WORDS=(catctl aud); COMP_CWORD=1; _catctl catctl aud catctl; echo ${COMPREPLY[@]}\n\
          COMP_WORDS=(catctl stock --exp); COMP_CWORD=2; _catctl catctl --exp stock; echo ${COMPREPLY[@]}\n",
    );
    if let Some(completed) = shell("bash", &[], &script) {
        assert_eq!(completed, "audit\n--expected\n");
    }
}

#[test]
fn zsh_completes_commands_and_flags() {
    let script = catctl(&["completions", "zsh"]);
    let written = text(&script);
    assert!(written.starts_with("#compdef catctl") && written.contains("--expected"));
    assert!(written.contains("audit:Show who wrote what"));
    shell("zsh", &["-n"], &script);
}

#[test]
fn fish_completes_commands_and_flags() {
    let script = catctl(&["completions", "fish"]);
    let written = text(&script);
    assert!(written.contains("-a \"audit\"") && written.contains("-l expected"), "{written}");
    shell("fish", &["--no-execute"], &script);
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("man1");
    catctl(&["man", folder.to_str().unwrap()]);
    let page = |name: &str| fs::read_to_string(Path::join(&folder, format!("{name}.1"))).unwrap();
    assert!(page("catctl").contains("Exit codes"), "{}", page("catctl"));
    for (name, flag) in [("catctl-import", "rejects"), ("catctl-audit-erase", "address")] {
        let page = page(name);
        assert!(page.contains(".TH") && page.contains(flag), "{page}");
    }
}
