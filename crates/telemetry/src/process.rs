//! Metrics of the process, under the names of Prometheus's client libraries.

use std::fs;

use opentelemetry::global::meter;

/// Registers the metrics; they are measured at each scrape and export.
pub(crate) fn register_metrics() {
    gauge("process.resident_memory", "By", "Resident memory.", || {
        field("/proc/self/status", "VmRSS:").map(|kib| kib * 1_024)
    });
    gauge("process.threads", "", "Threads.", || field("/proc/self/status", "Threads:"));
    gauge("process.open_fds", "", "Open file descriptors.", || {
        // Reading the directory opens one more.
        let open = fs::read_dir("/proc/self/fd").ok()?.count() as u64;
        Some(open.saturating_sub(1))
    });
    gauge("process.max_fds", "", "Limit of open file descriptors.", || {
        let limits = fs::read_to_string("/proc/self/limits").ok()?;
        let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
        line.split_whitespace().next()?.parse().ok()
    });
    meter("telemetry")
        .f64_observable_counter("process.cpu")
        .with_unit("s")
        .with_description("Processor time, user and system.")
        .with_callback(|counter| {
            if let Some(seconds) = processor_seconds() {
                counter.observe(seconds, &[]);
            }
        })
        .build();
}

fn gauge(
    name: &'static str,
    unit: &'static str,
    description: &'static str,
    read: impl Fn() -> Option<u64> + Send + Sync + 'static,
) {
    meter("telemetry")
        .u64_observable_gauge(name)
        .with_unit(unit)
        .with_description(description)
        .with_callback(move |gauge| {
            if let Some(value) = read() {
                gauge.observe(value, &[]);
            }
        })
        .build();
}

/// The first number after `name` in a file of `/proc`.
fn field(file: &str, name: &str) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The sum of `utime` and `stime` in `/proc/self/stat`, which count hundredths of a second on Linux.
fn processor_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    Some(ticks as f64 / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn process_fields_are_read() {
        assert!(field("/proc/self/status", "VmRSS:").unwrap() > 1_000);
        assert!(field("/proc/self/status", "Threads:").unwrap() >= 1);
        assert!(processor_seconds().is_some());
        assert_eq!(field("/proc/self/status", "NoSuchField:"), None);
    }
}
