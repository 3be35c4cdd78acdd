//! Bounds of the price, as people write them: `under $50`, `from 100 to 250 usd`, `$30 - $40`.
//!
//! A number alone is a price only where nothing else is likely: at the end of the query, after words that
//! bound it. A number with another unit never is.

use std::collections::BTreeSet;

use super::chunks::Chunk;

/// A bound, and how many chunks it takes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PriceBound {
    pub(super) length: usize,
    low: Option<f64>,
    high: Option<f64>,
    currency: Option<&'static [&'static str]>,
}

/// An amount of money.
struct Money {
    length: usize,
    value: f64,
    currency: Option<&'static [&'static str]>,
}

#[derive(Clone, Copy, PartialEq)]
enum Bound {
    Low,
    High,
}

/// Words that bound a price, longest first.
const BOUNDS: [(&str, Bound); 36] = [
    ("for not more than", Bound::High),
    ("for no more than", Bound::High),
    ("for less than", Bound::High),
    ("for more than", Bound::Low),
    ("not more than", Bound::High),
    ("no more than", Bound::High),
    ("not less than", Bound::Low),
    ("no less than", Bound::Low),
    ("cheaper than", Bound::High),
    ("higher than", Bound::Low),
    ("greater than", Bound::Low),
    ("lower than", Bound::High),
    ("less than", Bound::High),
    ("more than", Bound::Low),
    ("for under", Bound::High),
    ("for below", Bound::High),
    ("starting at", Bound::Low),
    ("not over", Bound::High),
    ("at least", Bound::Low),
    ("at most", Bound::High),
    ("up to", Bound::High),
    ("maximum", Bound::High),
    ("minimum", Bound::Low),
    ("within", Bound::High),
    ("under", Bound::High),
    ("below", Bound::High),
    ("above", Bound::Low),
    ("over", Bound::Low),
    ("upto", Bound::High),
    ("sub", Bound::High),
    ("max", Bound::High),
    ("min", Bound::Low),
    ("<=", Bound::High),
    (">=", Bound::Low),
    ("<", Bound::High),
    (">", Bound::Low),
];

/// Words before a bound that belong to it.
const INTRODUCTIONS: [&str; 9] =
    ["costing", "costs", "cost", "priced", "price", "prices", "budget", "that", "is"];

const DOLLARS: &[&str] = &["USD", "CAD", "AUD", "NZD", "SGD", "HKD"];

/// Marks and names of currencies.
const CURRENCIES: [(&str, &[&str]); 20] = [
    ("$", DOLLARS),
    ("usd", &["USD"]),
    ("us$", &["USD"]),
    ("dollar", DOLLARS),
    ("dollars", DOLLARS),
    ("buck", DOLLARS),
    ("bucks", DOLLARS),
    ("€", &["EUR"]),
    ("eur", &["EUR"]),
    ("euro", &["EUR"]),
    ("euros", &["EUR"]),
    ("£", &["GBP"]),
    ("gbp", &["GBP"]),
    ("quid", &["GBP"]),
    ("chf", &["CHF"]),
    ("francs", &["CHF"]),
    ("¥", &["JPY", "CNY"]),
    ("yen", &["JPY"]),
    ("zł", &["PLN"]),
    ("₹", &["INR"]),
];

impl PriceBound {
    /// Returns the bound as a filter, and whether the catalogue has the currency. A bound in a currency
    /// that it does not have demands nothing.
    pub(super) fn filter(&self, currencies: &BTreeSet<&str>) -> (String, bool) {
        let named: Vec<&str> = match self.currency {
            None => currencies.iter().copied().collect(),
            Some(named) => named.iter().copied().filter(|it| currencies.contains(it)).collect(),
        };
        let Some(first) = named.first() else { return (String::new(), false) };
        let low = self.low.map(|low| format!("price >= {low}"));
        let high = self.high.map(|high| format!("price <= {high}"));
        let currency = (self.currency.is_some() && currencies.len() > 1)
            .then(|| format!("currency = {first}"));
        let all: Vec<String> = [low, high, currency].into_iter().flatten().collect();
        (all.join(" AND "), true)
    }

    /// From 0 to 1: a currency leaves little doubt.
    pub(super) fn confidence(&self) -> f32 {
        if self.currency.is_some() { 0.98 } else { 0.8 }
    }
}

/// Returns the bound that these chunks begin with.
pub(super) fn price_bound(chunks: &[Chunk]) -> Option<PriceBound> {
    let introduction =
        chunks.iter().take_while(|it| INTRODUCTIONS.contains(&it.text.as_str())).count();
    let rest = &chunks[introduction..];
    let is_introduced = introduction > 0;
    let found = range(rest, is_introduced)
        .or_else(|| bounded(rest, is_introduced))
        .or_else(|| followed(rest))
        .or_else(|| about(rest))?;
    Some(PriceBound { length: found.length + introduction, ..found })
}

