//! The command line of `cargo xtask chaos` and of the program that it runs.

/// Maximum of `--scale`.
pub const MAX_SCALE: f64 = 1_000.0;

/// Inject faults into a release build, and measure their effect
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Group of experiments
    #[arg(value_enum)]
    pub group: Group,
    /// Seed of the random number generator; printed, and random when omitted
    #[arg(long)]
    pub seed: Option<u64>,
    /// Scale: 1 is the full size, 0.01 a hundredth of it
    #[arg(long, default_value_t = 1.0, value_parser = parse_scale)]
    pub scale: f64,
    /// Run only this experiment; can be repeated
    #[arg(long, value_name = "NAME")]
    pub only: Vec<String>,
    /// List the experiments without running them
    #[arg(long)]
    pub list: bool,
}

/// A group of experiments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Group {
    /// Limits on the rate of calls: a credential that floods, a million addresses, forged ones
    Access,
    /// Client calls: replicas that die, freeze, fail and slow down
    Calls,
    /// Writes, stock, the change feed, import and export, on both databases
    Catalogue,
    /// The registry: an agent that dies, freezes, loses its data and returns wrong data
    Consul,
    /// The files of deploy/: units in a booted machine, pods and a composed system in containers (needs root)
    Deploy,
    /// The gateway's port under strangers: waiting bodies, streams, floods, idle connections, costly filters, whatever the
    /// OpenAPI document allows; all of it together with kills and load
    Edge,
    /// Feeds of other systems that follow the catalogue: kills of a push and of its host
    Feeds,
    /// The files of an embedded catalogue: a full disk, a lost file, rotten rows
    Files,
    /// Fuzzing of queries, filters, page tokens, JSON and imports, a minute each
    Fuzz,
    /// The index: kills, rebuilds, random queries
    Search,
    /// Servers: overload, connections, shutdown and restart
    Server,
}

/// Whether an experiment can run at this scale: above 0, at most [`MAX_SCALE`].
#[must_use]
pub fn is_valid_scale(scale: f64) -> bool {
    scale > 0.0 && scale <= MAX_SCALE
}

fn parse_scale(text: &str) -> Result<f64, String> {
    let scale: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if is_valid_scale(scale) {
        Ok(scale)
    } else {
        Err(format!("must be more than 0 and at most {MAX_SCALE}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scale_out_of_range_is_refused() {
        for scale in ["0", "-1", "NaN", "inf", "1001", "x"] {
            assert!(parse_scale(scale).is_err(), "{scale}");
        }
        assert_eq!(parse_scale("0.01"), Ok(0.01));
    }
}
