//! Edit distance between words: insertions, deletions, substitutions and transpositions of adjacent
//! letters (optimal string alignment distance). Cheap filters by letters reject most words before
//! it is computed.

/// Maximum length of the words that are compared, in characters.
const MAX_CHARS: usize = 32;

/// Returns the set of a word's letters: one bit for each of a to z, one for all others.
pub(crate) fn letter_set(word: &str) -> u32 {
    let bit = |letter: char| match letter {
        'a'..='z' => 1 << (letter as u32 - 'a' as u32),
        _ => 1 << 26,
    };
    word.chars().map(bit).fold(0, |set, bit| set | bit)
}

/// A word's length and first letters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct WordShape {
    length: u8,
    /// The low byte of each of the first two letters.
    first: [u8; 2],
}

impl WordShape {
    pub(crate) fn of(word: &str) -> Self {
        let length = word.chars().count().try_into().unwrap_or(u8::MAX);
        let mut first = word.chars().map(|letter| (u32::from(letter) & 0xff) as u8);
        let first = [first.next().unwrap_or_default(), first.next().unwrap_or_default()];
        Self { length, first }
    }
}

/// Number of letter sets that are compared in one block, without a branch.
const BLOCK: usize = 32;

/// Compares a query's word with others.
pub(crate) struct TypoMatcher {
    word: Vec<char>,
    letters: u32,
    shape: WordShape,
}

impl TypoMatcher {
    pub(crate) fn new(word: &str) -> Self {
        Self { word: word.chars().collect(), letters: letter_set(word), shape: WordShape::of(word) }
    }

    /// Calls `each` with the positions of the words whose [`letter_set`] allows a distance of up to
    /// `errors`, at most two: one error removes and adds at most one letter.
    pub(crate) fn candidates_by_letters(&self, words: &[u32], errors: u8, each: impl FnMut(usize)) {
        match errors {
            0 => {}
            1 => self.differing_at_most::<2>(words, each),
            _ => self.differing_at_most::<4>(words, each),
        }
    }

    /// Reports the letter sets that differ in at most `BITS` bits. Nearly all differ in more, so
    /// whole blocks are rejected together.
    fn differing_at_most<const BITS: usize>(&self, words: &[u32], mut each: impl FnMut(usize)) {
        let is_near = |letters: u32| {
            let mut differing = letters ^ self.letters;
            for _ in 0..BITS {
                differing &= differing.wrapping_sub(1);
            }
            differing == 0
        };
        for (block, together) in words.chunks(BLOCK).enumerate() {
            if together.iter().fold(false, |any, letters| any | is_near(*letters)) {
                let near = together.iter().enumerate().filter(|(_, letters)| is_near(**letters));
                near.for_each(|(at, _)| each(block * BLOCK + at));
            }
        }
    }

    /// Whether a word found by [`candidates_by_letters`](Self::candidates_by_letters) may be within
    /// a distance of `errors`. With two errors the first letter must be right, shifted by one, or
    /// only substituted: words with two errors mostly start correctly.
    pub(crate) fn is_candidate(&self, letters: u32, other: WordShape, errors: u8) -> bool {
        let ([a, b], [c, d]) = (self.shape.first, other.first);
        let longer = self.shape.length.abs_diff(other.length);
        longer <= errors
            && (errors < 2
                || a == c
                || b == c
                || a == d
                || longer <= 1 && (self.letters ^ letters).count_ones() <= 2)
    }

    /// Returns the distance to another word, if it is at most `max_errors`.
    pub(crate) fn errors(&self, other: &str, max_errors: u8) -> Option<u8> {
        let mut letters = ['\0'; MAX_CHARS];
        let mut length = 0;
        for letter in other.chars() {
            *letters.get_mut(length)? = letter;
            length += 1;
        }
        if self.word.len() > MAX_CHARS {
            return None;
        }
        // A common prefix and suffix do not change the distance.
        let (mut a, mut b) = (&self.word[..], &letters[..length]);
        let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
        (a, b) = (&a[same..], &b[same..]);
        let same = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
        (a, b) = (&a[..a.len() - same], &b[..b.len() - same]);
        if a.len().abs_diff(b.len()) > usize::from(max_errors) {
            return None;
        }
        let mut before = [0_u8; MAX_CHARS + 1];
        let mut row: [u8; MAX_CHARS + 1] = std::array::from_fn(|at| at as u8);
        for i in 1..=a.len() {
            let mut next = [0_u8; MAX_CHARS + 1];
            next[0] = i as u8;
            let mut best = next[0];
            for j in 1..=b.len() {
                let same = a[i - 1] == b[j - 1];
                let mut value = (row[j - 1] + u8::from(!same)).min(row[j] + 1).min(next[j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    value = value.min(before[j - 2] + 1);
                }
                next[j] = value;
                best = best.min(value);
            }
            if best > max_errors {
                return None;
            }
            before = row;
            row = next;
        }
        let errors = row[b.len()];
        (errors <= max_errors).then_some(errors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_candidate(matcher: &TypoMatcher, other: &str, errors: u8) -> bool {
        let mut near = false;
        matcher.candidates_by_letters(&[letter_set(other)], errors, |_| near = true);
        near && matcher.is_candidate(letter_set(other), WordShape::of(other), errors)
    }

    #[test]
    fn candidates_are_found_by_their_letters_at_any_position() {
        let words: Vec<u32> = ["kettle", "mug", "kettel", "ketch", "settle", "pan", "keitlne"]
            .into_iter()
            .cycle()
            .take(7 * BLOCK - 3)
            .map(letter_set)
            .collect();
        let near = |errors| {
            let mut found = Vec::new();
            TypoMatcher::new("kettle").candidates_by_letters(&words, errors, |at| found.push(at));
            found
        };
        let among = |kinds: &[usize]| {
            let all = 0..words.len();
            all.filter(|at| kinds.contains(&(at % 7))).collect::<Vec<_>>()
        };
        assert!(near(0).is_empty());
        assert_eq!(near(1), among(&[0, 2, 4, 6]));
        assert_eq!(near(2), among(&[0, 2, 3, 4, 6]));
    }

    #[test]
    fn errors_are_counted() {
        let cases = [
            ("kettle", "kettle", Some(0)),
            ("ketle", "kettle", Some(1)),
            ("kettel", "kettle", Some(1)),
            ("kettles", "kettle", Some(1)),
            ("jettle", "kettle", Some(1)),
            ("ktetel", "kettle", Some(2)),
            ("mug", "kettle", None),
            ("crème", "creme", Some(1)),
        ];
        for (a, b, expected) in cases {
            let matcher = TypoMatcher::new(a);
            assert_eq!(matcher.errors(b, 2), expected, "{a} {b}");
            if let Some(errors @ 1..) = expected {
                assert!(is_candidate(&matcher, b, errors), "{a} {b}");
            }
        }
        let twice = TypoMatcher::new("jettlo");
        assert_eq!(twice.errors("kettle", 2), Some(2));
        assert!(!is_candidate(&twice, "kettle", 2), "it begins with another letter");
        assert_eq!(TypoMatcher::new("").errors("ab", 2), Some(2));
        assert_eq!(TypoMatcher::new(&"x".repeat(40)).errors("x", 2), None);
        assert_eq!(TypoMatcher::new("x").errors(&"x".repeat(40), 2), None);
    }
}
