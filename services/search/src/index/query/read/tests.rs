use super::*;
use crate::index::schema::analysis::Language;

const TITLES: [&str; 3] = ["under desk tray", "merchandise tags without string", "no id brand dvd"];

fn read_with(query: &str, as_words: &[&str]) -> Reading {
    let stop_words = super::super::default_stop_words().into_iter().collect();
    let lexicon = Lexicon::with(
        &["HP", "Tripp Lite", "StarTech.com", "Xerox", "Logitech", "C2G", "3M", "Speck"],
        &["USD"],
    );
    let as_words: Vec<String> = as_words.iter().map(|it| (*it).to_owned()).collect();
    let is_title = |words: &[String], _| {
        let title = |title: &str| {
            words.iter().all(|word| title.split(' ').any(|it| it.starts_with(word.as_str())))
        };
        TITLES.into_iter().any(title)
    };
    Reader {
        analysis: &Analysis::new(Language::English),
        stop_words: &stop_words,
        lexicon: &lexicon,
        as_words: &as_words,
        is_known: &|word| ["kettle", "toner", "mouse", "startech", "wireless"].contains(&word),
        is_beginning: &|word| "speaker".starts_with(word),
        is_title: &is_title,
        alias: &|name| (name == "wonderprint").then(|| "Xerox".to_owned()),
    }
    .read(query)
}

fn read(query: &str) -> Reading {
    read_with(query, &[])
}

fn words(reading: &Reading) -> Vec<&str> {
    reading.query.words.iter().map(|word| word.term.as_str()).collect()
}

fn spans(reading: &Reading) -> Vec<(&str, SpanKind, &str)> {
    reading.spans.iter().map(|it| (it.span.as_str(), it.kind, it.filter.as_str())).collect()
}

#[test]
fn constraints_are_no_words() {
    let reading = read("hp mouse -wireless under $50");
    assert_eq!(words(&reading), ["hp", "mouse"]);
    assert_eq!(
        spans(&reading),
        [
            ("hp", SpanKind::Brand, ""),
            ("-wireless", SpanKind::Exclusion, ""),
            ("under $50", SpanKind::Price, "price <= 50"),
        ]
    );
    let excluded: Vec<_> = reading.excluded.iter().map(|(at, it)| (*at, it.normalised())).collect();
    assert!(excluded.contains(&(1, "wireless".to_owned())), "{excluded:?}");
    assert!(excluded.contains(&(1, "bluetooth".to_owned())), "a member of the class");
    assert_eq!((reading.filters.len(), excluded.iter().all(|(at, _)| *at == 1)), (1, true));
    let reading = read("toner not tripp lite");
    assert_eq!(
        spans(&reading),
        [("not tripp lite", SpanKind::Exclusion, "NOT brand = \"Tripp Lite\"")]
    );
}

#[test]
fn brands_have_many_names() {
    for (query, expected) in [
        ("triplite ups", "tripp lite ups"),
        ("cables to go cable", "c2g cable"),
        ("fuji xerox toner", "xerox toner"),
        ("wonderprint toner", "xerox toner"),
        ("logitec mouse", "logitech mouse"),
        ("startech usb hub", "startech usb hub"),
    ] {
        let reading = read(query);
        assert_eq!(words(&reading).join(" "), expected, "{query}");
        assert_eq!(reading.spans[0].kind, SpanKind::Brand, "{query}");
        assert!(matches!(reading.query.words[0].role, WordRole::Brand(_)), "{query}");
    }
    for query in ["cable 3 m", "cable 3m", "bluetooth speak"] {
        assert_eq!(spans(&read(query)), [], "{query}: a measure, a word that goes on");
    }
    let reading = read("genuine xerox toner");
    assert_eq!(reading.spans[0].filter, "brand = \"Xerox\"");
}

#[test]
fn what_stands_in_a_title_is_literal() {
    for query in ["under desk tray", "merchandise tags without string", "no id brand dvd"] {
        assert_eq!(spans(&read(query)), [], "{query}");
    }
}

#[test]
fn spans_can_be_switched_off() {
    let reading = read_with("mouse under $50", &["Under $50"]);
    assert_eq!((words(&reading).len(), reading.spans.len()), (3, 0));
    assert_eq!(read_with("hp mouse -wireless", &["*"]).spans, []);
}

#[test]
fn a_relation_marks_what_must_fit() {
    let reading = read("toner for hp 4250");
    let roles: Vec<_> =
        reading.query.words.iter().map(|word| word.role == WordRole::Object).collect();
    assert_eq!(roles, [false, true, true]);
    let object = |query: &str| read(query).query.words.iter().any(|it| it.role == WordRole::Object);
    assert!(object("cable that goes to a tv") && object("mouse with wheel"));
    assert!(!object("usb to serial") && !object("for tea"), "nothing is named before");
}

#[test]
fn only_the_last_word_is_unfinished() {
    let unfinished =
        |query: &str| read(query).query.words.last().is_some_and(|word| word.is_unfinished);
    assert!(unfinished("hp mous") && !unfinished("hp mouse ") && !unfinished("mouse under $50"));
}

/// Parts of generated queries.
const PARTS: [&str; 38] = [
    "charge my",
    "trip",
    "lite",
    "with",
    "2 x 8 gb",
    "24 ports",
    "without a",
    "cable",
    "under",
    "$",
    "50",
    "-",
    "\"",
    "“",
    "not",
    "hp",
    "for",
    "\u{301}",
    "½",
    "1,000",
    "<",
    "x",
    "10",
    "to",
    "without",
    "包",
    "",
    "-\"",
    "k",
    "999999999999",
    "€5",
    " ",
    "\t",
    "between",
    "and",
    "genuine",
    "i",
    "need",
];

#[test]
fn any_text_can_be_read() {
    let mut state = 7_u64;
    for _ in 0..4_000 {
        let mut query = String::new();
        for _ in 0..state % 9 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            query.push_str(PARTS[(state >> 33) as usize % PARTS.len()]);
            if state & 1024 == 0 {
                query.push(' ');
            }
        }
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407)
                >> 3;
        let reading = read(&query);
        assert!(reading.spans.iter().all(|it| query.contains(&it.span)), "{query}");
        // A query in normal form is its own.
        let normal = |query: &str| read_with(query, &["*"]).query.normalised();
        let left = normal(&reading.query.normalised());
        assert_eq!(normal(&left), left, "{query}");
    }
}
