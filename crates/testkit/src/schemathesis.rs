//! schemathesis against the gateway's OpenAPI document.

use std::{process::Stdio, time::Duration};

use anyhow::{Context as _, bail};
use serde_json::Value;
use tokio::{process::Command, time::timeout};

use crate::{programs::repository, skip};

const SCRIPT: &str = "crates/testkit/tests/system/openapi.py";
/// The script could not install schemathesis.
const CANNOT_INSTALL: i32 = 77;
/// Time beyond that of the requests: to install schemathesis, and to end.
const BEYOND: Duration = Duration::from_secs(10 * 60);

/// The result of a run.
#[derive(Debug)]
pub struct Schemathesis {
    /// Operations of the document that were called.
    pub operations: u64,
    /// Requests.
    pub cases: u64,
    /// Responses that are not as the document says, and errors of the run itself.
    pub findings: u64,
    /// The report, for people.
    pub report: String,
}

impl Schemathesis {
    /// Sends requests to a gateway for this time. Whatever its catalogue has may be gone
    /// afterwards. `None`, reported on standard error, if schemathesis cannot be installed.
    ///
    /// # Errors
    /// The run breaks off.
    pub async fn run(url: &str, time: Duration, seed: u64) -> anyhow::Result<Option<Self>> {
        let mut command = Command::new("python3");
        command.arg(repository().join(SCRIPT)).args([url, "--seed", &seed.to_string()]);
        command.args(["--seconds", &time.as_secs().to_string()]);
        command.env("PYTHONDONTWRITEBYTECODE", "1").stdin(Stdio::null()).kill_on_drop(true);
        let Ok(output) =
            timeout(time + BEYOND, command.output()).await.context("schemathesis does not end")?
        else {
            skip("python3", "", "install python3");
            return Ok(None);
        };
        if output.status.code() == Some(CANNOT_INSTALL) {
            let reason = String::from_utf8_lossy(&output.stderr);
            skip("schemathesis", &format!(" for Python: {reason}"), "give pip access to PyPI");
            return Ok(None);
        }
        let report = String::from_utf8_lossy(&output.stdout).into_owned();
        let summary =
            report.lines().next_back().and_then(|it| serde_json::from_str::<Value>(it).ok());
        let Some(summary) = summary else {
            bail!("{report}{}", String::from_utf8_lossy(&output.stderr));
        };
        let number = |name: &str| summary[name].as_u64().with_context(|| format!("no {name}"));
        Ok(Some(Self {
            operations: number("operations")?,
            cases: number("cases")?,
            findings: number("findings")? + number("errors")?,
            report,
        }))
    }
}
