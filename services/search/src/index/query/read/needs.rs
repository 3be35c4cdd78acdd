//! Needs: purposes stated in a query, read as the thing that serves them.
//!
//! Most things are called after what they do: a device that charges a phone is a phone charger. [`THINGS`] has verbs
//! with the nouns derived from them (the derivationally related forms of WordNet 3.1). [`DEFINED`] has things of other
//! names, each in the words of its definition in WordNet 3.1 or in the first sentence of its Wikipedia article.

use crate::index::schema::analysis::is_product_noun;

/// Verbs and the things that do it, sorted.
const THINGS: [(&str, &str); 43] = [
    ("amplify", "amplifier"),
    ("blend", "blender"),
    ("burn", "burner"),
    ("calculate", "calculator"),
    ("charge", "charger"),
    ("clean", "cleaner"),
    ("connect", "adapter"),
    ("convert", "converter"),
    ("cook", "cooker"),
    ("cool", "cooler"),
    ("copy", "copier"),
    ("cut", "cutter"),
    ("dry", "dryer"),
    ("extend", "extender"),
    ("fry", "fryer"),
    ("grill", "grill"),
    ("grind", "grinder"),
    ("heat", "heater"),
    ("hold", "holder"),
    ("iron", "iron"),
    ("laminate", "laminator"),
    ("lock", "lock"),
    ("make", "maker"),
    ("mix", "mixer"),
    ("mount", "mount"),
    ("open", "opener"),
    ("play", "player"),
    ("print", "printer"),
    ("project", "projector"),
    ("protect", "protector"),
    ("punch", "punch"),
    ("read", "reader"),
    ("record", "recorder"),
    ("scan", "scanner"),
    ("sharpen", "sharpener"),
    ("shave", "shaver"),
    ("shred", "shredder"),
    ("split", "splitter"),
    ("staple", "stapler"),
    ("store", "storage"),
    ("toast", "toaster"),
    ("trim", "trimmer"),
    ("write", "writer"),
];

/// Words of definitions, in the singular and in this order, each with the thing defined.
const DEFINED: [(&str, &str); 14] = [
    ("boil water", "kettle"),
    ("brew coffee", "coffee machine"),
    ("destroy document", "shredder"),
    ("emergency power", "uninterruptible power supply"),
    ("measure temperature", "thermometer"),
    ("power fail", "uninterruptible power supply"),
    ("power failure", "uninterruptible power supply"),
    ("power outage", "uninterruptible power supply"),
    ("remove dust", "vacuum cleaner"),
    ("video call", "webcam"),
    ("voltage spike", "surge protector"),
    ("wake sleeper", "alarm clock"),
    ("wash clothe", "washing machine"),
    ("wash dish", "dishwasher"),
];

/// Words between a verb and its object.
const DETERMINERS: [&str; 12] =
    ["a", "an", "any", "her", "his", "my", "our", "some", "the", "their", "this", "your"];

/// Words before a verb, unless it begins the sentence, sorted.
const BEFORE_VERBS: [&str; 8] = ["and", "can", "i", "that", "to", "which", "will", "you"];

/// Words after an object, sorted.
const AFTER_OBJECTS: [&str; 10] =
    ["against", "at", "for", "from", "in", "into", "on", "over", "to", "with"];

/// Words for the connection of a thing, which is wireless without it.
const CORDS: [&str; 5] = ["cable", "cord", "lead", "wire", "wiring"];

/// Minimum number of words of a query that states a need.
const MIN_WORDS: usize = 3;

/// Returns the words of a query for the thing that meets a need. `words` state the need, in the singular.
pub(super) fn answer(words: &[String]) -> Option<String> {
    if words.len() < MIN_WORDS {
        return None;
    }
    let states = |need: &str| {
        let mut rest = words.iter();
        need.split(' ').all(|part| rest.any(|word| word == part))
    };
    let defined = DEFINED.iter().find(|(need, _)| states(need)).map(|(_, it)| (*it).to_owned());
    defined.or_else(|| doer(words))
}

/// Returns the thing named after the sentence's verb, with its object and the further words before it. A sentence that
/// names a thing before its verb needs none: `cable to charge a phone`.
fn doer(words: &[String]) -> Option<String> {
    let (at, thing) = words.iter().enumerate().find_map(|(at, word)| {
        let found = THINGS.binary_search_by_key(&word.as_str(), |(verb, _)| verb).ok()?;
        is_verb(words, at).then_some((at, THINGS[found].1))
    })?;
    if words[..at].iter().any(|word| is_product_noun(word)) {
        return None;
    }
    let is_word = |it: &&String| !DETERMINERS.contains(&it.as_str());
    let rest: Vec<&String> = words[at + 1..].iter().filter(is_word).collect();
    // `protect a computer from dust` is about the dust.
    let from = rest.iter().position(|it| *it == "from" || *it == "against");
    if let Some(from) = from.filter(|_| thing == "protector") {
        let harm = rest[from + 1..].iter().map(|it| it.as_str()).collect::<Vec<_>>();
        return (!harm.is_empty()).then(|| format!("{} {thing}", harm.join(" ")));
    }
    // The thing comes last, as in a name.
    let (object, after) = rest.split_first()?;
    let after = after.iter().map(|it| it.as_str()).collect::<Vec<_>>();
    Some(format!("{} {object} {thing}", after.join(" ")))
}

/// Whether a word that may be a verb is one here: `cool gray ink` cools nothing.
fn is_verb(words: &[String], at: usize) -> bool {
    let has_start = at == 0 || BEFORE_VERBS.contains(&words[at - 1].as_str());
    let is_determined = words.get(at + 1).is_some_and(|it| DETERMINERS.contains(&it.as_str()));
    let goes_on = words.get(at + 2).is_some_and(|it| AFTER_OBJECTS.contains(&it.as_str()));
    has_start && (is_determined || goes_on)
}

/// Returns the word for a product without a thing: `bagless`, `cordless`, if the catalogue knows it.
pub(super) fn word_for_lack(thing: &str, is_known: impl Fn(&str) -> bool) -> Option<String> {
    let own = format!("{thing}less");
    if is_known(&own) {
        return Some(own);
    }
    let is_cord = CORDS.contains(&thing) && is_known("wireless");
    is_cord.then(|| "wireless".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_have_answers() {
        assert!(THINGS.is_sorted() && DETERMINERS.is_sorted() && CORDS.is_sorted());
        assert!(BEFORE_VERBS.is_sorted() && AFTER_OBJECTS.is_sorted());
        let answer = |text: &str| {
            answer(&text.split(' ').map(str::to_owned).collect::<Vec<_>>())
                .map(|it| it.trim().to_owned())
        };
        for (need, expected) in [
            ("boil water for tea", Some("kettle")),
            ("charge my phone in the car", Some("in car phone charger")),
            ("cool gray ink cartridge", None),
            ("protect a disk from the dust", Some("dust protector")),
            ("water boiler", None),
            ("laptop lock black", None),
            ("cable to charge a phone", None),
        ] {
            assert_eq!(answer(need).as_deref(), expected, "{need}");
        }
    }

    #[test]
    fn a_lack_has_a_word() {
        let word = |thing| word_for_lack(thing, |it| ["bagless", "wireless"].contains(&it));
        assert_eq!(word("bag").as_deref(), Some("bagless"));
        assert_eq!(word("cable").as_deref(), Some("wireless"));
        assert_eq!(word("numpad"), None);
    }
}
