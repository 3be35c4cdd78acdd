//! A collector for tests, which takes what OpenTelemetry sends and writes it down. It is built on
//! Google's gRPC and shares no code with what sends.

use std::{path::PathBuf, sync::OnceLock};

use serde_json::Value;
use tempfile::TempDir;
use tokio::task::spawn_blocking;

use crate::{
    Fleet, Process,
    provision::{self, Provision},
    until,
};

static PYTHON: Provision = Provision {
    what: "collector",
    script: "collector",
    cure: "apt-get install python3-venv, and a way to PyPI; or set OTLP_SINK_PYTHON to a Python with \
           grpcio and opentelemetry-proto",
    found: OnceLock::new(),
};

/// A running collector. Ends when it is dropped.
#[derive(Debug)]
pub struct Collector {
    _process: Process,
    port: u16,
    dir: TempDir,
}

impl Collector {
    /// One of a test's own. Nothing, said aloud, where there can be none.
    ///
    /// # Panics
    /// With `CI=true` where there can be none, or when it does not start.
    pub async fn start() -> Option<Self> {
        let python = spawn_blocking(|| PYTHON.find()).await.expect("looking does not panic")?;
        let dir = tempfile::tempdir().expect("a temporary directory");
        let port = Fleet::free_ports(2);
        let script = provision::folder().join("otlp_sink.py");
        let log = dir.path().join("log");
        let arguments = [
            script.display().to_string(),
            format!("--grpc=127.0.0.1:{port}"),
            format!("--http=127.0.0.1:{}", port + 1),
            format!("--out={}", dir.path().display()),
        ];
        let mut process = Process::start(&python, arguments, &log).expect("Python starts");
        until("the collector is ready", async || {
            assert!(process.ended().is_none(), "it ended: {}", process.log());
            process.log().contains("ready").then_some(())
        })
        .await;
        Some(Self { _process: process, port, dir })
    }

    /// For `OTEL_EXPORTER_OTLP_ENDPOINT`.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// All spans so far, as `otlp_sink.py` describes them.
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

    /// All that was sent so far, as text.
    pub fn everything(&self) -> String {
        let read = |name: &&str| std::fs::read_to_string(self.file(name)).unwrap_or_default();
        ["traces", "metrics", "logs"].iter().map(read).collect()
    }

    /// Waits for spans of which `wanted` says something.
    ///
    /// # Panics
    /// When there are none within a minute.
    pub async fn wait_for<T>(&self, what: &str, wanted: impl Fn(&[Value]) -> Option<T>) -> T {
        until(what, async || wanted(&self.spans())).await
    }

    fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name).with_extension("jsonl")
    }

    fn rows(&self, name: &str) -> Vec<Value> {
        let text = std::fs::read_to_string(self.file(name)).unwrap_or_default();
        // The last line may be half there.
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }
}
