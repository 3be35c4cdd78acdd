//! Seed and scale of a run.

use std::time::Duration;

use devtools::chaos::{MAX_SCALE, is_valid_scale};
use testkit::Random;

/// Seed and scale of a run. The scale reduces the counts and durations of an experiment.
#[derive(Debug, Clone, Copy)]
pub struct RunConfig {
    seed: u64,
    scale: f64,
}

impl RunConfig {
    /// A scale of 1 is the full size.
    ///
    /// # Panics
    /// If the scale is not above 0, or is above [`MAX_SCALE`].
    pub fn new(seed: u64, scale: f64) -> Self {
        assert!(is_valid_scale(scale), "scale {scale} is not above 0 and at most {MAX_SCALE}");
        Self { seed, scale }
    }

    /// The seed of all random numbers.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The scale; 1 is the full size.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// Scales a count; at least 1.
    pub fn count(&self, full: u64) -> u64 {
        ((full as f64 * self.scale).round() as u64).max(1)
    }

    /// Scales a duration; at least a millisecond.
    pub fn time(&self, full: Duration) -> Duration {
        full.mul_f64(self.scale).max(Duration::from_millis(1))
    }

    /// A random number generator for one purpose, independent of those for others.
    pub fn random(&self, purpose: &str) -> Random {
        Random::seeded(self.seed).branch(purpose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_scales_round_up_to_one() {
        let config = RunConfig::new(1, 0.001);
        assert_eq!(config.count(20_000), 20);
        assert_eq!(config.count(300), 1);
        assert_eq!(config.time(Duration::from_secs(60)), Duration::from_millis(60));
        assert_eq!(RunConfig::new(1, 1.0).count(300), 300);
    }

    #[test]
    #[should_panic(expected = "scale NaN is not above 0")]
    fn nan_is_not_a_scale() {
        RunConfig::new(1, f64::NAN);
    }
}
