//! Validation of settings.

use std::collections::BTreeSet;

use proto::search::v1::{Condition, Control, Ranking, StopWords, Synonym};

use super::Error;
use crate::index::SortKey;

/// Maximum length of an id, in characters.
const MAX_ID_CHARS: usize = 128;
/// Maximum length of a word or phrase, in characters.
const MAX_WORD_CHARS: usize = 100;
const MAX_WORDS: usize = 20;
const MAX_STOP_WORDS: usize = 1_000;
const MAX_DESCRIPTION_CHARS: usize = 200;
const MAX_PINS: usize = 100;
const MAX_BOOSTS: usize = 20;
/// Maximum number of queries of a condition, of each kind.
const MAX_QUERIES: usize = 100;
/// Range of the factors of boosts.
const FACTORS: std::ops::RangeInclusive<f64> = 0.01..=100.0;

/// Invalid fields with messages.
#[derive(Default)]
struct Violations(Vec<(String, String)>);

impl Violations {
    fn add(&mut self, field: impl Into<String>, what: impl Into<String>) {
        self.0.push((field.into(), what.into()));
    }

    fn none(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }

    fn id(&mut self, field: &str, id: &str) {
        let is_allowed = |it: char| it.is_ascii_alphanumeric() || "-._~".contains(it);
        if id.is_empty() || id.len() > MAX_ID_CHARS || !id.chars().all(is_allowed) {
            self.add(field, format!("must be 1 to {MAX_ID_CHARS} letters, digits, or -._~"));
        }
    }

    fn word(&mut self, field: String, word: &str) {
        if word.is_empty() || word.chars().count() > MAX_WORD_CHARS {
            self.add(field, format!("must be 1 to {MAX_WORD_CHARS} characters"));
        } else if !word.chars().any(char::is_alphanumeric) {
            self.add(field, "must have a letter or a digit");
        }
    }
}

/// Validates a group of synonyms. Returns it with trimmed, unique words.
pub(super) fn synonym(synonym: Synonym) -> Result<Synonym, Error> {
    let Synonym { id, input, words, etag } = synonym;
    let (input, words) = (input.trim().to_owned(), trimmed(words));
    let mut violations = Violations::default();
    violations.id("synonym.id", &id);
    if !input.is_empty() {
        violations.word("synonym.input".to_owned(), &input);
    }
    let fewest = if input.is_empty() { 2 } else { 1 };
    if !(fewest..=MAX_WORDS).contains(&words.len()) {
        let what = format!("must be {fewest} to {MAX_WORDS} different words");
        violations.add("synonym.words", what);
    }
    for (number, word) in words.iter().enumerate().take(MAX_WORDS) {
        violations.word(format!("synonym.words[{number}]"), word);
    }
    violations.none()?;
    Ok(Synonym { id, input, words, etag })
}

/// Validates stop words. Returns them trimmed and unique.
pub(crate) fn stop_words(words: StopWords) -> Result<StopWords, Error> {
    let StopWords { words, etag } = words;
    let words = trimmed(words);
    let mut violations = Violations::default();
    if words.len() > MAX_STOP_WORDS {
        let what = format!("must be at most {MAX_STOP_WORDS} words");
        violations.add("stop_words.words", what);
    }
    for (number, word) in words.iter().enumerate().take(MAX_STOP_WORDS) {
        let field = format!("stop_words.words[{number}]");
        if word.contains(char::is_whitespace) {
            violations.add(field, "must be a single word");
        } else {
            violations.word(field, word);
        }
    }
    violations.none()?;
    Ok(StopWords { words, etag })
}

pub(crate) fn ranking(ranking: &Ranking) -> Result<(), Error> {
    let mut violations = Violations::default();
    let mut known: Vec<SortKey> = Vec::new();
    for (number, name) in ranking.tie_breakers.iter().enumerate() {
        let field = format!("ranking.tie_breakers[{number}]");
        match SortKey::tie_breaker(name) {
            Err(what) => violations.add(field, what),
            Ok(tie_breaker) if known.contains(&tie_breaker) => {
                violations.add(field, "is there already");
            }
            Ok(tie_breaker) => known.push(tie_breaker),
        }
        // Bounds the response to a request with thousands of duplicates.
        if violations.0.len() > MAX_WORDS {
            break;
        }
    }
    violations.none()
}

pub(super) fn control(control: &Control) -> Result<(), Error> {
    let mut violations = Violations::default();
    violations.id("control.id", &control.id);
    if control.description.chars().count() > MAX_DESCRIPTION_CHARS {
        let what = format!("must be at most {MAX_DESCRIPTION_CHARS} characters");
        violations.add("control.description", what);
    }
    if let Some(condition) = &control.condition {
        self::condition(condition, &mut violations);
    }
    pins(&control.pins, &mut violations);
    if control.boosts.len() > MAX_BOOSTS {
        violations.add("control.boosts", format!("must be at most {MAX_BOOSTS}"));
    }
    for (number, boost) in control.boosts.iter().enumerate().take(MAX_BOOSTS) {
        if let Err(refusal) = product_fields::parse_filter(&boost.filter) {
            violations.add(format!("control.boosts[{number}].filter"), refusal.to_string());
        }
        if !FACTORS.contains(&boost.factor) {
            let what = format!("must be {} to {}", FACTORS.start(), FACTORS.end());
            violations.add(format!("control.boosts[{number}].factor"), what);
        }
    }
    if let (Some(start), Some(end)) = (&control.start_time, &control.end_time)
        && (start.seconds, start.nanos) >= (end.seconds, end.nanos)
    {
        violations.add("control.end_time", "must be after start_time");
    }
    violations.none()
}

