//! Constraints of judged queries, by their notes: a price that a product must have, or things that it must not have.

use proto::catalogue::v1::{Product, attribute::Value};

use crate::Judged;

/// Maximum size of an attribute's text that is a value, in bytes. Longer ones are prose.
const MAX_VALUE_BYTES: usize = 64;

/// A demand of a query.
#[derive(Clone, Debug, PartialEq)]
pub enum Constraint {
    /// In units of the currency; bounds are included.
    Price { low: f64, high: f64 },
    /// Brands or words, in lower case.
    Without(Vec<String>),
}

impl Constraint {
    /// Returns the constraint of a query of the classes `price` and `exclude`.
    #[must_use]
    pub fn of(judged: &Judged) -> Option<Self> {
        let field = judged.note.split(" | ").nth(2)?;
        match judged.class.as_str() {
            "price" => price(field.strip_suffix(" USD")?),
            "exclude" => {
                let words = field.strip_prefix("not ")?.split(", ");
                Some(Self::Without(words.map(str::to_lowercase).collect()))
            }
            _ => None,
        }
    }

    /// Whether a product that was shown violates the constraint. One with a grade does not: the judgement knows
    /// which of its attributes count.
    #[must_use]
    pub fn is_violated_by(&self, product: &Product, judged: &Judged) -> bool {
        if judged.grades.contains_key(&product.id) {
            return false;
        }
        match self {
            Self::Price { low, high } => {
                let price = product.price.as_ref();
                let price = price.map(|it| it.units as f64 + f64::from(it.nanos) / 1e9);
                !price.is_some_and(|price| (*low..=*high).contains(&price))
            }
            Self::Without(all) => all.iter().any(|it| has(product, it)),
        }
    }
}

fn price(text: &str) -> Option<Constraint> {
    let (low, high) = if let Some(high) = text.strip_prefix("<= ") {
        (0.0, high.parse().ok()?)
    } else if let Some(low) = text.strip_prefix(">= ") {
        (low.parse().ok()?, f64::INFINITY)
    } else {
        let (low, high) = text.split_once("..")?;
        (low.parse().ok()?, high.parse().ok()?)
    };
    Some(Constraint::Price { low, high })
}

/// Whether a product is of the brand, or says of itself that it has the words.
fn has(product: &Product, words: &str) -> bool {
    let values = product.attributes.iter().filter_map(|it| match &it.value {
        Some(Value::Text(text)) if text.len() <= MAX_VALUE_BYTES => Some(text.to_lowercase()),
        Some(Value::Flag(true)) => Some(it.name.replace('_', " ")),
        _ => None,
    });
    let texts = [product.brand.to_lowercase(), product.name.to_lowercase()];
    values.chain(texts).any(|text| contains_words(&text, words))
}

/// Whether a text contains words, not only as parts of others.
fn contains_words(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + words.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(class: &str, note: &str) -> Judged {
        Judged { class: class.to_owned(), note: note.to_owned(), ..Judged::default() }
    }

    #[test]
    fn notes_have_constraints() {
        let of = |class, note| Constraint::of(&judged(class, note));
        let price = |low, high| Some(Constraint::Price { low, high });
        assert_eq!(of("price", "base tv | tv | <= 40 USD | 19 of 85"), price(0.0, 40.0));
        assert_eq!(of("price", "base tv | tv | 10..40 USD | 19 of 85"), price(10.0, 40.0));
        let words = vec!["netgear".to_owned(), "d-link".to_owned()];
        let without = Some(Constraint::Without(words));
        assert_eq!(of("exclude", "base switch | switch | not Netgear, D-Link | 1 ok"), without);
        assert_eq!(of("phrase", "base phrase a b | \"a b\""), None);
    }

    #[test]
    fn what_says_that_it_has_the_words_violates() {
        let without = Constraint::Without(vec!["black".to_owned()]);
        let named = |name: &str| Product { name: name.to_owned(), ..Product::default() };
        let judged = judged("exclude", "");
        assert!(without.is_violated_by(&named("Mouse, Black"), &judged));
        assert!(!without.is_violated_by(&named("Blackbird mouse"), &judged));
    }
}
