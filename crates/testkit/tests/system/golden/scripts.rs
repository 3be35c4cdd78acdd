//! The clients of other languages: a program is given calls as lines of JSON, and writes an outcome for each.

use std::{
    path::Path,
    process::{Command, Stdio},
    thread,
};

use serde_json::{Value, json};
use testkit::repository;

use super::{Outcomes, case::Call, outcome};

pub(super) async fn python(url: &str, calls: &[&Call<'_>]) -> Outcomes {
    let mut command = Command::new("python3");
    command.arg(script("ask.py")).arg(url);
    command.env("PYTHONPATH", repository().join("clients/python/src"));
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    ask(command, calls).await
}

/// `folder` has the client, built.
pub(super) async fn typescript(url: &str, folder: &Path, calls: &[&Call<'_>]) -> Outcomes {
    let mut command = Command::new("node");
    command.arg(script("ask.mjs")).arg(url).arg(folder.join("dist/src/index.js"));
    ask(command, calls).await
}

fn script(name: &str) -> std::path::PathBuf {
    repository().join("crates/testkit/tests/system/golden").join(name)
}

async fn ask(command: Command, calls: &[&Call<'_>]) -> Outcomes {
    let line = |call: &&Call<'_>| {
        let form = &call.form;
        json!({ "name": call.case.name, "method": call.method(), "streams": call.streams,
            "path": form.path, "query": form.query, "body": form.body })
        .to_string()
    };
    let lines = calls.iter().map(line).collect::<Vec<_>>().join("\n");
    let ran = tokio::task::spawn_blocking(|| run(command, lines)).await.unwrap();
    let outcome = |line: &str| {
        let mut line: Value = serde_json::from_str(line).unwrap();
        let name = line["name"].as_str().unwrap().to_owned();
        let outcome = match line["answer"].take() {
            Value::Null => outcome::of_problem(&line),
            answer => outcome::answer(answer),
        };
        (name, outcome)
    };
    ran.lines().map(outcome).collect()
}

/// Runs a program with this input, and returns its output.
fn run(mut command: Command, input: String) -> String {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut program = command.spawn().unwrap();
    let mut stdin = program.stdin.take().unwrap();
    let writer = thread::spawn(move || std::io::Write::write_all(&mut stdin, input.as_bytes()));
    let output = program.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}