fn condition(condition: &Condition, violations: &mut Violations) {
    for (name, queries) in [("queries", &condition.queries), ("contains", &condition.contains)] {
        let field = format!("control.condition.{name}");
        if queries.len() > MAX_QUERIES {
            violations.add(&field, format!("must be at most {MAX_QUERIES}"));
        }
        for (number, query) in queries.iter().enumerate().take(MAX_QUERIES) {
            violations.word(format!("{field}[{number}]"), query.trim());
        }
    }
    if condition.category_id.len() > MAX_ID_CHARS {
        let what = format!("must be at most {MAX_ID_CHARS} characters");
        violations.add("control.condition.category_id", what);
    }
}

fn pins(pins: &[String], violations: &mut Violations) {
    if pins.len() > MAX_PINS {
        return violations.add("control.pins", format!("must be at most {MAX_PINS}"));
    }
    let mut known = BTreeSet::new();
    for (number, id) in pins.iter().enumerate() {
        let field = format!("control.pins[{number}]");
        if id.is_empty() || id.len() > MAX_ID_CHARS {
            violations.add(field, format!("must be an id of 1 to {MAX_ID_CHARS} characters"));
        } else if !known.insert(id) {
            violations.add(field, "is there already");
        }
    }
}

/// Trims words and removes duplicates, keeping the order.
fn trimmed(words: Vec<String>) -> Vec<String> {
    let mut known = BTreeSet::new();
    let words = words.into_iter().map(|word| word.trim().to_owned());
    words.filter(|word| known.insert(word.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pbjson_types::Timestamp;
    use proto::search::v1::Boost;

    fn fields(checked: Result<(), Error>) -> Vec<String> {
        match checked {
            Ok(()) => Vec::new(),
            Err(Error::Invalid(violations)) => violations.into_iter().map(|it| it.0).collect(),
            Err(error) => panic!("{error}"),
        }
    }

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn synonyms_are_tidied_and_checked() {
        let validated = |id: &str, input: &str, of: &[&str]| {
            let (id, input) = (id.to_owned(), input.to_owned());
            synonym(Synonym { id, input, words: words(of), ..Synonym::default() })
        };
        let valid = validated("tv", "", &[" tv ", "television", "tv"]).unwrap();
        assert_eq!(valid.words, ["tv", "television"]);
        assert!(validated("a.b-c_d~1", "notebook", &["laptop"]).is_ok());
        for (id, input, of, field) in [
            ("", "", &["a", "b"][..], "synonym.id"),
            ("a b", "", &["a", "b"], "synonym.id"),
            (&"x".repeat(129), "", &["a", "b"], "synonym.id"),
            ("a", "", &["a", "a "], "synonym.words"),
            ("a", "b", &[], "synonym.words"),
            ("a", "", &["a", ""], "synonym.words[1]"),
            ("a", "?!", &["a"], "synonym.input"),
            ("a", "", &["a", &"x".repeat(101)], "synonym.words[1]"),
        ] {
            assert_eq!(fields(validated(id, input, of).map(drop)), [field], "{id} {input} {of:?}");
        }
    }

    #[test]
    fn stop_words_and_tie_breakers_are_checked() {
        let stop = |of: &[&str]| {
            fields(stop_words(StopWords { words: words(of), ..StopWords::default() }).map(drop))
        };
        assert_eq!(stop(&["the", "a", "the"]), Vec::<String>::new());
        assert_eq!(stop(&["the", "of the"]), ["stop_words.words[1]"]);
        let many: Vec<String> = (0..1_001).map(|number| number.to_string()).collect();
        assert_eq!(
            fields(stop_words(StopWords { words: many, ..StopWords::default() }).map(drop)),
            ["stop_words.words"]
        );
        let order = |of: &[&str]| {
            fields(ranking(&Ranking { tie_breakers: words(of), ..Ranking::default() }))
        };
        assert_eq!(order(&["in_stock", "price desc"]), Vec::<String>::new());
        assert_eq!(
            order(&["price", "cheapest", "price"]),
            ["ranking.tie_breakers[1]", "ranking.tie_breakers[2]"]
        );
    }

    #[test]
    fn all_fields_of_controls_are_checked() {
        let boost = |filter: &str, factor| Boost { filter: filter.to_owned(), factor };
        let good = Control {
            id: "spring".to_owned(),
            pins: words(&["mug", "cup"]),
            boosts: vec![boost("brand = Acme", 2.0), boost("stock_qty = 0", 0.1)],
            start_time: Some(Timestamp { seconds: 5, nanos: 0 }),
            end_time: Some(Timestamp { seconds: 5, nanos: 1 }),
            ..Control::default()
        };
        assert_eq!(fields(control(&good)), Vec::<String>::new());
        let condition = Condition { queries: words(&["", "mug"]), ..Condition::default() };
        let bad = Control {
            id: "a/b".to_owned(),
            description: "x".repeat(201),
            condition: Some(condition),
            pins: words(&["mug", "", "mug"]),
            boosts: vec![boost("brand ~~ x", 1.0), boost("", 0.0), boost("", f64::NAN)],
            end_time: good.start_time,
            ..good.clone()
        };
        assert_eq!(
            fields(control(&bad)),
            [
                "control.id",
                "control.description",
                "control.condition.queries[0]",
                "control.pins[1]",
                "control.pins[2]",
                "control.boosts[0].filter",
                "control.boosts[1].factor",
                "control.boosts[2].factor",
                "control.end_time",
            ]
        );
        let many = Control { pins: (0..101).map(|id| id.to_string()).collect(), ..good };
        assert_eq!(fields(control(&many)), ["control.pins"]);
    }
}
