//! Commands of the documentation, run as they stand there.

use std::{
    fs::{self, Permissions},
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
    process::{Command, Output},
};

use testkit::{free_ports, program, repository};

/// The commands of the first shell block of a page after a heading.
fn commands(page: &str, heading: &str) -> Vec<String> {
    let text = fs::read_to_string(repository().join(page)).unwrap();
    let (_, section) = text.split_once(heading).expect("the page has the heading");
    let (_, block) = section.split_once("```sh\n").expect("the section has a block of commands");
    let (block, _) = block.split_once("```").expect("the block ends");
    block.lines().map(str::to_owned).collect()
}

/// A checkout with a `cargo xtask up` that takes free ports and the programs that are built.
fn checkout(dir: &Path) -> String {
    let built = program("catctl").parent().unwrap().to_owned();
    fs::create_dir_all(dir.join("target")).unwrap();
    symlink(&built, dir.join("target/debug")).unwrap();
    let base = free_ports(6);
    let cargo = format!(
        "#!/bin/sh\nshift\ncase \"$1\" in up) set -- \"$@\" --no-build --port-base {base};; esac\n\
         exec {} \"$@\" --data-dir {}\n",
        program("xtask").display(),
        dir.join("data").display()
    );
    let file = dir.join("bin/cargo");
    fs::create_dir_all(dir.join("bin")).unwrap();
    fs::write(&file, cargo).unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o755)).unwrap();
    format!("http://127.0.0.1:{base}")
}

/// Runs a script in the checkout, as a newcomer's shell does.
fn shell(dir: &Path, server: &str, script: &str) -> Output {
    let path = std::env::var("PATH").unwrap_or_default();
    Command::new("bash")
        .args(["-c", script])
        .current_dir(dir)
        .env("PATH", format!("{}:{path}", dir.join("bin").display()))
        .env("CATCTL_SERVER", server)
        .env("XDG_CONFIG_HOME", dir.join("config"))
        .env_remove("CATCTL_KEY")
        .output()
        .unwrap()
}

#[test]
fn a_newcomer_makes_a_key_that_may_only_read_in_five_commands() {
    let commands = commands("docs/access.md", "## From a clone to a key that may only read");
    assert_eq!(commands.len(), 5, "{commands:#?}");
    let dir = tempfile::tempdir().unwrap();
    let server = checkout(dir.path());
    // The shell keeps its variables; each command says how it has ended.
    let script: String =
        commands.iter().map(|command| format!("{command}\necho \"== $?\" >&2\n")).collect();
    let ran = shell(dir.path(), &server, &script);
    let down = shell(dir.path(), &server, "cargo xtask down");
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(down.status.success(), "{down:?}");
    let codes: Vec<&str> = err.lines().filter_map(|line| line.strip_prefix("== ")).collect();
    assert_eq!(codes, ["0", "0", "0", "0", "5"], "{out}\n{err}");
    assert!(out.contains("reader"), "{out}");
    assert!(!out.contains("pck_"), "a key is shown once: {out}");
    assert!(err.contains("write:stock"), "{err}");
}
