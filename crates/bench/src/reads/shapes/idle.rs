//! Idle HTTP/2 connections: what each costs, and what they do to a call among them.

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

/// Connections of one client process: below the range of ports of one source address, and below its
/// descriptor limit.
const OF_ONE_PROCESS: usize = 4_500;
const OPENED_WITHIN: Duration = Duration::from_secs(120);
/// Calls a second that are made among them, far below what the service can do.
const RATE: f64 = 2_000.0;
/// Most memory of a connection, in KB.
const MAX_KB: f64 = 12.0;
/// By how much a connection may be dearer among the most than among the fewest: memory is given in
/// pages, which a thousand connections do not fill evenly.
const MAX_GROWTH: f64 = 1.05;
const MAX_P99: f64 = 2.0;
/// The catalogue without the connections.
const WITHOUT: &str = "without";

/// Client processes that hold connections. They end when this is dropped.
struct Held(Vec<(Process, ChildStdin)>);

pub(super) async fn measure(environment: &Environment) -> Result<Vec<Row>> {
    const SHAPE: &str = "idle";
    let counts: &[usize] = if environment.short { &[500, 1_000] } else { &[1_000, 5_000, 18_000] };
    let (mut rows, mut fewest) = (Vec::new(), None);
    for &count in counts {
        // Another process each time: memory that was freed would be used again.
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

/// Memory of each of so many connections in KB, and the turns of a catalogue that has them and of one
/// that has not.
async fn hold(environment: &Environment, count: usize) -> Result<(f64, Taken)> {
    // PostgreSQL, since two processes cannot share a file.
    let start = async || {
        ours::catalogue(environment, Engine::Postgres, Cache::All).start(environment).await
    };
    let (loaded, mut without) = (start().await?, start().await?);
    without.name = WITHOUT.to_owned();
    let load = environment.load(4, 64).at_rate(RATE);
    let loads = [(&loaded, &load), (&without, &load)];
    // What the first calls cost for good is not the connections' memory.
    take(&environment.driver, 1, &loads).await?;
    let before = loaded.resident_mb();
    let held = Held::open(environment, &loaded.addr, count).await?;
    let kilobytes = (loaded.resident_mb() - before) * 1_024.0 / count as f64;
    let taken = take(&environment.driver, environment.rounds, &loads).await?;
    drop(held);
    Ok((kilobytes, taken))
}

impl Held {
    /// Opens so many connections from several processes and source addresses.
    async fn open(environment: &Environment, addr: &str, count: usize) -> Result<Self> {
        let this = env::current_exe().context("finding this program")?;
        let mut held = Vec::new();
        for (number, first) in (0..count).step_by(OF_ONE_PROCESS).enumerate() {
            let of_this = OF_ONE_PROCESS.min(count - first);
            let source = format!("127.0.1.{}", number + 1);
            let log = environment.dir().join(format!("hold-{count}-{number}.log"));
            let arguments = ["hold".to_owned(), addr.to_owned(), source, of_this.to_string()];
            let (mut process, stdin) =
                Process::start_with_stdin(Path::new(&this), arguments, &log)?;
            let opened = until_within(OPENED_WITHIN, "connections are open", async || {
                let ready = process.log().contains(super::super::hold::READY);
                (ready || process.exit_status().is_some()).then_some(ready)
            });
            ensure!(opened.await, "a client ended: {}", process.log());
            held.push((process, stdin));
        }
        Ok(Self(held))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // Their standard input ends, and so do they.
        for (mut process, stdin) in self.0.drain(..) {
            drop(stdin);
            process.kill();
        }
    }
}
