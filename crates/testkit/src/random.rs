//! Reproducible random numbers.

/// A seeded random number generator (SplitMix64). Not for secrets.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// A generator that depends only on the seed.
    pub fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    /// An independent generator per label, unaffected by the use of the others.
    #[must_use]
    pub fn branch(&self, label: &str) -> Self {
        let mut branch = self.clone();
        for byte in label.bytes() {
            branch.0 = branch.0.rotate_left(8) ^ u64::from(byte);
            branch.0 = branch.number();
        }
        branch
    }

    /// The next 64-bit number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`; 0 for a limit of 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        // The high half of the product. Its bias is negligible for tests.
        ((u128::from(self.number()) * u128::from(limit)) >> 64) as u64
    }

    /// True with this probability, from 0.0 to 1.0.
    pub fn chance(&mut self, share: f64) -> bool {
        // A double represents 53 bits exactly.
        let drawn = (self.number() >> 11) as f64 / (1_u64 << 53) as f64;
        drawn < share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_depend_on_seed_and_label_only() {
        // The first number of the published generator for this seed.
        assert_eq!(Random::seeded(0).number(), 0xE220_A839_7B1D_CDAF);
        let root = Random::seeded(7);
        assert_eq!(root.branch("a").number(), root.branch("a").number());
        assert_ne!(root.branch("ab").number(), root.branch("ba").number());
        assert_ne!(root.branch("a").number(), Random::seeded(8).branch("a").number());
    }

    #[test]
    fn numbers_are_below_the_limit_and_chances_match() {
        let mut random = Random::seeded(1);
        let drawn: Vec<_> = (0..1_000).map(|_| random.below(10)).collect();
        assert!((0..10).all(|number| drawn.contains(&number)));
        assert!(drawn.iter().all(|number| *number < 10));
        assert_eq!(random.below(0), 0);
        let hits = (0..10_000).filter(|_| random.chance(0.1)).count();
        assert!((800..1_200).contains(&hits), "{hits}");
        assert!(!random.chance(0.0) && random.chance(1.0));
    }
}
