//! Numbers and measurements: `2 m`, `2m` and `2.00 m` are the same word.

/// Units that may follow a number, sorted. `in` and `a` are missing, because after a space they are
/// mostly words.
const UNITS: [&str; 36] = [
    "ah", "btu", "cl", "cm", "dl", "dpi", "feet", "foot", "ft", "g", "gb", "ghz", "hz", "inch",
    "kb", "kg", "khz", "km", "kva", "kw", "kwh", "lb", "lbs", "m", "mah", "mb", "mg", "mhz", "ml",
    "mm", "oz", "tb", "v", "va", "w", "wh",
];

/// Returns the normal form of a unit.
pub(super) fn canonical_unit(word: &str) -> Option<&str> {
    UNITS.binary_search(&word).ok()?;
    Some(match word {
        "feet" | "foot" => "ft",
        "inch" => "in",
        "lbs" => "lb",
        unit => unit,
    })
}

/// Whether a word consists of digits and dots only.
pub(super) fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// Returns the normal form of a number with an optional unit. Other words are unchanged.
pub(super) fn normalise_number(word: &str) -> String {
    let digits = word.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let (number, rest) = word.split_at(digits);
    if number.is_empty() || number.bytes().filter(|byte| *byte == b'.').count() > 1 {
        return word.to_owned();
    }
    let number = if number.contains('.') {
        number.trim_end_matches('0').trim_end_matches('.')
    } else {
        number
    };
    let rest = match rest {
        "inches" => "in",
        rest => canonical_unit(rest).unwrap_or(rest),
    };
    format!("{number}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_spelling() {
        let cases = [
            ("1.00", "1"),
            ("2.50m", "2.5m"),
            ("10feet", "10ft"),
            ("100", "100"),
            ("0.5", "0.5"),
            ("1.2.0", "1.2.0"),
            ("ins114", "ins114"),
            ("007", "007"),
        ];
        for (word, expected) in cases {
            assert_eq!(normalise_number(word), expected, "{word}");
        }
        assert!(UNITS.is_sorted());
    }
}
