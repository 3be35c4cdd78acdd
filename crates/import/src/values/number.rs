//! Amounts as people write them: `$1,299.00`, `1.299,00 €`, `CHF 1'299.00`.
//!
//! **Invariant:** an amount that can be read in two ways is refused.

/// The separator of decimals in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Decimal {
    Comma,
    Dot,
    /// Unknown: every amount has to tell by itself.
    #[default]
    #[value(skip)]
    Either,
}

/// An amount as it is written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Amount {
    text: String,
    /// Digits and separators, without a currency, blanks and a plus sign.
    number: String,
    pub(crate) currency: Option<Currency>,
}

/// The currency in a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Currency {
    Code(String),
    /// The currencies with a sign such as `$`, the most frequent first.
    Sign(&'static [&'static str]),
}

const SIGNS: [(&str, &[&str]); 13] = [
    ("€", &["EUR"]),
    ("US$", &["USD"]),
    ("A$", &["AUD"]),
    ("C$", &["CAD"]),
    ("R$", &["BRL"]),
    ("$", &["USD", "CAD", "AUD", "NZD", "MXN", "SGD", "HKD", "CLP", "ARS", "COP"]),
    ("£", &["GBP"]),
    ("¥", &["JPY", "CNY"]),
    ("₹", &["INR"]),
    ("zł", &["PLN"]),
    ("Kč", &["CZK"]),
    ("kr", &["SEK", "NOK", "DKK", "ISK"]),
    ("₺", &["TRY"]),
];

impl Amount {
    /// Reads an amount up to the meaning of its separators.
    ///
    /// # Errors
    /// A message that continues a sentence which begins with the field's name.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (number, currency) = take_currency(text.trim());
        let number: String = number.chars().filter(|letter| !is_group_blank(*letter)).collect();
        if number.starts_with(['-', '\u{2212}']) {
            return Err(format!("is {text}, must not be negative"));
        }
        let number = number.strip_prefix('+').unwrap_or(&number).to_owned();
        if !is_number(&number) {
            return Err(match scientific(&number) {
                true => format!("is {text:?}: write it out, without an exponent"),
                false => malformed(text),
            });
        }
        Ok(Self { text: text.to_owned(), number, currency })
    }

    /// The amount as a plain number with a decimal point.
    ///
    /// # Errors
    /// A message that continues a sentence which begins with the field's name: its separators are
    /// out of place, or can be read in two ways.
    pub(crate) fn digits(&self, decimal: Decimal) -> Result<String, String> {
        let Self { text, number, .. } = self;
        plain(number, decimal).map_err(|how| match how {
            Unclear::Ambiguous => {
                let whole = number.replace(['.', ','], "");
                let decimals = number.replace(',', ".");
                format!(
                    "is {text:?}, which can be read in two ways, as {whole} or as {decimals}; say \
                     which with --decimal comma or dot"
                )
            }
            Unclear::Malformed => malformed(text),
        })
    }
}

fn malformed(text: &str) -> String {
    format!("is {text:?}, must be a decimal number such as 1299.50")
}

/// Whether a text has digits, and separators at most.
fn is_number(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
}

/// Whether a text is a number that a spreadsheet has shortened, such as `4.00638E+12`.
pub(crate) fn scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return false };
    let digits = |text: &str| {
        text.bytes().any(|byte| byte.is_ascii_digit())
            && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
    };
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    digits(mantissa) && !exponent.is_empty() && exponent.bytes().all(|byte| byte.is_ascii_digit())
}

enum Unclear {
    Ambiguous,
    Malformed,
}

/// The number with a decimal point alone.
fn plain(number: &str, decimal: Decimal) -> Result<String, Unclear> {
    let (dots, commas) = (number.matches('.').count(), number.matches(',').count());
    let separator = match (dots, commas) {
        (0, 0) => None,
        (dots, commas) if dots > 0 && commas > 0 => {
            // The last kind is the decimal one, and there is one of it.
            let last = if number.rfind('.') > number.rfind(',') { '.' } else { ',' };
            if number.matches(last).count() > 1 || contradicts(decimal, last) {
                return Err(Unclear::Malformed);
            }
            Some(last)
        }
        (dots, _) => {
            let sign = if dots > 0 { '.' } else { ',' };
            single(number, sign, decimal)?
        }
    };
    let (units, decimals) = match separator {
        Some(separator) => number.split_once(separator).unwrap_or((number, "")),
        None => (number, ""),
    };
    if !is_grouped(units) || decimals.contains(['.', ',']) {
        return Err(Unclear::Malformed);
    }
    let units: String = units.chars().filter(char::is_ascii_digit).collect();
    let units = if units.is_empty() { "0".to_owned() } else { units };
    Ok(if decimals.is_empty() { units } else { format!("{units}.{decimals}") })
}

