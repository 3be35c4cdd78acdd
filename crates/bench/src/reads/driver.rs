//! The peers' load driver, `peer-load`: it frames HTTP/2 itself, so that it costs little beside the
//! server, checks the id of every answer and reads its grpc-status.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use tokio::process::Command;

use super::server::{Protocol, Server};

/// Longest time that a run of the driver may take.
const LIMIT: Duration = Duration::from_secs(240);

/// The program.
#[derive(Debug, Clone)]
pub(crate) struct Driver {
    pub(crate) program: PathBuf,
    /// Of the machine.
    pub(crate) cores: f64,
}

/// What a server is loaded with.
#[derive(Debug, Clone)]
pub(crate) struct Load {
    pub(crate) connections: u32,
    /// Calls in flight over all connections; at a fixed rate, the bound on them.
    pub(crate) in_flight: u32,
    /// Calls a second; without one, a call is sent when another has been answered. Latency at a
    /// fixed rate counts from the moment a call was due.
    pub(crate) rate: Option<f64>,
    pub(crate) duration: Duration,
    pub(crate) warmup: Duration,
    /// The warm-up lasts at least this many calls.
    pub(crate) warmup_calls: u32,
    /// More options of the driver.
    pub(crate) options: Vec<String>,
}

impl Load {
    /// Calls at a fixed rate over the same connections.
    pub(crate) fn at_rate(&self, rate: f64) -> Self {
        Self { rate: Some(rate), in_flight: 1_024, ..self.clone() }
    }

    /// The same with more options of the driver.
    pub(crate) fn with(&self, options: &[&str]) -> Self {
        let mut load = self.clone();
        load.options.extend(options.iter().map(ToString::to_string));
        load
    }
}

/// What one run of the driver has measured.
#[derive(Debug, Clone, Default)]
pub(crate) struct Turn {
    pub(crate) calls_s: f64,
    /// Messages of streamed answers.
    pub(crate) messages_s: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    /// Processor seconds of the server for 100,000 calls.
    pub(crate) server_cpu: f64,
    /// The same of the process behind the server: its database, or the gateway's upstream.
    pub(crate) behind_cpu: f64,
    /// Cores that the server kept busy.
    pub(crate) server_cores: f64,
    /// Most resident memory since the start of the process.
    pub(crate) peak_mb: f64,
    /// Answers with a wrong id, and connections that failed.
    pub(crate) wrong: u64,
    /// Answers with another status than OK, by status.
    pub(crate) not_ok: BTreeMap<String, u64>,
    /// Cores that processes outside of the measurement kept busy.
    pub(crate) others_cores: f64,
}

impl Driver {
    /// Loads a server once.
    ///
    /// # Errors
    /// The driver does not run, or no call succeeds.
    pub(crate) async fn run(&self, server: &Server, load: &Load) -> Result<Turn> {
        let output = self.output(self.arguments(server, load)).await?;
        let turn = turn(&output, self.cores)?;
        if turn.calls_s == 0.0 {
            bail!("{} answered no call rightly: {output}", server.name);
        }
        Ok(turn)
    }

    /// Starts a command `times` times, each until its first right answer; the driver's report.
    ///
    /// # Errors
    /// The command never answers rightly.
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
            // HTTP/1.1 has one call at a time on a connection.
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
        let output = tokio::time::timeout(LIMIT, command.output()).await;
        let output = output.context("the driver takes too long")?.context("starting the driver")?;
        // It exits with 1 when an answer was wrong, and reports that.
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
    fn what_others_used_is_what_remains_of_the_machine() {
        let output = json!({
            "calls": 100_000, "seconds": 2.0, "rps": 50_000.0, "machine_busy": 0.9,
            "cpu_s_per_100k": 1.5, "db_cpu_s_per_100k": 0.5, "driver_cpu_s_per_100k": 1.0,
        });
        let turn = turn(&output, 2.0).unwrap();
        // 1.8 cores were busy, 1.5 of them with server, database and driver.
        assert!((turn.others_cores - 0.3).abs() < 1e-9, "{turn:?}");
        assert_eq!(turn.wrong, 0);
    }

    #[test]
    fn every_kind_of_bad_answer_counts() {
        let output = json!({
            "calls": 10, "seconds": 1.0, "wrong_answers": 2, "failed_connections": 1,
            "not_ok": {"14": 3, "reset CANCEL": 4},
        });
        let turn = turn(&output, 2.0).unwrap();
        assert_eq!(turn.wrong, 3);
        assert_eq!(turn.not_ok.values().sum::<u64>(), 7);
    }
}
