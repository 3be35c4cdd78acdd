//! From nothing to the first product: each client is installed by the commands of its README, in a fresh copy of its
//! folder, and the example that these run shows a product within minutes.
//!
//! Python needs `python3`, TypeScript `node` and `npm`; both install from their registries. The Rust client is compiled
//! as the workspace is: a fresh copy would compile every dependency again.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use tempfile::TempDir;
use testkit::{Fleet, program, repository, skip};
use tokio::{process::Command, time::timeout};

use crate::{
    clients::{ADDRESS, assert_example, has, run, search_is_current, succeed},
    data::with_demo,
};

/// The longest time from the first command to the product.
const LIMIT: Duration = Duration::from_secs(300);
/// Folders of a client that are not part of it, but were made by building it.
const BUILT: [&str; 5] = ["build", "dist", "node_modules", "__pycache__", "target"];

/// Whether a package can be installed at all: what fails then is the client's fault.
async fn is_reachable(registry: &str, command: &mut Command) -> bool {
    let (code, text) = run(command).await;
    if code != 0 {
        skip(registry, &format!(": {text}"), &format!("give this machine access to {registry}"));
    }
    code == 0
}

fn view_of_npm() -> Command {
    let mut command = Command::new("npm");
    command.args(["view", "--fetch-retries=1", "typescript", "version"]);
    command
}

/// The first block of shell commands in a README.
fn commands(readme: &str, url: &str) -> String {
    let blocks = readme.split("```").skip(1).step_by(2);
    let mut shell = blocks.filter_map(|block| block.strip_prefix("sh\n"));
    let commands = shell.next().expect("the README has a block of commands");
    assert!(commands.contains(ADDRESS), "{commands}");
    commands.replace(ADDRESS, url)
}

/// A directory that has a client where the repository has it.
fn fresh(client: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let folder = format!("clients/{client}");
    copy(&repository().join(&folder), &dir.path().join(folder));
    dir
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (name, path) = (entry.file_name(), entry.path());
        let is_built = BUILT.iter().any(|built| name == *built)
            || path.extension().is_some_and(|extension| extension == "egg-info");
        match path.is_dir() {
            _ if is_built => {}
            true => copy(&path, &to.join(name)),
            false => {
                fs::copy(&path, to.join(name)).unwrap();
            }
        }
    }
}

/// Runs commands in `folder`, and shows the product that the last one prints and the time that they took.
async fn first_product(client: &str, folder: &Path, commands: &str, path: &str) {
    let mut shell = Command::new("bash");
    shell.args(["-euc", commands]).current_dir(folder).env("PATH", path).kill_on_drop(true);
    let began = Instant::now();
    let output = timeout(LIMIT, shell.output()).await.expect("it ends in time").unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{commands}: {errors}");
    let text = String::from_utf8_lossy(&output.stdout);
    let lines: Vec<_> = text.lines().collect();
    // Installers say what they do before.
    let example = lines[lines.len().saturating_sub(4)..].join("\n");
    assert_example(&example);
    let product = example.lines().next().unwrap_or_default();
    eprintln!("{client}: {product:?} after {:.1} s", began.elapsed().as_secs_f64());
}

fn readme(client: &str) -> String {
    fs::read_to_string(repository().join(format!("clients/{client}/README.md"))).unwrap()
}

fn search_path() -> String {
    std::env::var("PATH").unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn python_is_installed_and_shows_a_product() {
    if !has("python3") {
        return;
    }
    let dir = fresh("python");
    let venv = dir.path().join("venv");
    let made = run(Command::new("python3").args(["-m", "venv"]).arg(&venv)).await;
    assert_eq!(made.0, 0, "{}", made.1);
    let mut probe = Command::new(venv.join("bin/pip"));
    probe.args(["download", "-q", "--no-deps", "--timeout=20", "--retries=1", "setuptools"]);
    if !is_reachable("PyPI", probe.current_dir(dir.path())).await {
        return;
    }
    let fleet = Fleet::start().await;
    with_demo(&fleet).await;
    let path = format!("{}:{}", venv.join("bin").display(), search_path());
    let commands = commands(&readme("python"), &fleet.url(""));
    first_product("python", dir.path(), &commands, &path).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn typescript_is_installed_and_shows_a_product() {
    if !has("node") || !has("npm") {
        return;
    }
    if !is_reachable("npm", &mut view_of_npm()).await {
        return;
    }
    let dir = fresh("typescript");
    let fleet = Fleet::start().await;
    with_demo(&fleet).await;
    let commands = commands(&readme("typescript"), &fleet.url(""));
    first_product("typescript", dir.path(), &commands, &search_path()).await;
}

/// The guide installs the TypeScript client into a project of one's own, which its code imports by name.
#[tokio::test(flavor = "multi_thread")]
async fn typescript_of_the_guide_is_installed_into_a_project() {
    if !has("node") || !has("npm") || !is_reachable("npm", &mut view_of_npm()).await {
        return;
    }
    let dir = fresh("typescript");
    let fleet = Fleet::start().await;
    with_demo(&fleet).await;
    let guide = fs::read_to_string(repository().join("services/gateway/guide.md")).unwrap();
    let install = guide.split('`').find(|code| code.starts_with("npm ci"));
    let code = guide.split("```").find_map(|block| block.strip_prefix("js\n"));
    let code = code.expect("the guide has code").replace(ADDRESS, &fleet.url(""));
    fs::write(dir.path().join("guide.mjs"), code).unwrap();
    let commands = format!("{}\nnode guide.mjs", install.expect("the guide has a command"));
    let text = succeed(Command::new("bash").args(["-euc", &commands]).current_dir(&dir)).await;
    assert!(text.lines().any(|line| line == "PRODUCT_NOT_FOUND"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rust_shows_a_product() {
    // Builds what is not current, as every test does.
    program("examples/quick_start");
    let fleet = Fleet::start().await;
    with_demo(&fleet).await;
    search_is_current(&fleet).await;
    let readme = readme("rust");
    let command = readme.split('`').find(|code| code.starts_with("cargo run"));
    let command = command.expect("the README has a command").replace(ADDRESS, &fleet.url(""));
    first_product("rust", repository(), &command, &search_path()).await;
}