/// Whether one kind of sign separates decimals (`Some`) or thousands (`None`).
fn single(number: &str, sign: char, decimal: Decimal) -> Result<Option<char>, Unclear> {
    match (shape(number, sign), decimal, sign) {
        (Shape::Thousands, ..) => Ok(None),
        (Shape::Decimals, ..) => Ok(Some(sign)),
        (Shape::Either, Decimal::Comma, ',') | (Shape::Either, Decimal::Dot, '.') => Ok(Some(sign)),
        (Shape::Either, Decimal::Comma | Decimal::Dot, _) => Ok(None),
        (Shape::Either, Decimal::Either, _) => Err(Unclear::Ambiguous),
    }
}

/// Meaning of the signs of a number that has one kind of them.
enum Shape {
    Thousands,
    Decimals,
    /// One separator with three digits after it.
    Either,
}

fn shape(number: &str, sign: char) -> Shape {
    let after = number.rsplit(sign).next().unwrap_or_default().len();
    let before = number.find(sign).unwrap_or_default();
    if number.matches(sign).count() > 1 {
        Shape::Thousands
    } else if after != 3 || before == 0 || before > 3 || number.starts_with('0') {
        Shape::Decimals
    } else {
        Shape::Either
    }
}

fn contradicts(decimal: Decimal, separator: char) -> bool {
    matches!((decimal, separator), (Decimal::Comma, '.') | (Decimal::Dot, ','))
}

/// Whether digits are grouped by thousands, if they are grouped at all.
fn is_grouped(units: &str) -> bool {
    let groups: Vec<&str> = units.split(['.', ',']).collect();
    groups.len() == 1
        || ((1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|group| group.len() == 3))
}

/// Blanks and apostrophes that separate thousands.
fn is_group_blank(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\'' | '\u{2019}' | '\u{202f}' | '\u{2009}')
}

/// Takes a code or sign of a currency off either end.
fn take_currency(text: &str) -> (&str, Option<Currency>) {
    let inner = text.trim_end_matches(')').replace('(', " ");
    // Only the end can have brackets, and the number is taken from the text itself.
    let end = inner.trim_end();
    let code = |word: &str| {
        let is_code = word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
        is_code.then(|| Currency::Code(word.to_uppercase()))
    };
    let letters = |from_end: bool| -> usize {
        let is_letter = |letter: &char| letter.is_ascii_alphabetic();
        match from_end {
            true => end.chars().rev().take_while(is_letter).count(),
            false => end.chars().take_while(is_letter).count(),
        }
    };
    let (first, last) = (letters(false), letters(true));
    if first == 3
        && let Some(code) = code(&end[..3])
    {
        return (text[3..].trim(), Some(code));
    }
    if last == 3
        && end.len() > 3
        && let Some(code) = code(&end[end.len() - 3..])
    {
        let number = &text[..end.len() - 3];
        return (number.trim_end_matches([' ', '(', '\u{a0}']).trim(), Some(code));
    }
    for (sign, currencies) in SIGNS {
        if let Some(number) = text.strip_prefix(sign).or_else(|| text.strip_suffix(sign)) {
            return (number.trim(), Some(Currency::Sign(currencies)));
        }
    }
    (text, None)
}

/// Whether an amount names its currency.
pub(crate) fn has_currency(text: &str) -> bool {
    take_currency(text.trim()).1.is_some()
}

/// The separator of decimals, if the text shows it.
fn evidence(text: &str) -> Option<Decimal> {
    let Amount { number, .. } = Amount::parse(text).ok()?;
    let sign = number.chars().rev().find(|letter| matches!(letter, '.' | ','))?;
    let (this, other) = match sign {
        '.' => (Decimal::Dot, Decimal::Comma),
        _ => (Decimal::Comma, Decimal::Dot),
    };
    if number.contains('.') && number.contains(',') {
        return Some(this);
    }
    match shape(&number, sign) {
        Shape::Decimals => Some(this),
        Shape::Thousands => Some(other),
        Shape::Either => None,
    }
}