/// `between $5 and $10`, `from 5 to 10 usd`, `$5 - $10`, `5-10 dollars`.
fn range(chunks: &[Chunk], is_introduced: bool) -> Option<PriceBound> {
    let begins = |text: &str| chunks.first().is_some_and(|it| it.text == text);
    let opening = usize::from(begins("between") || begins("from"));
    let low = money(&chunks[opening..]);
    // Both in one chunk: `$30-$40`.
    if let Some(first) = chunks.get(opening)
        && let Some((a, b)) = first.text.split_once(['-', '–'])
        && let (Some((a, marked)), Some((b, also))) = (amount(a), amount(b))
    {
        let next = chunks.get(opening + 1).and_then(|it| currency(&it.text));
        let length = opening + 1 + usize::from(next.is_some());
        return both(a, b, marked.or(also).or(next), length, is_introduced);
    }
    let low = low?;
    let at = opening + low.length;
    let between = chunks.get(at)?;
    if !matches!(between.text.as_str(), "to" | "and" | "-" | "–" | "till" | "until") {
        return None;
    }
    if between.text == "and" && !begins("between") {
        return None;
    }
    let high = money(&chunks[at + 1..])?;
    let length = at + 1 + high.length;
    let is_certain = is_introduced || opening > 0 && length == chunks.len();
    both(low.value, high.value, low.currency.or(high.currency), length, is_certain)
}

fn both(
    low: f64,
    high: f64,
    currency: Option<&'static [&'static str]>,
    length: usize,
    is_certain: bool,
) -> Option<PriceBound> {
    let is_price = low <= high && (currency.is_some() || is_certain);
    is_price.then_some(PriceBound { length, low: Some(low), high: Some(high), currency })
}

/// `under $50`, `not more than 15 dollars`, `<50`.
fn bounded(chunks: &[Chunk], is_introduced: bool) -> Option<PriceBound> {
    for (words, bound) in BOUNDS {
        let parts = words.split(' ').count();
        let is_here = chunks.len() >= parts
            && words
                .split(' ')
                .zip(chunks)
                .all(|(word, chunk)| chunk.text == word && !chunk.ends_clause);
        if is_here && let Some(found) = money(&chunks[parts..]) {
            let length = parts + found.length;
            let is_last = length == chunks.len() || chunks[length - 1].ends_clause;
            return one(found, bound, length, is_introduced || is_last);
        }
    }
    let first = chunks.first()?;
    let (sign, bound) =
        [("<=", Bound::High), (">=", Bound::Low), ("<", Bound::High), (">", Bound::Low)]
            .into_iter()
            .find(|(sign, _)| first.text.starts_with(sign))?;
    let rest = Chunk { text: first.text[sign.len()..].to_owned(), ..first.clone() };
    let rest: Vec<Chunk> =
        std::iter::once(rest).chain(chunks[1..].iter().take(1).cloned()).collect();
    let found = money(&rest)?;
    let length = found.length;
    one(found, bound, length, length == chunks.len())
}

/// `$50 or less`, `50 euro max`, `$100+`.
fn followed(chunks: &[Chunk]) -> Option<PriceBound> {
    if let Some(first) = chunks.first()
        && let Some((value, Some(currency))) = first.text.strip_suffix('+').and_then(amount)
    {
        return Some(PriceBound {
            length: 1,
            low: Some(value),
            high: None,
            currency: Some(currency),
        });
    }
    let found = money(chunks).filter(|it| it.currency.is_some())?;
    let text = |at: usize| chunks.get(found.length + at).map_or("", |it| it.text.as_str());
    let (bound, words) = match (text(0), text(1)) {
        ("or", "less" | "cheaper" | "under" | "below") => (Bound::High, 2),
        ("or", "more" | "over" | "above") | ("and", "up") => (Bound::Low, 2),
        ("max" | "maximum" | "tops", _) => (Bound::High, 1),
        ("min" | "minimum", _) => (Bound::Low, 1),
        _ => return None,
    };
    let length = found.length + words;
    one(found, bound, length, true)
}

/// `around $50`: a fifth more or less.
fn about(chunks: &[Chunk]) -> Option<PriceBound> {
    let is_about = matches!(
        chunks.first()?.text.as_str(),
        "about" | "around" | "circa" | "ca" | "approximately"
    );
    let found = money(&chunks[1..]).filter(|it| is_about && it.currency.is_some())?;
    let (low, high) = (found.value * 0.8, found.value * 1.2);
    both(low, high, found.currency, 1 + found.length, true)
}

