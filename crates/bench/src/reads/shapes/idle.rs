//! Idle HTTP/2 connections: memory of each, and latency of calls meanwhile.

use std::{env, path::Path, process::ChildStdin, time::Duration};

use anyhow::{Context as _, Result, ensure};
use devtools::bench::Engine;
use testkit::{Process, until_within};

use super::super::{
    environment::Environment,
    ours::{self, Cache},
    row::Row,
    turns::{Taken, take},
};

/// Connections per client process: within the ports of a source address, and the limit of file descriptors.
const PER_PROCESS: usize = 4_500;
const OPEN_TIMEOUT: Duration = Duration::from_secs(120);
/// Calls per second meanwhile, far below the peak.
const RATE: f64 = 2_000.0;
/// Maximum memory of a connection, in KB.
const MAX_KB: f64 = 12.0;
/// Maximum growth of the memory per connection from the smallest to the largest number. Not 1, because memory
/// is allocated in pages, which a thousand connections do not fill evenly.
const MAX_GROWTH: f64 = 1.05;
/// Maximum ratio of p99 with and without the connections.
const MAX_P99: f64 = 2.0;
/// Name of the catalogue without connections.
const WITHOUT: &str = "without";

/// Client processes with idle connections. They end when this is dropped.
struct IdleClients(Vec<(Process, ChildStdin)>);

pub(super) async fn measure(environment: &Environment) -> Result<Vec<Row>> {
    const SHAPE: &str = "idle";
    let counts: &[usize] = if environment.short { &[500, 1_000] } else { &[1_000, 5_000, 18_000] };
    let (mut rows, mut fewest) = (Vec::new(), None);
    for &count in counts {
        // A new process for each number, because freed memory would be reused.
        let (kilobytes, taken) = hold(environment, count).await?;
        let row = Row::of_value(SHAPE, &format!("KB a connection, {count}"), kilobytes);
        rows.push(row.at_most(MAX_KB));
        let figure = format!("p99 ms of a call among {count}");
        let (among, without) = (taken.ours(), taken.peer(WITHOUT));
        let row = Row::compared(SHAPE, &figure, among, without, |turn| turn.p99_ms);
        rows.push(row.at_most(MAX_P99));
        let first = *fewest.get_or_insert(kilobytes);
        if count == counts[counts.len() - 1] {
            let figure = format!("KB a connection, {count} to {}", counts[0]);
            let row = Row::of_value(SHAPE, &figure, kilobytes).beside("fewest", Some(first));
            rows.push(row.at_most(MAX_GROWTH));
        }
    }
    Ok(rows)
}

/// Memory per connection in KB, and the turns of a catalogue with them and of one without.
async fn hold(environment: &Environment, count: usize) -> Result<(f64, Taken)> {
    // PostgreSQL, since two processes cannot share a file.
    let start = async || {
        ours::catalogue(environment, Engine::Postgres, Cache::All).start(environment).await
    };
    let (loaded, mut without) = (start().await?, start().await?);
    without.name = WITHOUT.to_owned();
    let load = environment.load(4, 64).at_rate(RATE);
    let loads = [(&loaded, &load), (&without, &load)];
    // Warm-up, whose memory is not counted.
    take(&environment.driver, 1, &loads).await?;
    let before = loaded.resident_mb();
    let clients = IdleClients::open(environment, &loaded.addr, count).await?;
    let kilobytes = (loaded.resident_mb() - before) * 1_024.0 / count as f64;
    let taken = take(&environment.driver, environment.rounds, &loads).await?;
    drop(clients);
    Ok((kilobytes, taken))
}

impl IdleClients {
    /// Opens `count` connections from several processes and source addresses.
    async fn open(environment: &Environment, addr: &str, count: usize) -> Result<Self> {
        let this = env::current_exe().context("finding this program")?;
        let mut clients = Vec::new();
        for (number, first) in (0..count).step_by(PER_PROCESS).enumerate() {
            let of_this = PER_PROCESS.min(count - first);
            let source = format!("127.0.1.{}", number + 1);
            let log = environment.dir().join(format!("hold-{count}-{number}.log"));
            let arguments = ["hold".to_owned(), addr.to_owned(), source, of_this.to_string()];
            let (mut process, stdin) =
                Process::start_with_stdin(Path::new(&this), arguments, &log)?;
            let opened = until_within(OPEN_TIMEOUT, "connections are open", async || {
                let ready = process.log().contains(super::super::hold::READY);
                (ready || process.exit_status().is_some()).then_some(ready)
            });
            ensure!(opened.await, "a client ended: {}", process.log());
            clients.push((process, stdin));
        }
        Ok(Self(clients))
    }
}

impl Drop for IdleClients {
    fn drop(&mut self) {
        // The end of standard input ends the process.
        for (mut process, stdin) in self.0.drain(..) {
            drop(stdin);
            process.kill();
        }
    }
}
