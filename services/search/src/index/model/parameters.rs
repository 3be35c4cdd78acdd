//! The ranking parameters and their defaults.
//!
//! The defaults were found by single trials and then by `cargo xtask bench relevance --tune`, which
//! validates its choices by five-fold cross-validation; `docs/relevance.md` has the method. Change
//! one for a reason, not for the third decimal.

/// Parameters of the ranking function. Factors are relative to an exact match of the word, which
/// counts 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// Weight of an occurrence by field.
    pub weights: Weights,
    /// BM25's k1, in weighted occurrences: the term frequency at which a term's score saturates.
    pub saturation: f32,
    /// BM25's b, from 0 to 1: how strongly long products are penalised.
    pub length: f32,
    /// Factor of another form of the word (`printing` for `printer`).
    pub stem: f32,
    /// Factor of words that the query's last word is a prefix of.
    pub prefix: f32,
    /// Further factor for them if the last word is itself a known word.
    pub known_prefix: f32,
    /// Factor of a compound written as two words, or the reverse (`note book`).
    pub compound: f32,
    /// Factor of a code's parts that stand together as one term.
    pub code: f32,
    /// Factor of a synonym.
    pub synonym: f32,
    /// Factor of a word with one typing error.
    pub typo: f32,
    /// Factor of a word with two typing errors.
    pub two_typos: f32,
    /// Further factor for a typing error in the first letter.
    pub first_letter: f32,
    /// Share of the products below which a word counts as possibly mistyped.
    pub rare: f32,
    /// Share of the query's total weight, from 0 to 1, that a product must match if none has all
    /// words.
    pub coverage: f32,
    /// Exponent of the matched share of the weight; the score is multiplied by that power.
    pub coordination: f32,
    /// Bonus if the product is of the kind that the word names, as a share of the word's weight.
    pub kind: f32,
    /// Bonus if the product is the thing that the query is for, by its title, as a share of the word's weight.
    pub head: f32,
    /// The same if only the thing's noun agrees and not the words before it.
    pub head_noun: f32,
    /// Share of both bonuses if the product's category names another thing than its title.
    pub doubtful_head: f32,
    /// Factor of a product that is known not to have an excluded value: it has the attribute with another value.
    pub known_without: f32,
    /// Bonus for a brand's own products, as a share of the weight of the brand's word.
    pub own_brand: f32,
    /// Bonus if the word is a whole value of the product, as a share of the word's weight.
    pub value: f32,
    /// Bonus for a quoted phrase in the name, as a share of the score.
    pub phrase: f32,
    /// Loss for each hundredth by which a measure differs, as a share of the score.
    pub measure: f32,
    /// Maximum bonus for all words being in the name, as a share of the score.
    pub in_name: f32,
    /// Maximum bonus for the words being adjacent in the name, as a share of the score.
    pub side_by_side: f32,
}

/// Weight of an occurrence by field. Whole numbers, because they are written into the index as term
/// frequencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights {
    pub name: u32,
    pub brand: u32,
    /// The name of the product's own category.
    pub category: u32,
    /// The names of that category's ancestors.
    pub above: u32,
    /// Text attributes, labels, and text fields without a weight of their own.
    pub attribute: u32,
    /// Numeric attributes.
    pub number: u32,
    pub description: u32,
    /// Ids, SKUs and barcodes.
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
            head: 2.5,
            head_noun: 1.5,
            doubtful_head: 0.4,
            known_without: 3.0,
            own_brand: 1.0,
            value: 0.3,
            phrase: 2.0,
            measure: 0.1,
            in_name: 0.2,
            side_by_side: 0.2,
        }
    }
}
