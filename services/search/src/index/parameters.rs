//! Every number that ranking depends on, and where it comes from.
//!
//! The defaults were found by single trials and then by `cargo xtask bench relevance --tune`, which
//! holds its choices against queries that had no part in them (five folds); `docs/relevance.md` tells
//! how. Change one for a reason, not for the third decimal.

/// How products are ranked.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// How much a word counts by where it stands.
    pub weights: Weights,
    /// How slowly more of the same word stops counting (BM25's k1), in weighted occurrences.
    pub saturation: f32,
    /// How much products with many words are held back, from 0 to 1 (BM25's b).
    pub length: f32,
    /// What another form of the word counts (`printing` for `printer`), the word itself being 1.
    pub stem: f32,
    /// What a word that begins with the last word counts.
    pub prefix: f32,
    /// What is left of that if the last word is a word already.
    pub known_prefix: f32,
    /// What a word counts that was typed apart or together (`note book`).
    pub compound: f32,
    /// What the parts of a code count where they stand together as one.
    pub code: f32,
    /// What a synonym counts.
    pub synonym: f32,
    /// What a word with one typing error counts.
    pub typo: f32,
    /// What a word with two typing errors counts.
    pub two_typos: f32,
    /// What is left of that if the first letter is another.
    pub first_letter: f32,
    /// A word that is in fewer than this part of the products is perhaps mistyped.
    pub rare: f32,
    /// How much the product must match of what the words tell, from 0 to 1, where none has them all.
    pub coverage: f32,
    /// The power of the part that matches, which the score is multiplied by.
    pub coordination: f32,
    /// What it adds to a word's score, in parts of its weight, that the product is of the kind that
    /// the word names.
    pub kind: f32,
    /// What it adds to a score, at most, that the name has all words.
    pub in_name: f32,
    /// What it adds to a score, at most, that the words stand side by side in the name.
    pub side_by_side: f32,
}

/// How much an occurrence counts by where it stands, in whole numbers: they are written into the
/// index as occurrences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights {
    pub name: u32,
    pub brand: u32,
    /// The category itself.
    pub category: u32,
    /// The categories above it.
    pub above: u32,
    /// An attribute's text, or a label.
    pub attribute: u32,
    /// An attribute's number.
    pub number: u32,
    pub description: u32,
    /// Ids, skus and barcodes.
    pub code: u32,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            weights: Weights {
                name: 6,
                brand: 6,
                category: 3,
                above: 2,
                attribute: 2,
                number: 1,
                description: 2,
                code: 11,
            },
            saturation: 4.0,
            length: 0.4,
            stem: 0.6,
            prefix: 0.8,
            known_prefix: 0.7,
            compound: 0.9,
            code: 1.1,
            synonym: 0.4,
            typo: 0.62,
            two_typos: 0.3,
            first_letter: 0.6,
            rare: 0.001,
            coverage: 0.5,
            coordination: 2.0,
            kind: 0.4,
            in_name: 0.2,
            side_by_side: 0.15,
        }
    }
}
