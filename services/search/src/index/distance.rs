//! How many typing errors lie between two words: letters that are missing, doubled, wrong, or
//! swapped with their neighbour (the optimal string alignment distance).

/// Longer words are not compared.
const LONGEST: usize = 32;

/// Which letters a word has, and how many: enough to see that most words are far away.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Letters {
    /// A bit for each letter of a to z, one for all others.
    set: u32,
    length: u8,
    /// The first two, each as its lowest byte.
    first: [u8; 2],
}

impl Letters {
    pub(super) fn of(word: &str) -> Self {
        let bit = |letter: char| match letter {
            'a'..='z' => 1 << (letter as u32 - 'a' as u32),
            _ => 1 << 26,
        };
        let set = word.chars().map(bit).fold(0, |set, bit| set | bit);
        let length = word.chars().count().try_into().unwrap_or(u8::MAX);
        let mut first = word.chars().map(|letter| (u32::from(letter) & 0xff) as u8);
        let first = [first.next().unwrap_or_default(), first.next().unwrap_or_default()];
        Self { set, length, first }
    }
}

/// A word that others are compared with.
pub(super) struct Asked {
    word: Vec<char>,
    letters: Letters,
}

impl Asked {
    pub(super) fn new(word: &str) -> Self {
        Self { word: word.chars().collect(), letters: Letters::of(word) }
    }

    /// Whether a word of these letters may be so near. One error may be anywhere; with two, the first
    /// letter is there, or the second is it: who mistypes a word twice has begun it right.
    pub(super) fn may_be_near(&self, other: Letters, errors: u8) -> bool {
        let ([a, b], [c, d]) = (self.letters.first, other.first);
        // An error changes the length by one at most, and takes and brings one letter at most.
        self.letters.length.abs_diff(other.length) <= errors
            && (self.letters.set ^ other.set).count_ones() <= 2 * u32::from(errors)
            && (errors < 2 || a == c || b == c || a == d || self.differs_once(other))
    }

    /// Whether the letters differ by what one error can do.
    fn differs_once(&self, other: Letters) -> bool {
        self.letters.length.abs_diff(other.length) <= 1
            && (self.letters.set ^ other.set).count_ones() <= 2
    }

    /// Returns the number of errors to another word, if it is not above `most`.
    pub(super) fn errors(&self, other: &str, most: u8) -> Option<u8> {
        let mut letters = ['\0'; LONGEST];
        let mut length = 0;
        for letter in other.chars() {
            *letters.get_mut(length)? = letter;
            length += 1;
        }
        let (a, b) = (&self.word[..], &letters[..length]);
        if a.len() > LONGEST {
            return None;
        }
        let most = usize::from(most);
        let mut before = [0_usize; LONGEST + 1];
        let mut row: [usize; LONGEST + 1] = std::array::from_fn(|at| at);
        for i in 1..=a.len() {
            let mut next = [0_usize; LONGEST + 1];
            next[0] = i;
            let mut best = i;
            for j in 1..=b.len() {
                let same = a[i - 1] == b[j - 1];
                let mut value =
                    (row[j - 1] + usize::from(!same)).min(row[j] + 1).min(next[j - 1] + 1);
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
        if errors > most { None } else { u8::try_from(errors).ok() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            if let Some(errors) = expected {
                assert!(asked.may_be_near(Letters::of(b), errors), "{a} {b}");
            }
        }
        let twice = Asked::new("jettlo");
        assert_eq!(twice.errors("kettle", 2), Some(2));
        assert!(!twice.may_be_near(Letters::of("kettle"), 2), "it begins with another letter");
        assert_eq!(Asked::new("").errors("ab", 2), Some(2));
        assert_eq!(Asked::new(&"x".repeat(40)).errors("x", 2), None);
        assert_eq!(Asked::new("x").errors(&"x".repeat(40), 2), None);
    }
}
