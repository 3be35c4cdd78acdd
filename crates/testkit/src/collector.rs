//! An OpenTelemetry collector for tests, which writes spans, logs and metrics to files. It is based on
//! Google's gRPC and shares no code with the exporters.

use std::{path::PathBuf, sync::OnceLock};

use devtools::provision::scripts;
use serde_json::Value;
use tempfile::TempDir;
use tokio::task::spawn_blocking;

use crate::{Process, free_ports, provision::Provision, until};

static PYTHON: Provision = Provision {
    name: "collector",
    script: "collector",
    fix: "apt-get install python3-venv, and access to PyPI; or set OTLP_SINK_PYTHON to a Python with \
          grpcio and opentelemetry-proto",
    found: OnceLock::new(),
};

/// A collector process. Ends when it is dropped.
#[derive(Debug)]
pub struct Collector {
    _process: Process,
    port: u16,
    dir: TempDir,
}

impl Collector {
    /// Starts a private collector. `None`, reported on standard error, if its dependencies are missing.
    ///
    /// # Panics
    /// With `CI=true` if its dependencies are missing, or if it does not start.
    pub async fn start() -> Option<Self> {
        let python =
            spawn_blocking(|| PYTHON.find()).await.expect("the script runner does not panic")?;
        let dir = tempfile::tempdir().expect("a temporary directory");
        let port = free_ports(2);
        let script = scripts().join("otlp_sink.py");
        let log = dir.path().join("log");
        let arguments = [
            script.display().to_string(),
            format!("--grpc=127.0.0.1:{port}"),
            format!("--http=127.0.0.1:{}", port + 1),
            format!("--out={}", dir.path().display()),
        ];
        let mut process = Process::start(&python, arguments, &log).expect("Python starts");
        until("the collector is ready", async || {
            assert!(process.exit_status().is_none(), "it ended: {}", process.log());
            process.log().contains("ready").then_some(())
        })
        .await;
        Some(Self { _process: process, port, dir })
    }

    /// The URL for `OTEL_EXPORTER_OTLP_ENDPOINT`.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// All spans so far, in the format of `otlp_sink.py`.
    pub fn spans(&self) -> Vec<Value> {
        self.rows("traces")
    }

    /// All log records so far.
    pub fn logs(&self) -> Vec<Value> {
        self.rows("logs")
    }

    /// All data points so far.
    pub fn metrics(&self) -> Vec<Value> {
        self.rows("metrics")
    }

    /// Everything received so far, as text.
    pub fn everything(&self) -> String {
        let read = |name: &&str| std::fs::read_to_string(self.file(name)).unwrap_or_default();
        ["traces", "metrics", "logs"].iter().map(read).collect()
    }

    /// Waits until `find` returns a value for the spans so far.
    ///
    /// # Panics
    /// After a minute.
    pub async fn wait_for<T>(&self, what: &str, find: impl Fn(&[Value]) -> Option<T>) -> T {
        until(what, async || find(&self.spans())).await
    }

    fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name).with_extension("jsonl")
    }

    fn rows(&self, name: &str) -> Vec<Value> {
        let text = std::fs::read_to_string(self.file(name)).unwrap_or_default();
        // The last line may be incomplete.
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }
}
