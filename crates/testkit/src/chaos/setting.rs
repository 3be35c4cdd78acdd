//! How large an experiment is, and what its chances depend on.

use std::time::Duration;

use crate::Random;

/// What an experiment is run with.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    seed: u64,
    scale: f64,
}

impl Setting {
    /// A scale of 1 is the full size.
    ///
    /// # Panics
    /// When the scale is not more than 0 and at most [`Setting::MAX_SCALE`].
    pub fn new(seed: u64, scale: f64) -> Self {
        assert!(scale > 0.0 && scale <= Self::MAX_SCALE, "there is no scale of {scale}");
        Self { seed, scale }
    }

    /// The largest scale.
    pub const MAX_SCALE: f64 = 1_000.0;

    /// What all chances depend on.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// How large it is, 1 being full.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// So many of a full number; at least one.
    pub fn count(&self, full: u64) -> u64 {
        ((full as f64 * self.scale).round() as u64).max(1)
    }

    /// So much of a full time; at least a millisecond.
    pub fn time(&self, full: Duration) -> Duration {
        full.mul_f64(self.scale).max(Duration::from_millis(1))
    }

    /// Randomness of its own for each purpose.
    pub fn random(&self, purpose: &str) -> Random {
        Random::seeded(self.seed).branch(purpose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_experiment_still_does_something() {
        let setting = Setting::new(1, 0.001);
        assert_eq!(setting.count(20_000), 20);
        assert_eq!(setting.count(300), 1);
        assert_eq!(setting.time(Duration::from_secs(60)), Duration::from_millis(60));
        assert_eq!(Setting::new(1, 1.0).count(300), 300);
    }

    #[test]
    #[should_panic(expected = "there is no scale of NaN")]
    fn scale_is_a_number() {
        Setting::new(1, f64::NAN);
    }
}
