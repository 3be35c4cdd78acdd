//! Replays recorded traces against the breaker. Shared by `tests/replay.rs` and
//! `examples/replay.rs`.

use anyhow::Context;
use breaker::{
    Backoff, Breaker, ManualClock, Outcome, Permit, Probes, Rejected, Settings, Trip, Window,
};
use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use std::{
    collections::HashMap,
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
    time::Duration,
};

/// Result of a replay.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Number of replayed events.
    pub(crate) events: usize,
    /// Descriptions of the differences.
    pub(crate) differences: Vec<String>,
}

/// One line of a recording; fields that are not needed are left out.
#[derive(Debug, Deserialize)]
struct Scenario {
    name: String,
    min_requests: u32,
    failure_ratio_above: f64,
    window_ms: u64,
    bucket_ms: u64,
    open_ms: u64,
    half_open_probes: u32,
    events: Vec<Event>,
}

#[derive(Debug, Deserialize)]
struct Event {
    at_ms: u64,
    call: u64,
    /// The state right after the event.
    state: String,
    #[serde(flatten)]
    op: Op,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
enum Op {
    Admit { expect: String },
    Finish { outcome: Ended },
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Ended {
    Success,
    Failure,
    Ignored,
}

/// Replays a `.jsonl` or `.jsonl.gz` file.
///
/// # Errors
/// If the file cannot be read or is not a recording.
pub(crate) fn replay(path: &Path) -> anyhow::Result<Report> {
    let file = File::open(path).with_context(|| format!("opening {}", path.display()))?;
    let unpacked: Box<dyn Read> = match path.extension() {
        Some(extension) if extension == "gz" => Box::new(MultiGzDecoder::new(file)),
        _ => Box::new(file),
    };
    let mut report = Report::default();
    for (index, line) in BufReader::new(unpacked).lines().enumerate() {
        let scenario =
            serde_json::from_str(&line?).with_context(|| format!("line {}", index + 1))?;
        run(&scenario, &mut report);
    }
    Ok(report)
}

fn run(scenario: &Scenario, report: &mut Report) {
    let clock = ManualClock::new();
    let breaker = Breaker::builder(scenario.settings()).clock(clock.clone()).build();
    let mut permits: HashMap<u64, Permit> = HashMap::new();
    for (index, event) in scenario.events.iter().enumerate() {
        clock.set(Duration::from_millis(event.at_ms));
        let mut differ = |ours: &str, theirs: &str| {
            let (name, call) = (&scenario.name, event.call);
            report.differences.push(format!(
                "{name}, event {index}, {} ms, call {call}: we say {ours}, they {theirs}",
                event.at_ms
            ));
        };
        match &event.op {
            Op::Admit { expect } => {
                let answer = match breaker.admit() {
                    Ok(permit) => {
                        permits.insert(event.call, permit);
                        "admitted"
                    }
                    Err(Rejected::Open { .. }) => "open",
                    Err(Rejected::TooManyProbes) => "too_many_probes",
                };
                if answer != expect {
                    differ(answer, expect);
                }
            }
            Op::Finish { outcome } => match permits.remove(&event.call) {
                Some(permit) => permit.record(*outcome),
                None => differ("not admitted", "finished"),
            },
        }
        let state = breaker.state().as_str().replace('-', "_");
        if state != event.state.replace('-', "_") {
            differ(&state, &event.state);
        }
        report.events += 1;
    }
}

impl Scenario {
    fn settings(&self) -> Settings {
        let window = Duration::from_millis(self.window_ms);
        Settings {
            window: match (self.window_ms, self.bucket_ms) {
                (0, _) => Window::Endless,
                (_, 0) => Window::Fixed(window),
                (length, bucket) => Window::Rolling {
                    bucket: Duration::from_millis(bucket),
                    buckets: u32::try_from(length / bucket).unwrap_or(u32::MAX),
                },
            },
            trip: Trip {
                min_requests: self.min_requests,
                failure_ratio_above: Some(self.failure_ratio_above),
                consecutive_failures: None,
                slow: None,
            },
            open: Backoff::fixed(Duration::from_millis(self.open_ms)),
            // The reference has no leases.
            probes: Probes { max: self.half_open_probes, lease: None },
        }
    }
}

impl From<Ended> for Outcome {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Success => Self::Success,
            Ended::Failure => Self::Failure,
            Ended::Ignored => Self::Ignored,
        }
    }
}
