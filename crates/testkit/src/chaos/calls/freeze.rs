//! One of three says nothing any more, without hanging up.

use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use super::{
    load::{Load, Samples},
    system::{System, read},
};
use crate::{Fault, Figure, Setting};

const RATE: u32 = 500;
const WITHIN: Duration = Duration::from_secs(1);
/// What a timer and a busy machine may add.
const SLACK_MS: u64 = 150;

/// How it comes to say nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// The process is stopped.
    Stopped,
    /// The network swallows everything.
    Swallowed,
}

pub(super) async fn run(setting: &Setting, way: Way) -> anyhow::Result<Vec<Figure>> {
    let system = System::start(way == Way::Swallowed, setting.seed()).await?;
    let channel = system.channel()?;
    let load = Load::start(RATE, move || read(channel.clone(), WITHIN));
    tokio::time::sleep(Duration::from_secs(2)).await;
    let frozen = load.elapsed();
    set(&system, way, true);
    tokio::time::sleep(setting.time(Duration::from_secs(30)).max(Duration::from_secs(4))).await;
    let thawed = load.elapsed();
    set(&system, way, false);
    let thawing = Instant::now();
    system.until_called(0).await?;
    let back = thawing.elapsed();
    let end = load.elapsed();
    let samples = load.stop(WITHIN * 2).await;
    let at_first = samples.between(frozen, frozen + Duration::from_secs(2));
    let later = samples.between(frozen + Duration::from_secs(2), thawed);
    let around = Samples(
        [samples.between(Duration::ZERO, frozen).0, samples.between(thawed, end).0].concat(),
    );
    Ok(vec![
        Figure::at_most("longest call, ms", samples.longest_ms(), 1_000 + SLACK_MS),
        Figure::at_most("failed in the first 2 s, %", at_first.failed_share(), 33.4),
        Figure::at_most(
            format!("failed after 2 s, % {}", later.codes()),
            later.failed_share(),
            2.0,
        ),
        Figure::at_most("failed before and afterwards, %", around.failed_share(), 1.0),
        Figure::at_most("back after, ms", back.as_millis(), 3_000),
    ])
}

fn set(system: &System, way: Way, frozen: bool) {
    match way {
        Way::Stopped => {
            system.signal(0, if frozen { Signal::SIGSTOP } else { Signal::SIGCONT });
        }
        Way::Swallowed => system.networks[0].set(Fault { stall: frozen, ..Fault::default() }),
    }
}
