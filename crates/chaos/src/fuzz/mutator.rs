//! Inputs made of known ones: changed, cut, repeated, joined, and with words of their language put in.

use testkit::Random;

/// Maximum length of an input, in bytes: the longest of a request line.
const MAX_LENGTH: usize = 6_000;
/// Maximum number of changes of an input.
const MAX_CHANGES: u64 = 6;

/// Makes inputs from examples and words. The same seed makes the same inputs.
#[derive(Debug)]
pub(super) struct Mutator {
    random: Random,
    examples: Vec<Vec<u8>>,
    words: &'static [&'static str],
}

impl Mutator {
    pub(super) fn new(
        random: Random,
        examples: Vec<Vec<u8>>,
        words: &'static [&'static str],
    ) -> Self {
        Self { random, examples, words }
    }

    /// The next input.
    pub(super) fn next(&mut self) -> Vec<u8> {
        let mut input = self.example();
        for _ in 0..=self.below(MAX_CHANGES as usize) {
            self.change(&mut input);
            input.truncate(MAX_LENGTH);
        }
        input
    }

    /// The next input, as text.
    pub(super) fn next_text(&mut self) -> String {
        String::from_utf8_lossy(&self.next()).into_owned()
    }

    /// Whether an input is one of the examples.
    pub(super) fn is_example(&self, input: &str) -> bool {
        self.examples.iter().any(|example| example == input.as_bytes())
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let at = self.below(input.len() + 1);
        let end = at + self.below(input.len() - at + 1);
        match self.below(8) {
            0 if at < input.len() => input[at] ^= 1 << self.below(8),
            1 if at < input.len() => input[at] = self.below(256) as u8,
            2 => drop(input.drain(at..end)),
            3 => {
                let part = input[at..end].repeat(1 + self.below(40));
                input.splice(at..at, part);
            }
            4 => {
                let other = self.example();
                input.truncate(at);
                input.extend(&other[self.below(other.len() + 1)..]);
            }
            5 => {
                let number = self.random.number().to_string();
                input.splice(at..end, number.into_bytes());
            }
            _ => {
                let word = self.words[self.below(self.words.len())];
                input.splice(at..at, word.bytes());
            }
        }
    }

    fn example(&mut self) -> Vec<u8> {
        let at = self.below(self.examples.len());
        self.examples[at].clone()
    }

    fn below(&mut self, limit: usize) -> usize {
        self.random.below(limit as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn inputs_differ_and_a_seed_repeats_them() {
        let inputs = |seed| {
            let examples = vec![b"price < 5".to_vec(), b"brand:\"x\" OR stock > 1".to_vec()];
            let mut mutator = Mutator::new(Random::seeded(seed), examples, &["(", " AND "]);
            (0..1_000).map(|_| mutator.next()).collect::<Vec<_>>()
        };
        let first = inputs(7);
        assert_eq!(first, inputs(7));
        assert!(first.iter().collect::<HashSet<_>>().len() > 900);
        assert!(first.iter().all(|input| input.len() <= MAX_LENGTH));
    }
}
