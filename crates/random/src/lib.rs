//! Chance, for spreading calls and pauses: cheap, and no secret.

use std::{
    cell::Cell,
    hash::{BuildHasher, RandomState},
};

thread_local! {
    /// One a thread: every call draws, and a shared one would travel between the cores.
    static STATE: Cell<u64> = Cell::new(RandomState::new().hash_one(0));
}

/// Any number (SplitMix64: Steele, Lea, Flood 2014).
pub fn number() -> u64 {
    let mut z = STATE.get();
    STATE.set(z.wrapping_add(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number in `[0, 1)`.
pub fn unit() -> f64 {
    (number() >> 11) as f64 / (1_u64 << 53) as f64
}

/// Two different numbers below `count`, which is at least two.
pub fn two_below(count: usize) -> (usize, usize) {
    let number = number();
    // The high halves of products: the bias is far below what matters here.
    let below = |bits: u64, limit: usize| ((bits * limit as u64) >> 32) as usize;
    let one = below(number >> 32, count);
    let other = below(number & u64::from(u32::MAX), count - 1);
    (one, if other >= one { other + 1 } else { other })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_even_and_never_of_one() {
        let mut seen = [0; 3];
        for _ in 0..3_000 {
            let (one, other) = two_below(3);
            assert_ne!(one, other);
            seen[one] += 1;
            seen[other] += 1;
        }
        assert!(seen.iter().all(|count| (1_800..2_200).contains(count)), "{seen:?}");
        assert!((0..1_000).map(|_| unit()).all(|number| (0.0..1.0).contains(&number)));
    }
}
