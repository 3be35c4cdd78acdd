//! How many typing errors lie between two words: letters that are missing, doubled, wrong, or
//! swapped with their neighbour (the optimal string alignment distance).

/// Longer words are not compared.
const LONGEST: usize = 32;

/// Which letters a word has: a bit for each of a to z, one for all others.
pub(super) fn letters(word: &str) -> u32 {
    let bit = |letter: char| match letter {
        'a'..='z' => 1 << (letter as u32 - 'a' as u32),
        _ => 1 << 26,
    };
    word.chars().map(bit).fold(0, |set, bit| set | bit)
}

/// How a word begins, and how long it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shape {
    length: u8,
    /// The first two letters, each as its lowest byte.
    first: [u8; 2],
}

impl Shape {
    pub(super) fn of(word: &str) -> Self {
        let length = word.chars().count().try_into().unwrap_or(u8::MAX);
        let mut first = word.chars().map(|letter| (u32::from(letter) & 0xff) as u8);
        let first = [first.next().unwrap_or_default(), first.next().unwrap_or_default()];
        Self { length, first }
    }
}

/// So many words are looked at together.
const TOGETHER: usize = 32;

/// A word that others are compared with.
pub(super) struct Asked {
    word: Vec<char>,
    letters: u32,
    shape: Shape,
}

impl Asked {
    pub(super) fn new(word: &str) -> Self {
        Self { word: word.chars().collect(), letters: letters(word), shape: Shape::of(word) }
    }

    /// Hands the places of the words to `each` that may be so near by their [`letters`]: an error
    /// takes one letter and brings one at most. Two errors at most.
    pub(super) fn near_by_letters(&self, words: &[u32], errors: u8, each: impl FnMut(usize)) {
        match errors {
            0 => {}
            1 => self.differing_at_most::<2>(words, each),
            _ => self.differing_at_most::<4>(words, each),
        }
    }

    /// Nearly all words are far away, and are passed over many at once, without a branch for each.
    fn differing_at_most<const BITS: usize>(&self, words: &[u32], mut each: impl FnMut(usize)) {
        let is_near = |letters: u32| {
            let mut differing = letters ^ self.letters;
            for _ in 0..BITS {
                differing &= differing.wrapping_sub(1);
            }
            differing == 0
        };
        for (block, together) in words.chunks(TOGETHER).enumerate() {
            if together.iter().fold(false, |any, letters| any | is_near(*letters)) {
                let near = together.iter().enumerate().filter(|(_, letters)| is_near(**letters));
                near.for_each(|(at, _)| each(block * TOGETHER + at));
            }
        }
    }

    /// Whether a word that is [near by its letters](Self::near_by_letters) may be so near. One error
    /// may be anywhere; with two, the first letter is there, or the second is it: who mistypes a word
    /// twice has begun it right.
    pub(super) fn may_be_near(&self, letters: u32, other: Shape, errors: u8) -> bool {
        let ([a, b], [c, d]) = (self.shape.first, other.first);
        let longer = self.shape.length.abs_diff(other.length);
        // An error changes the length by one at most.
        longer <= errors
            && (errors < 2
                || a == c
                || b == c
                || a == d
                || longer <= 1 && (self.letters ^ letters).count_ones() <= 2)
    }

    /// Returns the number of errors to another word, if it is not above `most`.
    pub(super) fn errors(&self, other: &str, most: u8) -> Option<u8> {
        let mut letters = ['\0'; LONGEST];
        let mut length = 0;
        for letter in other.chars() {
            *letters.get_mut(length)? = letter;
            length += 1;
        }
        if self.word.len() > LONGEST {
            return None;
        }
        // What both begin and end with takes no part.
        let (mut a, mut b) = (&self.word[..], &letters[..length]);
        let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
        (a, b) = (&a[same..], &b[same..]);
        let same = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
        (a, b) = (&a[..a.len() - same], &b[..b.len() - same]);
        if a.len().abs_diff(b.len()) > usize::from(most) {
            return None;
        }
        let mut before = [0_u8; LONGEST + 1];
        let mut row: [u8; LONGEST + 1] = std::array::from_fn(|at| at as u8);
        for i in 1..=a.len() {
            let mut next = [0_u8; LONGEST + 1];
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
            if best > most {
                return None;
            }
            before = row;
            row = next;
        }
        let errors = row[b.len()];
        (errors <= most).then_some(errors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may_be_near(asked: &Asked, other: &str, errors: u8) -> bool {
        let mut near = false;
        asked.near_by_letters(&[letters(other)], errors, |_| near = true);
        near && asked.may_be_near(letters(other), Shape::of(other), errors)
    }

    #[test]
    fn words_are_near_by_their_letters_wherever_they_stand() {
        let words: Vec<u32> = ["kettle", "mug", "kettel", "ketch", "settle", "pan", "keitlne"]
            .into_iter()
            .cycle()
            .take(7 * TOGETHER - 3)
            .map(letters)
            .collect();
        let near = |errors| {
            let mut found = Vec::new();
            Asked::new("kettle").near_by_letters(&words, errors, |at| found.push(at));
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
            let asked = Asked::new(a);
            assert_eq!(asked.errors(b, 2), expected, "{a} {b}");
            if let Some(errors @ 1..) = expected {
                assert!(may_be_near(&asked, b, errors), "{a} {b}");
            }
        }
        let twice = Asked::new("jettlo");
        assert_eq!(twice.errors("kettle", 2), Some(2));
        assert!(!may_be_near(&twice, "kettle", 2), "it begins with another letter");
        assert_eq!(Asked::new("").errors("ab", 2), Some(2));
        assert_eq!(Asked::new(&"x".repeat(40)).errors("x", 2), None);
        assert_eq!(Asked::new("x").errors(&"x".repeat(40), 2), None);
    }
}
