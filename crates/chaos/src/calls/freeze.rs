//! One of three replicas stops responding, with its connections open.

use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use testkit::{Fault, Figure};

use super::system::{System, read};
use crate::{RunConfig, load::Load};

const RATE: f64 = 500.0;
const TIMEOUT: Duration = Duration::from_secs(1);
/// Tolerance for timers on a busy machine.
const SLACK_MS: u64 = 150;

/// The cause of the freeze.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Freeze {
    /// The process is stopped.
    Stopped,
    /// The network drops everything.
    BlackHole,
}

pub(super) async fn run(config: &RunConfig, freeze: Freeze) -> anyhow::Result<Vec<Figure>> {
    let system = System::start(freeze == Freeze::BlackHole, config.seed()).await?;
    let channel = system.channel()?;
    let load = Load::start(RATE, move |_| read(channel.clone(), TIMEOUT));
    tokio::time::sleep(Duration::from_secs(2)).await;
    let frozen = load.elapsed();
    set(&system, freeze, true);
    tokio::time::sleep(config.time(Duration::from_secs(30)).max(Duration::from_secs(4))).await;
    let thawed = load.elapsed();
    set(&system, freeze, false);
    let thaw_began = Instant::now();
    system.until_called(0).await?;
    let recovery = thaw_began.elapsed();
    let end = load.elapsed();
    let calls = load.stop(TIMEOUT * 2).await?;
    let at_first = calls.between(frozen, frozen + Duration::from_secs(2));
    let later = calls.between(frozen + Duration::from_secs(2), thawed);
    let mut around = calls.between(Duration::ZERO, frozen);
    around.all.extend(calls.between(thawed, end).all);
    Ok(vec![
        Figure::at_most("longest call, ms", calls.longest_ms(), 1_000 + SLACK_MS),
        Figure::at_most("failed in the first 2 s, %", at_first.failed_share(), 33.4),
        Figure::at_most(
            format!("failed after 2 s, % {}", later.codes()),
            later.failed_share(),
            2.0,
        ),
        Figure::at_most("failed before and after the freeze, %", around.failed_share(), 1.0),
        Figure::at_most("used again after, ms", recovery.as_millis(), 3_000),
    ])
}

fn set(system: &System, freeze: Freeze, frozen: bool) {
    match freeze {
        Freeze::Stopped => {
            system.signal(0, if frozen { Signal::SIGSTOP } else { Signal::SIGCONT });
        }
        Freeze::BlackHole => system.proxies[0].set(Fault { stall: frozen, ..Fault::default() }),
    }
}
