//! Tests of query expansion, relaxation and highlights.

use super::*;

#[test]
fn a_mistyped_word_is_corrected_and_never_ranks_above_the_word_itself() {
    let index = index([named("1", "Kettle"), named("2", "Stand")]);
    let answer = found(&index, params("kettel "));
    assert_eq!(answer.hits[0].product.id, "1");
    assert_eq!(answer.corrected.as_deref(), Some("kettle"));
    assert_eq!(answer.relaxation, Relaxation::None, "one letter in six is usual");

    let rare =
        named("rare", "Long description of a very rare kettie for the kitchen and the garden");
    let index = super::index([named("1", "Kettle"), named("2", "Kettle"), rare]);
    assert_eq!(ids(&index, "kettie ")[0], "rare", "the word is there as it was typed");
    assert_eq!(found(&index, params("kettie ")).corrected, None);
}

#[test]
fn short_words_and_codes_are_not_mistyped_unless_nothing_else_is_found() {
    let index = index([named("1", "Lamp"), named("2", "Drill KT-INS114")]);
    for (query, id) in [("lamb ", "1"), ("INS141 ", "2")] {
        let answer = found(&index, params(query));
        assert_eq!(answer.hits[0].product.id, id, "{query}");
        assert_eq!(answer.relaxation, Relaxation::Typos, "{query}");
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
fn dropped_words_are_reported() {
    let index = index([named("1", "red mug"), named("2", "blue lamp"), named("3", "red lamp")]);
    let answer = found(&index, params("red mug xyzzyx "));
    assert_eq!(answer.relaxation, Relaxation::Words);
    assert_eq!(answer.dropped, ["xyzzyx"]);
    assert_eq!(answer.hits[0].product.id, "1");
    let answer = found(&index, params("red mug "));
    assert_eq!((answer.relaxation, answer.dropped.len()), (Relaxation::None, 0));
    assert_eq!(found(&index, params("xyzzyx ")).total, 0);
}

#[test]
fn synonyms_go_one_way_or_both() {
    let group = |input: &str, words: [&str; 2]| SynonymGroup {
        input: input.to_owned(),
        words: words.map(str::to_owned).to_vec(),
    };
    let both = group("", ["cup", "beaker"]);
    let one_way = group("crockery", ["plate", "soup bowl"]);
    let settings = CompiledSettings::new(SearchSettings {
        synonyms: vec![both, one_way],
        ..Default::default()
    });
    let index = index([named("1", "Cup"), named("2", "Beaker"), named("3", "Bowl for soup")]);
    let found = |query: &str| index.search(&params(query), &settings).unwrap();
    let ids = |query: &str| -> Vec<String> {
        found(query).hits.into_iter().map(|hit| hit.product.id).collect()
    };
    assert_eq!(ids("cups "), ["1", "2"], "the word itself first");
    assert_eq!(ids("beaker "), ["2", "1"]);
    assert_eq!(ids("crockery "), ["3"]);
    let marked = &found("beaker ").hits[1].highlights[0].fragments;
    assert_eq!(marked, &[("Cup".to_owned(), Some(MatchKind::Synonym))]);
    let plates = super::index([named("4", "Crockery")]);
    let answer = plates.search(&params("plate "), &settings).unwrap();
    assert_eq!((answer.total, answer.relaxation), (1, Relaxation::Synonyms));
}

#[test]
fn matches_are_marked_by_how_they_match() {
    let product = Product {
        description: format!("{}The kettles boil.", "Long text. ".repeat(60)),
        ..named("1", "Kettle stand & lid")
    };
    let index = index([product]);
    let highlights = |query: &str| found(&index, params(query)).hits.remove(0).highlights;
    let marks = highlights("stands ket");
    assert_eq!(marks[0].field, "name");
    let expected = [
        ("Kettle", Some(MatchKind::Prefix)),
        (" ", None),
        ("stand", Some(MatchKind::Word)),
        (" & lid", None),
    ];
    let expected = expected.map(|(text, how)| (text.to_owned(), how));
    assert_eq!(marks[0].fragments, expected);
    let description = marks.iter().find(|it| it.field == "description").unwrap();
    let text: String = description.fragments.iter().map(|(text, _)| text.as_str()).collect();
    assert!(text.len() < 300 && text.contains("kettles boil."), "{text:?}");
    assert_eq!(highlights("kettel ")[0].fragments[0].1, Some(MatchKind::Typo));
}

#[test]
fn the_named_variant_is_reported() {
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
        let hit = found(&index, params(query)).hits.remove(0);
        assert_eq!(hit.matched_sku.as_deref(), sku, "{query}");
    }
}

#[test]
fn an_explanation_adds_up() {
    let index = index([named("1", "red mug"), named("2", "red mug and lamp"), named("3", "vase")]);
    let explain =
        |id: &str| index.explain(&params("red mug "), id, &CompiledSettings::default()).unwrap();
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

#[test]
fn what_is_excluded_is_not_found_and_known_lacks_come_first() {
    let with = |id: &str, flag: Option<bool>| Product {
        attributes: flag
            .map(|flag| Attribute {
                name: "numeric_keypad".to_owned(),
                value: Some(attribute::Value::Flag(flag)),
                ..Attribute::default()
            })
            .into_iter()
            .collect(),
        ..named(id, "Acme keyboard")
    };
    let index = index([with("1", Some(true)), with("2", None), with("3", Some(false))]);
    assert_eq!(ids(&index, "keyboard without numeric keypad"), ["3", "2"]);
    assert_eq!(ids(&index, "keyboard -numeric"), ["2", "3"]);
    let answer = found(&index, params("keyboard -acme"));
    assert_eq!((answer.total, answer.understood[0].unmet), (3, true));
}
