//! What words are taken to mean.

use super::*;

#[test]
fn a_mistyped_word_is_understood_and_never_beats_the_word_itself() {
    let index = index([named("1", "Kettle"), named("2", "Stand")]);
    let answer = found(&index, asked("kettel "));
    assert_eq!(answer.hits[0].product.id, "1");
    assert_eq!(answer.corrected.as_deref(), Some("kettle"));
    assert_eq!(answer.relaxed, Relaxed::Nothing, "one letter in six is usual");

    let rare =
        named("rare", "Long description of a very rare kettie for the kitchen and the garden");
    let index = super::index([named("1", "Kettle"), named("2", "Kettle"), rare]);
    assert_eq!(ids(&index, "kettie ")[0], "rare", "the word is there as it was typed");
    assert_eq!(found(&index, asked("kettie ")).corrected, None);
}

#[test]
fn short_words_and_codes_are_not_mistyped_unless_nothing_else_is_found() {
    let index = index([named("1", "Lamp"), named("2", "Drill KT-INS114")]);
    for (query, id) in [("lamb ", "1"), ("INS141 ", "2")] {
        let answer = found(&index, asked(query));
        assert_eq!(answer.hits[0].product.id, id, "{query}");
        assert_eq!(answer.relaxed, Relaxed::Typos, "{query}");
    }
    let index = super::index([named("1", "Drill INS114"), named("2", "Drill INS141")]);
    assert_eq!(ids(&index, "ins141 "), ["2"]);
}

#[test]
fn codes_are_found_whole_in_parts_and_without_separators() {
    let product = Product { external_id: "KT-INS114".to_owned(), ..named("1", "Drill") };
    let index = index([product, named("2", "Saw 25.4mm"), named("3", "Hammer KT 500")]);
    for query in ["KT-INS114", "kt ins114 ", "ktins114 ", "ins114 ", "KT-INS", "kt-ins11"] {
        assert_eq!(ids(&index, query), ["1"], "{query}");
    }
    for query in ["25.4mm", "25.4 mm", "saw 25.40 mm "] {
        assert_eq!(ids(&index, query), ["2"], "{query}");
    }
}

#[test]
fn spelling_units_and_compounds_do_not_matter() {
    let index = index([named("1", "Grey fibre cable 2 m"), named("2", "Notebook")]);
    for query in ["gray fiber cables 2m ", "GREY FIBRE CABLE 2.0 m ", "fibers"] {
        assert_eq!(ids(&index, query), ["1"], "{query}");
    }
    assert_eq!(ids(&index, "note book "), ["2"]);
    let index = super::index([named("1", "Note book")]);
    assert_eq!(ids(&index, "notebook "), ["1"]);
}

#[test]
fn what_was_given_up_is_said() {
    let index = index([named("1", "red mug"), named("2", "blue lamp"), named("3", "red lamp")]);
    let answer = found(&index, asked("red mug xyzzyx "));
    assert_eq!(answer.relaxed, Relaxed::Words);
    assert_eq!(answer.dropped, ["xyzzyx"]);
    assert_eq!(answer.hits[0].product.id, "1");
    let answer = found(&index, asked("red mug "));
    assert_eq!((answer.relaxed, answer.dropped.len()), (Relaxed::Nothing, 0));
    assert_eq!(found(&index, asked("xyzzyx ")).total, 0);
}

#[test]
fn synonyms_go_one_way_or_both() {
    let group = |input: &str, words: [&str; 2]| settings::Synonyms {
        input: input.to_owned(),
        words: words.map(str::to_owned).to_vec(),
    };
    let both = group("", ["cup", "beaker"]);
    let one_way = group("crockery", ["plate", "soup bowl"]);
    let settings = Settings::new(vec![both, one_way], None, Vec::new(), Vec::new());
    let index = index([named("1", "Cup"), named("2", "Beaker"), named("3", "Bowl for soup")]);
    let found = |query: &str| index.search(&asked(query), &settings).unwrap();
    let ids = |query: &str| -> Vec<String> {
        found(query).hits.into_iter().map(|hit| hit.product.id).collect()
    };
    assert_eq!(ids("cups "), ["1", "2"], "the word itself first");
    assert_eq!(ids("beaker "), ["2", "1"]);
    assert_eq!(ids("crockery "), ["3"]);
    let marked = &found("beaker ").hits[1].highlights[0].fragments;
    assert_eq!(marked, &[("Cup".to_owned(), Some(How::Synonym))]);
    let plates = super::index([named("4", "Crockery")]);
    let answer = plates.search(&asked("plate "), &settings).unwrap();
    assert_eq!((answer.total, answer.relaxed), (1, Relaxed::Synonyms));
}

#[test]
fn matches_are_marked_by_how_they_match() {
    let product = Product {
        description: format!("{}The kettles boil.", "Long text. ".repeat(60)),
        ..named("1", "Kettle stand & lid")
    };
    let index = index([product]);
    let highlights = |query: &str| found(&index, asked(query)).hits.remove(0).highlights;
    let marks = highlights("stands ket");
    assert_eq!(marks[0].field, "name");
    let expected =
        [("Kettle", Some(How::Prefix)), (" ", None), ("stand", Some(How::Word)), (" & lid", None)];
    let expected = expected.map(|(text, how)| (text.to_owned(), how));
    assert_eq!(marks[0].fragments, expected);
    let description = marks.iter().find(|it| it.field == "description").unwrap();
    let text: String = description.fragments.iter().map(|(text, _)| text.as_str()).collect();
    assert!(text.len() < 300 && text.contains("kettles boil."), "{text:?}");
    assert_eq!(highlights("kettel ")[0].fragments[0].1, Some(How::Typo));
}

#[test]
fn the_variant_that_was_named_is_told() {
    let variant = |sku: &str, gtin: &str| proto::catalogue::v1::Variant {
        sku: sku.to_owned(),
        gtin: gtin.to_owned(),
        ..Default::default()
    };
    let variants = vec![variant("TS-RED-M", "4006381333931"), variant("TS-RED-L", "")];
    let index = index([Product { variants, ..named("1", "T-shirt") }]);
    for (query, sku) in [
        ("TS-RED-L", Some("TS-RED-L")),
        ("t-shirt tsredm ", Some("TS-RED-M")),
        ("4006381333931", Some("TS-RED-M")),
        ("shirt", None),
    ] {
        let hit = found(&index, asked(query)).hits.remove(0);
        assert_eq!(hit.matched_sku.as_deref(), sku, "{query}");
    }
}

#[test]
fn an_explanation_adds_up() {
    let index = index([named("1", "red mug"), named("2", "red mug and lamp"), named("3", "vase")]);
    let explain = |id: &str| index.explain(&asked("red mug "), id, &Settings::default()).unwrap();
    let first = explain("1").unwrap();
    assert_eq!((first.position, first.matched), (Some(1), true));
    assert_eq!(first.words.len(), 2);
    assert_eq!(first.words[1].matched, ["mug"]);
    assert_eq!(first.words[1].fields, ["name"]);
    let sum: f32 = first.words.iter().map(|word| word.score).sum();
    assert!(sum > 0.0 && first.score >= sum);
    assert_eq!(explain("2").unwrap().position, Some(2));
    let none = explain("3").unwrap();
    assert_eq!((none.position, none.matched), (None, false));
    assert!(none.reasons.iter().any(|reason| reason.contains("red, mug")), "{:?}", none.reasons);
    assert!(explain("4").is_none());
}
