//! What the machine is like at the moment.

use std::{
    hint,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use testkit::cpu_seconds;

use crate::{cpu::tree_seconds, sample::median};

/// Round trips of which one sample consists.
const TRIPS: u32 = 200;
const SAMPLES: usize = 301;
/// Longest time that all samples may take: where the threads do not run at once, each trip is a
/// time slice.
const LIMIT: Duration = Duration::from_secs(1);

/// Measures how many cores processes outside of the bench keep busy.
#[derive(Debug)]
pub(crate) struct Meter {
    began: Instant,
    /// Busy seconds of all cores, less those of the bench, at the beginning.
    others: f64,
    database: u32,
}

impl Meter {
    /// Begins. `database` is the first process of PostgreSQL, which is not our child.
    ///
    /// # Errors
    /// The kernel does not tell.
    pub(crate) fn start(database: u32) -> Result<Self> {
        Ok(Self { began: Instant::now(), others: others_seconds(database)?, database })
    }

    /// Cores that others have kept busy since. Exact once all servers that were started since have
    /// been waited for.
    ///
    /// # Errors
    /// The kernel does not tell.
    pub(crate) fn cores(&self) -> Result<f64> {
        let spent = others_seconds(self.database)? - self.others;
        Ok((spent / self.began.elapsed().as_secs_f64()).max(0.0))
    }
}

/// Busy seconds of all cores since the machine's start, stolen ones included, less those of the
/// bench, of its children that have ended, and of the database.
fn others_seconds(database: u32) -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/stat")?;
    let line = stat.lines().next().context("/proc/stat is empty")?;
    let mut busy = 0.0;
    // user nice system idle iowait irq softirq steal, in hundredths of a second
    for (index, ticks) in line.split_ascii_whitespace().skip(1).take(8).enumerate() {
        if !matches!(index, 3 | 4) {
            busy += ticks.parse::<f64>()? / 100.0;
        }
    }
    Ok(busy - cpu_seconds(std::process::id(), true)? - tree_seconds(database)?)
}

/// How long a word takes from one core to another and back, in nanoseconds: two threads that wait
/// busily for each other. It tells how far apart the cores are, which virtual machines change.
/// Nothing where the threads hardly ran at the same time.
pub(crate) fn ping_pong_ns() -> Option<f64> {
    let (ball, over) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicBool::new(false)));
    let end = Instant::now() + LIMIT;
    let partner = {
        let (ball, over) = (Arc::clone(&ball), Arc::clone(&over));
        thread::spawn(move || return_all(&ball, &over))
    };
    let mut samples = Vec::with_capacity(SAMPLES);
    let mut sent = 0;
    while samples.len() < SAMPLES
        && let Some(sample) = round_trips(&ball, &mut sent, end)
    {
        samples.push(sample);
    }
    over.store(true, Ordering::Relaxed);
    partner.join().ok();
    // The first sample includes the start of the thread.
    (samples.len() > 10).then(|| median(samples.split_off(1)))
}

/// Odd numbers go out, even ones come back.
fn round_trips(ball: &AtomicU32, sent: &mut u32, end: Instant) -> Option<f64> {
    let began = Instant::now();
    for _ in 0..TRIPS {
        *sent = sent.wrapping_add(2);
        ball.store(sent.wrapping_sub(1), Ordering::Release);
        let mut spins = 0_u32;
        while ball.load(Ordering::Acquire) != *sent {
            hint::spin_loop();
            spins += 1;
            if spins.is_multiple_of(1_024) && Instant::now() > end {
                return None;
            }
        }
    }
    Some(began.elapsed().as_nanos() as f64 / f64::from(TRIPS))
}

fn return_all(ball: &AtomicU32, over: &AtomicBool) {
    while !over.load(Ordering::Relaxed) {
        let seen = ball.load(Ordering::Acquire);
        if seen % 2 == 1 {
            ball.store(seen.wrapping_add(1), Ordering::Release);
        }
        hint::spin_loop();
    }
}
