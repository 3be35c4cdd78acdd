//! The catalogue process under load.

use std::path::Path;

use anyhow::{Context as _, Result};
use testkit::{Process, until};
use tonic::transport::Channel;

use super::database::Database;

/// A catalogue process. Ends when it is dropped.
pub(crate) struct Catalogue {
    process: Process,
    url: String,
}

impl Catalogue {
    /// Starts it, and waits until it logs its address.
    ///
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
        let addr = until("the catalogue logs its address", async || {
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

    /// Connects a client.
    ///
    /// # Errors
    /// The connection fails.
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
