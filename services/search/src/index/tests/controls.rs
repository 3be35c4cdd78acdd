//! Tests of tie-breakers, pins and boosts.

use product_fields::parse_filter;

use super::*;
use std::time::Duration;

fn shop() -> Index {
    index([
        Product { brand: "Kiln".to_owned(), ..named("1", "red mug") },
        Product { brand: "Cobb".to_owned(), stock_qty: 3, ..named("2", "red mug") },
        Product { brand: "Cobb".to_owned(), ..named("3", "red lamp") },
    ])
}

fn order(index: &Index, search: &SearchParams<'_>, settings: &CompiledSettings) -> String {
    let hits = index.search(search, settings).unwrap().hits;
    hits.into_iter().map(|hit| hit.product.id).collect()
}

fn with(control: Control) -> CompiledSettings {
    CompiledSettings::new(SearchSettings { controls: vec![control], ..Default::default() })
}

#[test]
fn ties_are_broken_by_the_settings() {
    let index = shop();
    let settings = CompiledSettings::new(SearchSettings {
        tie_breakers: vec![SortKey::InStock],
        ..Default::default()
    });
    assert_eq!(order(&index, &params("red mug "), &settings), "21");
    assert_eq!(order(&index, &params("red mug "), &CompiledSettings::default()), "12");
    assert_eq!(order(&index, &params(""), &settings), "213", "browsing too");
}

#[test]
fn pins_come_first_and_are_counted_once() {
    let index = shop();
    let control = Control {
        queries: vec!["Red Mugs".to_owned()],
        pins: vec!["3".to_owned(), "2".to_owned(), "gone".to_owned()],
        ..Control::default()
    };
    let settings = with(control);
    assert_eq!(order(&index, &params("red mug "), &settings), "321");
    let answer = index.search(&params("red mug "), &settings).unwrap();
    assert_eq!(answer.total, 3);
    assert!(answer.hits[0].controlled && !answer.hits[2].controlled);
    let paged: String = (0..3)
        .map(|offset| {
            order(&index, &SearchParams { offset, limit: 1, ..params("red mug ") }, &settings)
        })
        .collect();
    assert_eq!(paged, "321");
    assert_eq!(order(&index, &params("red "), &settings), "123", "another query");
    let filter = parse_filter("id = 1").unwrap();
    let narrowed = SearchParams { filter: &filter, ..params("red mug ") };
    assert_eq!(order(&index, &narrowed, &settings), "1", "what is not in it is not pinned");
}

#[test]
fn boosts_promote_and_demote() {
    let index = shop();
    let boosted = |factor| {
        with(Control {
            contains: vec!["mug".to_owned()],
            boosts: vec![Boost { filter: parse_filter("brand = Kiln").unwrap(), factor }],
            ..Control::default()
        })
    };
    assert_eq!(order(&index, &params("red mug "), &boosted(0.1)), "21");
    assert_eq!(order(&index, &params("red mug "), &boosted(2.0)), "12");
    let explained = index.explain(&params("red mug "), "1", &boosted(2.0)).unwrap().unwrap();
    assert!(explained.reasons.iter().any(|it| it.contains("multiplies its score by 2")));
}

#[test]
fn controls_apply_within_their_period() {
    let index = shop();
    let at = |seconds| Some(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
    let control =
        Control { pins: vec!["3".to_owned()], start: at(10), end: at(20), ..Control::default() };
    for (now, first) in [(5, '1'), (10, '3'), (19, '3'), (20, '1')] {
        let search = SearchParams { now: at(now).unwrap(), ..params("red ") };
        assert_eq!(order(&index, &search, &with(control.clone())).chars().next(), Some(first));
        let off = with(Control { disabled: true, ..control.clone() });
        assert!(order(&index, &search, &off).starts_with('1'));
    }
}
