//! Alternatives of measures: about as large in any unit, dimensions in parts, sets of equal parts, counts.

use super::{Alternatives, Expander};
use crate::index::{
    model::MatchKind,
    query::parse::QueryWord,
    schema::analysis::{near_measures, number_and_unit},
};

/// Minimum number of digits of a number that may be a measure without its unit.
const MIN_DIGITS: usize = 3;

/// Maximum share of the products that have a number, for the number to stand without its unit.
const MAX_SHARE: f32 = 0.02;

/// Maximum number of equal parts in a set.
const MAX_PARTS: u32 = 16;

impl Expander<'_> {
    /// Adds the other spellings of a number with a unit. Returns whether the word is a measure.
    pub(super) fn add_measures(
        &self,
        word: &QueryWord,
        found: &mut Alternatives,
    ) -> tantivy::Result<bool> {
        let it = self.parameters;
        let near = near_measures(&word.typed);
        let is_measure = !near.is_empty();
        for (term, steps) in near {
            found.add(vec![term], MatchKind::Word, 1.0 - it.measure * steps as f32);
        }
        if let Some((number, unit)) = number_and_unit(&word.typed) {
            if !is_measure {
                found.add(vec![number.to_owned(), unit.to_owned()], MatchKind::Word, it.stem);
            } else if number.len() >= MIN_DIGITS && self.is_rare(number)? {
                found.add(vec![number.to_owned()], MatchKind::Word, it.stem);
            }
        }
        if let Some((times, part)) = word.typed.split_once('x')
            && [times, part].iter().all(|it| it.starts_with(|it: char| it.is_ascii_digit()))
        {
            found.add(vec![times.to_owned(), part.to_owned()], MatchKind::Word, it.stem);
            for (term, _) in total(times, part).iter().flat_map(|total| near_measures(total)) {
                found.add(vec![term], MatchKind::Word, it.stem);
            }
        }
        Ok(is_measure)
    }

    fn is_rare(&self, number: &str) -> tantivy::Result<bool> {
        let products = self.dictionary.frequency(number)? as f32;
        Ok(products <= self.dictionary.products as f32 * MAX_SHARE)
    }
}

/// Returns the measure of all parts of a set together: of `2 x 8 GB` 16 GB.
fn total(times: &str, part: &str) -> Option<String> {
    let times = times.parse::<u32>().ok().filter(|it| (2..=MAX_PARTS).contains(it))?;
    let (number, unit) = number_and_unit(part)?;
    let total = f64::from(times) * number.parse::<f64>().ok()?;
    Some(format!("{total}{unit}"))
}

#[cfg(test)]
mod tests {
    use super::total;

    #[test]
    fn sets_have_totals() {
        assert_eq!(total("2", "8gb").as_deref(), Some("16gb"));
        assert_eq!(total("4", "0.5gb").as_deref(), Some("2gb"));
        assert_eq!(total("10", "15"), None);
        assert_eq!(total("99", "1m"), None);
    }
}
