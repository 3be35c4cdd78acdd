//! The clients: generated code, examples, and the code of the guide, against the running system. Python needs
//! `python3`, TypeScript `node` and `npm`, which installs the compiler once; Go runs where `go` is.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use testkit::{Fleet, get_page, program, repository, skip, until};
use tokio::{process::Command, time::timeout};

use crate::data::with_demo;

/// The longest time of a program.
const LIMIT: Duration = Duration::from_secs(120);
/// The address in the guide.
pub(crate) const ADDRESS: &str = "http://127.0.0.1:8080";
/// A file is stale.
const STALE: i32 = 1;
/// The script could not install its dependencies.
const CANNOT_INSTALL: i32 = 77;

fn is_on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|dir| dir.join(program).is_file())
}

/// Whether a program is on `PATH`; reports on standard error if it is not.
pub(crate) fn has(program: &str) -> bool {
    let found = is_on_path(program);
    if !found {
        skip(program, "", &format!("install {program}"));
    }
    found
}

/// The exit code and the output of a program.
pub(crate) async fn run(command: &mut Command) -> (i32, String) {
    let output = command.stdin(Stdio::null()).kill_on_drop(true).output();
    let output = timeout(LIMIT, output).await.expect("it ends in time").expect("it can be started");
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&text).into_owned())
}

/// Runs a program of the examples, which must succeed.
pub(crate) async fn succeed(command: &mut Command) -> String {
    let (code, text) = run(command).await;
    assert_eq!(code, 0, "{command:?}: {text}");
    text
}

fn python() -> Command {
    let mut command = Command::new("python3");
    command.env("PYTHONPATH", repository().join("clients/python/src"));
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

/// Installs the packages of a folder unless `file` is there; reports on standard error if that is not possible.
pub(crate) async fn install(folder: &Path, file: &str) -> bool {
    if folder.join(file).exists() {
        return true;
    }
    let arguments = ["ci", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1"];
    let (code, text) = run(Command::new("npm").args(arguments).current_dir(folder)).await;
    if code != 0 {
        let cure = format!("cd {} && npm ci", folder.display());
        skip("a package of npm", &format!(": npm ci: {text}"), &cure);
    }
    code == 0
}

/// Builds the TypeScript client, after installing its compiler; `None` if that is not possible.
pub(crate) async fn typescript() -> Option<PathBuf> {
    if !has("node") || !has("npm") {
        return None;
    }
    let folder = repository().join("clients/typescript");
    if !install(&folder, "node_modules/.bin/tsc").await {
        return None;
    }
    succeed(Command::new("node_modules/.bin/tsc").current_dir(&folder)).await;
    Some(folder)
}

/// Checks the output of an example: a product, its stock before and after a sale, and an error.
pub(crate) fn assert_example(text: &str) {
    let lines: Vec<_> = text.lines().collect();
    let [product, before, after, error] = lines[..] else { panic!("{text}") };
    let stock = |line: &str| {
        let (kind, quantity) = line.rsplit_once(' ').unwrap();
        assert_eq!(kind, "availability", "{text}");
        quantity.parse::<i32>().unwrap()
    };
    assert!(product.ends_with(&format!(" {}", stock(before))), "{text}");
    assert_eq!(stock(after), stock(before) - 1, "{text}");
    assert!(error.starts_with("PRODUCT_NOT_FOUND "), "{text}");
}

/// Waits until search has the sales of the examples before: an example compares its first level with a product that it
/// has found.
pub(crate) async fn search_is_current(fleet: &Fleet) {
    until("search has the stock of the catalogue", async || {
        let found = get_page(&fleet.url("/v1/search?q=mug&pageSize=1")).await.ok()?.json();
        let found = &found["results"][0]["product"];
        let url = format!("/v1/products/{}", found["id"].as_str()?);
        let product = get_page(&fleet.url(&url)).await.ok()?.json();
        (product["stockQty"] == found["stockQty"]).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn examples_of_the_clients_and_the_guide_run() {
    let typescript = typescript().await;
    let has_python = has("python3");
    let fleet = Fleet::start().await;
    with_demo(&fleet).await;

    if has_python {
        let example = repository().join("clients/python/examples/quick_start.py");
        assert_example(&succeed(python().arg(example).arg(fleet.url(""))).await);
    }
    if let Some(folder) = &typescript {
        search_is_current(&fleet).await;
        let example = folder.join("dist/examples/quick_start.js");
        assert_example(&succeed(Command::new("node").arg(example).arg(fleet.url(""))).await);
    }

    if is_on_path("go") {
        search_is_current(&fleet).await;
        let folder = repository().join("clients/go");
        let mut example = Command::new("go");
        example.args(["run", "./example", &fleet.url("")]).current_dir(folder);
        assert_example(&succeed(&mut example).await);
    }

    search_is_current(&fleet).await;
    let mut example = Command::new(program("examples/quick_start"));
    assert_example(&succeed(example.arg(fleet.url(""))).await);

    let guide = std::fs::read_to_string(repository().join("services/gateway/guide.md")).unwrap();
    let guide = guide.replace(ADDRESS, &fleet.url(""));
    for (language, code) in blocks(&guide) {
        match language {
            "sh" => {
                let text = succeed(Command::new("bash").args(["-euc", code])).await;
                assert!(text.contains('{') && !text.contains("CREDENTIAL"), "{code}: {text}");
            }
            "python" if has_python => {
                let text = succeed(python().args(["-c", code])).await;
                assert!(text.contains("PRODUCT_NOT_FOUND"), "{code}: {text}");
            }
            "js" => {
                let Some(folder) = &typescript else { continue };
                let text = script(folder, code).await;
                assert!(text.contains("PRODUCT_NOT_FOUND"), "{code}: {text}");
            }
            "python" => {}
            other => panic!("a block in {other} is not run"),
        }
    }
}

/// Runs a script that imports the client by its name, which a file of the package may.
async fn script(folder: &Path, code: &str) -> String {
    let file = folder.join(format!("dist/guide-{}.mjs", std::process::id()));
    std::fs::write(&file, code).unwrap();
    let text = succeed(Command::new("node").arg(&file)).await;
    std::fs::remove_file(&file).unwrap();
    text
}

/// The blocks of code in a Markdown text, each with its language.
fn blocks(text: &str) -> Vec<(&str, &str)> {
    let fenced = text.split("```").skip(1).step_by(2);
    let blocks: Vec<_> = fenced.filter_map(|block| block.split_once('\n')).collect();
    assert!(blocks.len() >= 5, "{} blocks", blocks.len());
    blocks
}

#[tokio::test]
async fn generated_files_are_current() {
    if !has("python3") {
        return;
    }
    for (script, needs) in [("clients/generate", ""), ("crates/proto/golden/make.py", "protobuf")] {
        let mut command = Command::new("python3");
        command.arg(script).arg("--check").current_dir(repository());
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        match run(&mut command).await {
            (0, _) => {}
            (CANNOT_INSTALL, text) => {
                skip(needs, &format!(" for Python: {text}"), &format!("python3 {script}"));
            }
            (STALE, text) => panic!("{text}"),
            (code, text) => panic!("{script} ended with {code}: {text}"),
        }
    }
}
