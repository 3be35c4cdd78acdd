//! The catalogue that is measured.

use std::path::Path;

use anyhow::{Context as _, Result};
use testkit::{Process, until};
use tonic::transport::Channel;

use super::database::Database;

/// A catalogue in a process of its own. Ends when it is dropped.
pub(crate) struct Subject {
    process: Process,
    url: String,
}

impl Subject {
    /// # Errors
    /// The program cannot be started.
    pub(crate) async fn start(catalogue: &Path, database: &Database) -> Result<Self> {
        let log = database.dir().join(format!("catalogue-{}.log", database.next()));
        let mut arguments: Vec<String> =
            ["--listen=127.0.0.1:0", "--admin=127.0.0.1:0", "--log=info", "--log-format=json"]
                .map(str::to_owned)
                .into();
        arguments.push(format!("--data-dir={}", database.dir().join("data").display()));
        arguments.extend(database.url().map(|url| format!("--database-url={url}")));
        let process = Process::start(catalogue, arguments, &log)?;
        let addr = until("the catalogue serves", async || {
            let log = process.log();
            let mut lines = log.lines().filter_map(|line| {
                serde_json::from_str::<serde_json::Value>(line).ok()?["addr"]
                    .as_str()
                    .map(str::to_owned)
            });
            lines.next()
        })
        .await;
        Ok(Self { process, url: format!("http://{addr}") })
    }

    /// # Errors
    /// It does not answer.
    pub(crate) async fn channel(&self) -> Result<Channel> {
        let endpoint = Channel::from_shared(self.url.clone())?;
        endpoint.connect().await.context("connecting to the catalogue")
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    pub(crate) fn resident_bytes(&self) -> u64 {
        self.process.resident_bytes()
    }
}
