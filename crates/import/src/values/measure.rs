//! Weights and lengths as people write them: `2.5 kg`, `12 in`, or a number whose unit stands elsewhere.

use product_fields::{LENGTH_UNIT_RULE, LengthUnit, WEIGHT_UNIT_RULE, WeightUnit};

use super::number::{Amount, Decimal};

/// A unit of a weight or length.
pub(crate) trait Unit: Copy {
    const RULE: &'static str;

    fn named(word: &str) -> Option<Self>;
}

impl Unit for WeightUnit {
    const RULE: &'static str = WEIGHT_UNIT_RULE;

    fn named(word: &str) -> Option<Self> {
        Self::named(word)
    }
}

impl Unit for LengthUnit {
    const RULE: &'static str = LENGTH_UNIT_RULE;

    fn named(word: &str) -> Option<Self> {
        Self::named(word)
    }
}

/// Reads a measure; `given` is the unit of a text without one. Zero is no measure.
///
/// # Errors
/// A message that continues a sentence which begins with the field's name.
pub(crate) fn measure<U: Unit>(
    text: &str,
    given: Option<&str>,
    decimal: Decimal,
) -> Result<Option<(f64, U)>, String> {
    let text = text.trim();
    let is_part_of_number = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ',');
    let end = text.rfind(is_part_of_number).map_or(0, |last| last + 1);
    let (number, own) = text.split_at(end);
    if number.is_empty() {
        return Err(format!("is {text:?}, must be a number with a unit, such as 2.5 kg"));
    }
    let digits = Amount::parse(number)?.digits(decimal)?;
    let value: f64 = digits.parse().map_err(|_| format!("is {text:?}, must be a number"))?;
    if value == 0.0 {
        return Ok(None);
    }
    let word = Some(own.trim()).filter(|own| !own.is_empty()).or(given.map(str::trim));
    let Some(word) = word.filter(|word| !word.is_empty()) else {
        let hint = "name one in the cell, or with `unit` in a field map";
        return Err(format!("is {text:?}, without a unit; {hint}"));
    };
    match U::named(word) {
        Some(unit) => Ok(Some((value, unit))),
        None => Err(format!("has the unit {word:?}, which {}", U::RULE)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measure_has_its_own_unit_or_the_given_one() {
        let read = |text, given| measure::<WeightUnit>(text, given, Decimal::Either);
        assert_eq!(read("2,5 KG", Some("g")), Ok(Some((2.5, WeightUnit::Kilogram))));
        assert_eq!(read(" 300 ", Some(" lbs")), Ok(Some((300.0, WeightUnit::Pound))));
        assert_eq!(read("0.0", None), Ok(None));
        assert!(read("5", None).unwrap_err().contains("without a unit"));
        assert!(read("5 stone", None).unwrap_err().contains("mg, g, kg"));
        assert!(read("heavy", None).unwrap_err().contains("2.5 kg"));
        assert!(read("1.500", Some("g")).unwrap_err().contains("two ways"));
        assert!(read("-1", Some("g")).unwrap_err().contains("negative"));
        let inches = measure::<LengthUnit>("10\"", None, Decimal::Either);
        assert_eq!(inches, Ok(Some((10.0, LengthUnit::Inch))));
    }
}
