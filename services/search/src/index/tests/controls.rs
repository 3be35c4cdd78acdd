//! What merchandisers want.

use super::*;
use crate::index::settings::{Boost, Control, TieBreaker};
use std::time::Duration;

fn shelf() -> Index {
    index([
        Product { brand: "Kiln".to_owned(), ..named("1", "red mug") },
        Product { brand: "Cobb".to_owned(), stock_qty: 3, ..named("2", "red mug") },
        Product { brand: "Cobb".to_owned(), ..named("3", "red lamp") },
    ])
}

fn order(index: &Index, search: &Search<'_>, settings: &Settings) -> String {
    let hits = index.search(search, settings).unwrap().hits;
    hits.into_iter().map(|hit| hit.product.id).collect()
}

fn with(control: Control) -> Settings {
    Settings::new(Vec::new(), None, Vec::new(), vec![control])
}

#[test]
fn ties_are_broken_as_was_set() {
    let index = shelf();
    let settings = Settings::new(Vec::new(), None, vec![TieBreaker::InStock], Vec::new());
    assert_eq!(order(&index, &asked("red mug "), &settings), "21");
    assert_eq!(order(&index, &asked("red mug "), &Settings::default()), "12");
    assert_eq!(order(&index, &asked(""), &settings), "213", "browsing too");
}

#[test]
fn pins_come_first_and_are_counted_once() {
    let index = shelf();
    let control = Control {
        queries: vec!["Red Mugs".to_owned()],
        pins: vec!["3".to_owned(), "2".to_owned(), "gone".to_owned()],
        ..Control::default()
    };
    let settings = with(control);
    assert_eq!(order(&index, &asked("red mug "), &settings), "321");
    let answer = index.search(&asked("red mug "), &settings).unwrap();
    assert_eq!(answer.total, 3);
    assert!(answer.hits[0].controlled && !answer.hits[2].controlled);
    let paged: String = (0..3)
        .map(|offset| order(&index, &Search { offset, limit: 1, ..asked("red mug ") }, &settings))
        .collect();
    assert_eq!(paged, "321");
    assert_eq!(order(&index, &asked("red "), &settings), "123", "another query");
    let filter = product_filter("id = 1").unwrap();
    let narrowed = Search { filter: &filter, ..asked("red mug ") };
    assert_eq!(order(&index, &narrowed, &settings), "1", "what is not in it is not pinned");
}

#[test]
fn boosts_lift_and_bury() {
    let index = shelf();
    let boosted = |factor| {
        with(Control {
            contains: vec!["mug".to_owned()],
            boosts: vec![Boost { filter: product_filter("brand = Kiln").unwrap(), factor }],
            ..Control::default()
        })
    };
    assert_eq!(order(&index, &asked("red mug "), &boosted(0.1)), "21");
    assert_eq!(order(&index, &asked("red mug "), &boosted(2.0)), "12");
    let explained = index.explain(&asked("red mug "), "1", &boosted(2.0)).unwrap().unwrap();
    assert!(explained.reasons.iter().any(|it| it.contains("multiplies its score by 2")));
}

#[test]
fn controls_have_their_times() {
    let index = shelf();
    let at = |seconds| Some(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
    let control =
        Control { pins: vec!["3".to_owned()], start: at(10), end: at(20), ..Control::default() };
    for (now, first) in [(5, '1'), (10, '3'), (19, '3'), (20, '1')] {
        let search = Search { now: at(now).unwrap(), ..asked("red ") };
        assert_eq!(order(&index, &search, &with(control.clone())).chars().next(), Some(first));
        let off = with(Control { disabled: true, ..control.clone() });
        assert!(order(&index, &search, &off).starts_with('1'));
    }
}