fn one(found: Money, bound: Bound, length: usize, is_certain: bool) -> Option<PriceBound> {
    if found.currency.is_none() && !is_certain {
        return None;
    }
    let (low, high) = match bound {
        Bound::Low => (Some(found.value), None),
        Bound::High => (None, Some(found.value)),
    };
    Some(PriceBound { length, low, high, currency: found.currency })
}

/// Returns the amount that these chunks begin with: `$50`, `50 usd`, `eur 50`, `50`.
fn money(chunks: &[Chunk]) -> Option<Money> {
    let first = chunks.first()?;
    if let Some(marked) = currency(&first.text)
        && let Some((value, None)) = chunks.get(1).and_then(|it| amount(&it.text))
    {
        return Some(Money { length: 2, value, currency: Some(marked) });
    }
    let (value, mark) = amount(&first.text)?;
    let after = chunks.get(1).filter(|_| mark.is_none()).and_then(|it| currency(&it.text));
    Some(Money { length: 1 + usize::from(after.is_some()), value, currency: mark.or(after) })
}

fn currency(text: &str) -> Option<&'static [&'static str]> {
    CURRENCIES.iter().find(|(name, _)| *name == text).map(|(_, codes)| *codes)
}

/// Returns the number in a chunk, and the currency that is written with it.
fn amount(text: &str) -> Option<(f64, Option<&'static [&'static str]>)> {
    let before =
        CURRENCIES.iter().filter_map(|(name, codes)| Some((text.strip_prefix(name)?, *codes)));
    let after =
        CURRENCIES.iter().filter_map(|(name, codes)| Some((text.strip_suffix(name)?, *codes)));
    for (rest, codes) in before.chain(after) {
        if let Some(value) = number(rest) {
            return Some((value, Some(codes)));
        }
    }
    number(text).map(|value| (value, None))
}

/// Parses `50`, `49.99`, `49,99`, `1,000`, `1.5k`.
fn number(text: &str) -> Option<f64> {
    let (digits, factor) = match text.strip_suffix('k') {
        Some(digits) => (digits, 1_000.0),
        None => (text, 1.0),
    };
    let is_plain = digits.bytes().all(|it| it.is_ascii_digit() || it == b'.' || it == b',');
    if !is_plain || !digits.starts_with(|it: char| it.is_ascii_digit()) || digits.len() > 12 {
        return None;
    }
    let digits = match digits.rsplit_once(',') {
        Some((whole, last)) if last.len() == 3 => format!("{}{last}", whole.replace(',', "")),
        Some((whole, last)) => format!("{}.{last}", whole.replace('.', "")),
        None => digits.to_owned(),
    };
    let value = digits.parse::<f64>().ok()? * factor;
    // Cents are the least that a filter on prices is about.
    Some((value * 100.0).round() / 100.0)
}

#[cfg(test)]
mod tests {
    use super::{super::chunks::chunks, *};

    fn filter(text: &str) -> Option<(String, usize)> {
        let chunks = chunks(text);
        let bound = price_bound(&chunks)?;
        Some((bound.filter(&BTreeSet::from(["USD"])).0, chunks.len() - bound.length))
    }

    #[test]
    fn bounds_become_filters() {
        for (text, expected) in [
            ("under $50", "price <= 50"),
            ("<= 40 usd", "price <= 40"),
            ("<$15", "price <= 15"),
            ("not more than 15 dollars", "price <= 15"),
            ("priced below 1,000", "price <= 1000"),
            ("at least $1.5k", "price >= 1500"),
            ("from $100 to $250", "price >= 100 AND price <= 250"),
            ("between 100 and 200", "price >= 100 AND price <= 200"),
            ("200-400 usd", "price >= 200 AND price <= 400"),
            ("$30 - $40", "price >= 30 AND price <= 40"),
            ("100 to 150 dollars", "price >= 100 AND price <= 150"),
            ("49,99 usd or less", "price <= 49.99"),
            ("around $100", "price >= 80 AND price <= 120"),
        ] {
            assert_eq!(filter(text), Some((expected.to_owned(), 0)), "{text}");
        }
        assert_eq!(filter("sub $20 hp mouse"), Some(("price <= 20".to_owned(), 2)));
    }

    #[test]
    fn other_numbers_are_no_prices() {
        for text in [
            "up to 10gbps",
            "under desk tray",
            "24-105mm",
            "0-999",
            "over 8 ports",
            "$",
            "< b",
            "from 5 to",
        ] {
            assert_eq!(filter(text), None, "{text}");
        }
    }

    #[test]
    fn a_currency_that_the_catalogue_lacks_demands_nothing() {
        let bound = price_bound(&chunks("under 50 euro")).unwrap();
        assert_eq!(bound.filter(&BTreeSet::from(["USD"])), (String::new(), false));
        let both = BTreeSet::from(["EUR", "USD"]);
        assert_eq!(bound.filter(&both).0, "price <= 50 AND currency = EUR");
    }
}
