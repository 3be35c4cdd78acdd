//! Numbers and measurements: `2 m`, `2m` and `2.00 m` are the same word.

/// Units that may follow a number after a space, with their normal forms, sorted. `in`, `a` and `c` are
/// missing, because after a space they are mostly words.
const UNITS: [(&str, &str); 85] = [
    ("ah", "ah"),
    ("amp", "a"),
    ("ampere", "a"),
    ("amperes", "a"),
    ("amps", "a"),
    ("btu", "btu"),
    ("centimeter", "cm"),
    ("centimeters", "cm"),
    ("centimetre", "cm"),
    ("centimetres", "cm"),
    ("cl", "cl"),
    ("cm", "cm"),
    ("dl", "dl"),
    ("dpi", "dpi"),
    ("feet", "ft"),
    ("foot", "ft"),
    ("ft", "ft"),
    ("g", "g"),
    ("gb", "gb"),
    ("ghz", "ghz"),
    ("gig", "gb"),
    ("gigabyte", "gb"),
    ("gigabytes", "gb"),
    ("gigahertz", "ghz"),
    ("gigs", "gb"),
    ("gram", "g"),
    ("grams", "g"),
    ("gsm", "gsm"),
    ("hz", "hz"),
    ("inch", "in"),
    ("inches", "in"),
    ("kb", "kb"),
    ("kg", "kg"),
    ("khz", "khz"),
    ("kilogram", "kg"),
    ("kilograms", "kg"),
    ("kilowatt", "kw"),
    ("km", "km"),
    ("kva", "kva"),
    ("kw", "kw"),
    ("kwh", "kwh"),
    ("l", "l"),
    ("lb", "lb"),
    ("lbs", "lb"),
    ("liter", "l"),
    ("liters", "l"),
    ("litre", "l"),
    ("litres", "l"),
    ("m", "m"),
    ("ma", "ma"),
    ("mah", "mah"),
    ("mb", "mb"),
    ("megabyte", "mb"),
    ("megabytes", "mb"),
    ("megahertz", "mhz"),
    ("meter", "m"),
    ("meters", "m"),
    ("metre", "m"),
    ("metres", "m"),
    ("mg", "mg"),
    ("mhz", "mhz"),
    ("millimeter", "mm"),
    ("millimeters", "mm"),
    ("millimetre", "mm"),
    ("millimetres", "mm"),
    ("ml", "ml"),
    ("mm", "mm"),
    ("ounce", "oz"),
    ("ounces", "oz"),
    ("oz", "oz"),
    ("pound", "lb"),
    ("pounds", "lb"),
    ("tb", "tb"),
    ("terabyte", "tb"),
    ("terabytes", "tb"),
    ("uf", "uf"),
    ("v", "v"),
    ("va", "va"),
    ("volt", "v"),
    ("volts", "v"),
    ("w", "w"),
    ("watt", "w"),
    ("watts", "w"),
    ("wh", "wh"),
    ("\u{3bc}f", "uf"),
];

/// Nouns of parts that distinguish things by their number, with their normal forms, sorted.
const COUNTED: [(&str, &str); 36] = [
    ("bay", "bay"),
    ("bays", "bay"),
    ("button", "button"),
    ("buttons", "button"),
    ("cell", "cell"),
    ("cells", "cell"),
    ("channel", "channel"),
    ("channels", "channel"),
    ("core", "core"),
    ("cores", "core"),
    ("digit", "digit"),
    ("digits", "digit"),
    ("gang", "gang"),
    ("key", "key"),
    ("keys", "key"),
    ("outlet", "outlet"),
    ("outlets", "outlet"),
    ("pack", "pack"),
    ("packs", "pack"),
    ("page", "page"),
    ("pages", "page"),
    ("pcs", "pcs"),
    ("piece", "pcs"),
    ("pieces", "pcs"),
    ("pin", "pin"),
    ("pins", "pin"),
    ("pk", "pack"),
    ("port", "port"),
    ("ports", "port"),
    ("sheet", "sheet"),
    ("sheets", "sheet"),
    ("slot", "slot"),
    ("slots", "slot"),
    ("socket", "socket"),
    ("sockets", "socket"),
    ("way", "way"),
];

/// Returns the normal form of a unit that follows a number, after a space or not.
pub(super) fn canonical_unit(word: &str) -> Option<&'static str> {
    let found = UNITS.binary_search_by_key(&word, |(unit, _)| unit).ok();
    found.map(|found| UNITS[found].1).or_else(|| count_unit(word))
}

/// Returns the normal form of a noun of parts, as in `24 ports`.
pub(crate) fn count_unit(word: &str) -> Option<&'static str> {
    let found = COUNTED.binary_search_by_key(&word, |(noun, _)| noun).ok()?;
    Some(COUNTED[found].1)
}

/// Splits a number with its unit, as in `24port`.
pub(crate) fn number_and_unit(word: &str) -> Option<(&str, &'static str)> {
    let digits = word.bytes().take_while(|it| it.is_ascii_digit() || *it == b'.').count();
    let (number, unit) = word.split_at(digits);
    attached_unit(unit).filter(|_| !number.is_empty()).map(|unit| (number, unit))
}

/// Returns the normal form of a unit that is written without a space after its number.
pub(super) fn attached_unit(word: &str) -> Option<&'static str> {
    match word {
        "in" => Some("in"),
        "a" => Some("a"),
        word => canonical_unit(word),
    }
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
    let rest = attached_unit(rest).unwrap_or(rest);
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
            ("16amp", "16a"),
            ("10\u{3bc}f", "10uf"),
            ("100", "100"),
            ("0.5", "0.5"),
            ("1.2.0", "1.2.0"),
            ("ins114", "ins114"),
            ("007", "007"),
        ];
        for (word, expected) in cases {
            assert_eq!(normalise_number(word), expected, "{word}");
        }
        assert!(UNITS.is_sorted() && COUNTED.is_sorted());
        assert_eq!(number_and_unit("24ports"), Some(("24", "port")));
        assert_eq!(
            UNITS.iter().filter(|(_, normal)| attached_unit(normal) != Some(normal)).count(),
            0
        );
    }
}
