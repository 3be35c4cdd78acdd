//! Load and core-to-core latency of the machine.

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

/// Round trips per sample.
const TRIPS: u32 = 200;
const SAMPLES: usize = 301;
/// Timeout of all samples: if the threads do not run in parallel, each trip takes a time slice.
const TIMEOUT: Duration = Duration::from_secs(1);

/// Measures the busy cores of processes outside of the bench.
#[derive(Debug)]
pub(crate) struct Meter {
    began: Instant,
    /// Busy seconds of all cores, less those of the bench, at the start.
    others: f64,
    database: u32,
}

impl Meter {
    /// Starts measuring. `database` is the postmaster, which is not a child process.
    ///
    /// # Errors
    /// `/proc` cannot be read.
    pub(crate) fn start(database: u32) -> Result<Self> {
        Ok(Self { began: Instant::now(), others: others_seconds(database)?, database })
    }

    /// Busy cores of other processes since the start. Exact if all servers started since have ended.
    ///
    /// # Errors
    /// `/proc` cannot be read.
    pub(crate) fn cores(&self) -> Result<f64> {
        let spent = others_seconds(self.database)? - self.others;
        Ok((spent / self.began.elapsed().as_secs_f64()).max(0.0))
    }
}

/// Busy seconds of all cores since boot, including stolen time, less those of the bench, its ended children
/// and the database.
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

/// Round-trip time of a word between two cores, in nanoseconds, measured by two spinning threads. It depends
/// on the distance of the cores, which virtual machines change. `None` if the threads hardly ran in parallel.
pub(crate) fn ping_pong_ns() -> Option<f64> {
    let (word, stop) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicBool::new(false)));
    let end = Instant::now() + TIMEOUT;
    let other = {
        let (word, stop) = (Arc::clone(&word), Arc::clone(&stop));
        thread::spawn(move || increment_odd(&word, &stop))
    };
    let mut samples = Vec::with_capacity(SAMPLES);
    let mut last = 0;
    while samples.len() < SAMPLES
        && let Some(sample) = round_trips(&word, &mut last, end)
    {
        samples.push(sample);
    }
    stop.store(true, Ordering::Relaxed);
    other.join().ok();
    // The first sample includes the start of the thread.
    (samples.len() > 10).then(|| median(samples.split_off(1)))
}

/// Stores odd numbers, and waits for the even ones of the other thread.
fn round_trips(word: &AtomicU32, last: &mut u32, end: Instant) -> Option<f64> {
    let began = Instant::now();
    for _ in 0..TRIPS {
        *last = last.wrapping_add(2);
        word.store(last.wrapping_sub(1), Ordering::Release);
        let mut spins = 0_u32;
        while word.load(Ordering::Acquire) != *last {
            hint::spin_loop();
            spins += 1;
            if spins.is_multiple_of(1_024) && Instant::now() > end {
                return None;
            }
        }
    }
    Some(began.elapsed().as_nanos() as f64 / f64::from(TRIPS))
}

/// Increments each odd number.
fn increment_odd(word: &AtomicU32, stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        let seen = word.load(Ordering::Acquire);
        if seen % 2 == 1 {
            word.store(seen.wrapping_add(1), Ordering::Release);
        }
        hint::spin_loop();
    }
}