/// Separator of decimals in a column: the one that its values show if they agree, else `default`.
pub(crate) fn decimal_of<'a>(values: impl Iterator<Item = &'a str>, default: Decimal) -> Decimal {
    let mut shown = values.filter_map(evidence);
    match shown.next() {
        None => default,
        Some(first) if shown.all(|other| other == first) => first,
        Some(_) => Decimal::Either,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, decimal: Decimal) -> Result<(String, String), String> {
        let amount = Amount::parse(text)?;
        let digits = amount.digits(decimal)?;
        let currency = match amount.currency {
            None => String::new(),
            Some(Currency::Code(code)) => code,
            Some(Currency::Sign(codes)) => codes[0].to_owned(),
        };
        Ok((digits, currency))
    }

    #[test]
    fn money_is_read_as_people_write_it() {
        for (text, digits, currency) in [
            ("$1,299.00", "1299.00", "USD"),
            ("1.299,00 €", "1299.00", "EUR"),
            ("EUR 12.50", "12.50", "EUR"),
            ("12.50 USD", "12.50", "USD"),
            ("1 299,00", "1299.00", ""),
            ("1\u{a0}299,00", "1299.00", ""),
            ("£4.99", "4.99", "GBP"),
            ("12.5000", "12.5000", ""),
            (" 7.00 ", "7.00", ""),
            ("1,299.00 (USD)", "1299.00", "USD"),
            ("CHF 1'299.00", "1299.00", "CHF"),
            (".99", "0.99", ""),
            ("19,90", "19.90", ""),
            ("1.234.567", "1234567", ""),
            ("0.299", "0.299", ""),
            ("1299.500", "1299.500", ""),
            ("49,90 zł", "49.90", "PLN"),
            ("4", "4", ""),
        ] {
            let expected = (digits.to_owned(), currency.to_owned());
            assert_eq!(read(text, Decimal::Either), Ok(expected), "{text}");
        }
        for wrong in [
            "1e2",
            "free",
            "",
            "1,299",
            "1.299",
            "1.2.3",
            "1,29.9,0",
            "-5",
            "5 apples",
            "12,34.5,6",
        ] {
            assert!(read(wrong, Decimal::Either).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_a_file_says_decides() {
        let digits = |text: &str, decimal| read(text, decimal).map(|(digits, _)| digits);
        assert_eq!(digits("1,299", Decimal::Dot), Ok("1299".to_owned()));
        assert_eq!(digits("1,299", Decimal::Comma), Ok("1.299".to_owned()));
        assert_eq!(digits("1.299", Decimal::Comma), Ok("1299".to_owned()));
        assert_eq!(digits("1.299", Decimal::Dot), Ok("1.299".to_owned()));
        let unclear = digits("1.200", Decimal::Either).unwrap_err();
        assert!(unclear.contains("two ways, as 1200 or as 1.200"), "{unclear}");
        assert!(digits("1.299,00", Decimal::Dot).is_err());
        assert_eq!(evidence("19,90 €"), Some(Decimal::Comma));
        assert_eq!(evidence("1,299.00"), Some(Decimal::Dot));
        assert_eq!(evidence("1,299"), None);
        assert_eq!(evidence("1.299"), None);
        assert_eq!(evidence("1.234.567"), Some(Decimal::Comma));
        assert_eq!(evidence("0.250"), Some(Decimal::Dot));
        assert_eq!(evidence("shirt"), None);
        let of = |values: &[&'static str]| decimal_of(values.iter().copied(), Decimal::Either);
        assert_eq!(of(&["1.200", "850", "19,90"]), Decimal::Comma);
        assert_eq!(of(&["1.200", "12.50"]), Decimal::Dot);
        assert_eq!(of(&["1.200", "12.50", "19,90"]), Decimal::Either);
    }

    #[test]
    fn a_number_that_a_spreadsheet_shortened_is_noticed() {
        assert!(scientific("4.00638E+12") && scientific("4e3") && scientific("4,00638E+12"));
        assert!(!scientific("E40") && !scientific("12E") && !scientific("4E-A"));
    }
}
