//! The peers' load driver, `peer-load`. It has its own HTTP/2 framing, so that it needs little CPU time, and
//! checks the id and the grpc-status of each response.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use tokio::process::Command;

use super::server::{Protocol, Server};

/// Timeout of a run.
const TIMEOUT: Duration = Duration::from_secs(240);

/// The driver program.
#[derive(Debug, Clone)]
pub(crate) struct Driver {
    pub(crate) program: PathBuf,
    /// Cores of the machine.
    pub(crate) cores: f64,
}

/// A load on a server.
#[derive(Debug, Clone)]
pub(crate) struct Load {
    /// Name in the report, if not that of the server.
    pub(crate) name: Option<String>,
    pub(crate) connections: u32,
    /// Calls in flight over all connections; at a fixed rate, the maximum.
    pub(crate) in_flight: u32,
    /// Calls per second; `None` is a closed loop. Latency at a fixed rate includes the delay of the start.
    pub(crate) rate: Option<f64>,
    pub(crate) duration: Duration,
    pub(crate) warmup: Duration,
    /// Minimum number of calls in the warm-up.
    pub(crate) warmup_calls: u32,
    /// Additional options of the driver.
    pub(crate) options: Vec<String>,
}

impl Load {
    /// The same connections at a fixed rate.
    pub(crate) fn at_rate(&self, rate: f64) -> Self {
        Self { rate: Some(rate), in_flight: 1_024, ..self.clone() }
    }

    /// The same with a name of its own in the report.
    pub(crate) fn named(&self, name: &str) -> Self {
        Self { name: Some(name.to_owned()), ..self.clone() }
    }

    /// The same with additional options of the driver.
    pub(crate) fn with(&self, options: &[&str]) -> Self {
        let mut load = self.clone();
        load.options.extend(options.iter().map(ToString::to_string));
        load
    }
}

/// Measurements of one run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Turn {
    pub(crate) calls_s: f64,
    /// Messages of streamed responses per second.
    pub(crate) messages_s: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    /// CPU seconds of the server for 100,000 calls.
    pub(crate) server_cpu: f64,
    /// CPU seconds of the process behind the server: its database, or the upstream of the gateway.
    pub(crate) behind_cpu: f64,
    /// Busy cores of the server.
    pub(crate) server_cores: f64,
    /// Peak resident memory since the start of the process.
    pub(crate) peak_mb: f64,
    /// Responses with a wrong id, and failed connections.
    pub(crate) wrong: u64,
    /// Responses with a status other than OK, by status.
    pub(crate) not_ok: BTreeMap<String, u64>,
    /// Busy cores of processes outside of the measurement.
    pub(crate) others_cores: f64,
}

impl Driver {
    /// Runs a load on a server.
    ///
    /// # Errors
    /// The driver does not run, or no call succeeds.
    pub(crate) async fn run(&self, server: &Server, load: &Load) -> Result<Turn> {
        let output = self.output(self.arguments(server, load)).await?;
        let turn = turn(&output, self.cores)?;
        if turn.calls_s == 0.0 {
            bail!("{} completed no call correctly: {output}", server.name);
        }
        Ok(turn)
    }

    /// Starts a server `times` times, each until its first correct response. Returns the driver's report.
    ///
    /// # Errors
    /// The server has no correct response.
    pub(crate) async fn cold(&self, server: &Server, times: usize) -> Result<Value> {
        let mut arguments = vec!["-cold".to_owned(), times.to_string()];
        arguments.extend(["-addr".to_owned(), server.addr.clone(), "--".to_owned()]);
        arguments.extend(server.command.iter().cloned());
        self.output(arguments).await
    }

    fn arguments(&self, server: &Server, load: &Load) -> Vec<String> {
        let seconds = |duration: Duration| format!("{}s", duration.as_secs_f64());
        let mut connections = load.connections;
        let mut arguments = Vec::new();
        let mut option = |name: &str, value: String| {
            arguments.extend([format!("-{name}"), value]);
        };
        option("addr", server.addr.clone());
        if let Protocol::Http1 { path } = &server.protocol {
            option("proto", "http1".to_owned());
            option("path", path.clone());
            // HTTP/1.1 has one call in flight per connection.
            connections = load.in_flight.min(256);
        }
        option("conns", connections.to_string());
        option("streams", load.in_flight.to_string());
        option("duration", seconds(load.duration));
        option("warmup", seconds(load.warmup));
        option("warmup-calls", load.warmup_calls.to_string());
        option("server-pid", server.id().to_string());
        option("db-pid", server.behind.unwrap_or(0).to_string());
        if let Some(rate) = load.rate {
            option("rate", format!("{rate:.0}"));
        }
        arguments.extend(load.options.iter().cloned());
        arguments
    }

    async fn output(&self, arguments: Vec<String>) -> Result<Value> {
        let mut command = Command::new(&self.program);
        command.args(&arguments).kill_on_drop(true);
        let output = tokio::time::timeout(TIMEOUT, command.output()).await;
        let output = output.context("the driver timed out")?.context("starting the driver")?;
        // It exits with 1 after a wrong response, and reports that.
        serde_json::from_slice(&output.stdout).with_context(|| {
            format!("peer-load {arguments:?}: {}", String::from_utf8_lossy(&output.stderr).trim())
        })
    }
}

fn turn(output: &Value, cores: f64) -> Result<Turn> {
    let number = |name: &str| output[name].as_f64().unwrap_or(0.0);
    let count = |name: &str| output[name].as_u64().unwrap_or(0);
    let (calls, seconds) = (output["calls"].as_f64().context("no calls")?, number("seconds"));
    let each =
        number("cpu_s_per_100k") + number("db_cpu_s_per_100k") + number("driver_cpu_s_per_100k");
    let ours = each * calls / 1e5 / seconds.max(0.001);
    let statuses = output["not_ok"].as_object().into_iter().flatten();
    let not_ok = statuses.filter_map(|(name, count)| Some((name.clone(), count.as_u64()?)));
    Ok(Turn {
        calls_s: number("rps"),
        messages_s: number("messages_s"),
        p50_ms: number("p50_ms"),
        p99_ms: number("p99_ms"),
        server_cpu: number("cpu_s_per_100k"),
        behind_cpu: number("db_cpu_s_per_100k"),
        server_cores: number("server_cores"),
        peak_mb: number("rss_peak_mb"),
        wrong: count("wrong_answers") + count("failed_connections"),
        not_ok: not_ok.collect(),
        others_cores: (number("machine_busy") * cores - ours).max(0.0),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn other_processes_used_the_remaining_busy_time() {
        let output = json!({
            "calls": 100_000, "seconds": 2.0, "rps": 50_000.0, "machine_busy": 0.9,
            "cpu_s_per_100k": 1.5, "db_cpu_s_per_100k": 0.5, "driver_cpu_s_per_100k": 1.0,
        });
        let turn = turn(&output, 2.0).unwrap();
        // 1.8 cores were busy, of which server, database and driver used 1.5.
        assert!((turn.others_cores - 0.3).abs() < 1e-9, "{turn:?}");
        assert_eq!(turn.wrong, 0);
    }

    #[test]
    fn all_kinds_of_failed_responses_are_counted() {
        let output = json!({
            "calls": 10, "seconds": 1.0, "wrong_answers": 2, "failed_connections": 1,
            "not_ok": {"14": 3, "reset CANCEL": 4},
        });
        let turn = turn(&output, 2.0).unwrap();
        assert_eq!(turn.wrong, 3);
        assert_eq!(turn.not_ok.values().sum::<u64>(), 7);
    }
}
