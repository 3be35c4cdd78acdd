//! Tests of the index in memory.

mod controls;
mod counting;
mod damage;
mod meaning;
mod suite;
mod understanding;

use super::*;
use filter::Filter;
use proto::catalogue::v1::{Attribute, CategoryPath, Product, attribute};
use std::time::SystemTime;

#[test]
fn words_are_found_in_every_field() {
    let index = index([mug(), lamp()]);
    for query in ["Mug", "stoneware", "brewster", "kitchen", "cups", "blue", "350", "dishwasher"] {
        assert_eq!(ids(&index, query), ["mug"], "{query}");
    }
    assert_eq!(ids(&index, "mugs"), ["mug"], "plural");
    assert_eq!(ids(&index, "CAFE crème"), ["mug"], "case and accents");
    assert_eq!(ids(&index, "brewster mug blue"), ["mug"], "words of several fields");
    assert_eq!(ids(&index, "chair"), Vec::<String>::new());
}

#[test]
fn all_words_are_required_before_some() {
    let index = index([
        named("1", "red mug"),
        named("2", "red lamp"),
        named("3", "blue lamp"),
        named("4", "green"),
    ]);
    assert_eq!(ids(&index, "red lamp"), ["2"]);
    assert_eq!(ids(&index, "blue mug"), ["1"], "nothing has both: the kind of thing is kept");
    let mut any = ids(&index, "blue green");
    any.sort();
    assert_eq!(any, ["3", "4"], "neither word names one");
    assert_eq!(ids(&index, "a lamp for the red"), ["2"], "stop words are not required");
    assert_eq!(ids(&index, "the"), Vec::<String>::new(), "unless there is nothing else");
}

#[test]
fn the_last_word_may_be_unfinished() {
    let index = index([
        named("1", "Batteries"),
        named("2", "Bat"),
        named("3", "Battle axe"),
        named("4", "Running shoes"),
    ]);
    assert_eq!(ids(&index, "bat"), ["2", "1", "3"], "whole words first");
    assert_eq!(ids(&index, "batterie"), ["1"]);
    assert_eq!(ids(&index, "runnin"), ["4"], "not the beginning of its stem");
    assert_eq!(ids(&index, "bat "), ["2"], "followed by a blank, it is finished");
    assert_eq!(ids(&index, "runn shoes"), ["4"], "only `shoes` has to match any more");
    assert_eq!(ids(&index, "battl ax"), ["3"], "relaxed to any word");
}

#[test]
fn names_weigh_more_than_descriptions() {
    let described = Product { description: "Holds a kettle.".to_owned(), ..named("1", "Stand") };
    let index = index([described, named("2", "Kettle")]);
    assert_eq!(ids(&index, "kettle"), ["2", "1"]);
}

#[test]
fn ids_are_found_as_a_whole() {
    let product = |id: &str, external_id: &str| Product {
        external_id: external_id.to_owned(),
        ..named(id, &format!("Drill {id}"))
    };
    let index = index([product("d-1", "KT-INS114"), product("d-2", "KT-INS115")]);
    assert_eq!(ids(&index, "KT-INS115"), ["d-2"]);
    assert_eq!(ids(&index, "drill kt-ins114"), ["d-1"]);
    assert_eq!(ids(&index, "D-2")[0], "d-2");
}

#[test]
fn categories_include_their_descendants() {
    let index = index([mug(), lamp()]);
    let within = |category_id| {
        found(&index, SearchParams { category_id: Some(category_id), ..params("") }).total
    };
    assert_eq!((within("kitchen"), within("mugs"), within("attic")), (1, 1, 0));
    assert!(index.has_category("kitchen").unwrap());
    assert!(!index.has_category("attic").unwrap());
}

#[test]
fn pages_have_each_product_once_across_segments() {
    let index = Index::in_ram(Parameters::default());
    let mut writer = index.writer().unwrap();
    // Commits out of order and replaced documents, so that segments differ.
    for number in (0..60).rev().chain(0..30) {
        apply(&mut writer, [named(&format!("p{number:02}"), "Same name")]);
    }
    let expected: Vec<_> = (0..60).map(|number| format!("p{number:02}")).collect();
    for query in ["", "name"] {
        let mut paged = Vec::new();
        for offset in (0..70).step_by(7) {
            let found = found(&index, SearchParams { offset, limit: 7, ..params(query) });
            assert_eq!(found.total, 60);
            paged.extend(found.hits.into_iter().map(|hit| hit.product.id));
        }
        assert_eq!(paged, expected, "{query:?}");
    }
}

#[test]
fn an_answer_fits_in_a_message() {
    let index = Index::in_ram(Parameters::default());
    let mut batch = Batch::new(FeedPosition::default());
    for number in 0..10 {
        let description = "x".repeat(1_000_000);
        batch.put(Product { description, ..named(&format!("p{number}"), "Saga") });
    }
    index.writer().unwrap().apply(batch).unwrap();
    let found = found(&index, params("saga"));
    assert_eq!((found.hits.len(), found.total), (3, 10));
}

#[test]
fn hostile_queries_are_only_queries() {
    let index = index([mug()]);
    let deep = "(".repeat(1_000) + "mug" + &")".repeat(1_000);
    assert_eq!(ids(&index, &deep), ["mug"]);
    let endless = "mug ".repeat(10_000);
    for query in ["?!", "\"", "name:mug AND NOT", "*", "\0\u{202e}", "\u{ff}", &endless] {
        ids(&index, query);
    }
    assert_eq!(ids(&index, "?!"), Vec::<String>::new());
}

#[test]
fn later_revisions_replace_earlier_ones_only() {
    let index = Index::in_ram(Parameters::default());
    let mut writer = index.writer().unwrap();
    let revision = |revision, name: &str| Product { revision, ..named("1", name) };
    apply(&mut writer, [revision(2, "second")]);
    apply(&mut writer, [revision(1, "first")]);
    assert_eq!(ids(&index, "first"), Vec::<String>::new());
    apply(&mut writer, [revision(4, "fourth"), revision(3, "third")]);
    assert_eq!((ids(&index, "fourth").len(), index.product_count()), (1, 1));

    let mut batch = Batch::new(writer.position().clone());
    batch.delete("1".to_owned());
    batch.put(revision(1, "again"));
    writer.apply(batch).unwrap();
    assert_eq!(ids(&index, "again"), ["1"], "a product created again counts anew");

    let mut batch = Batch::new(writer.position().clone());
    batch.delete("1".to_owned());
    writer.apply(batch).unwrap();
    assert_eq!(index.product_count(), 0);
}

#[test]
fn the_position_is_in_the_commit_and_the_lock_in_the_writer() {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::open(folder.path()).unwrap();
    let mut writer = index.writer().unwrap();
    let mut batch = Batch::new(FeedPosition::default());
    batch.put(mug());
    batch.position.cursor = "here".to_owned();
    let position = batch.position.clone();
    writer.apply(batch).unwrap();

    let second = Index::open(folder.path()).unwrap();
    assert!(matches!(second.writer(), Err(Error::Locked(_))));
    assert_eq!(ids(&second, "mug"), ["mug"], "reading is free for all");
    drop(writer);
    let writer = second.writer().unwrap();
    assert_eq!(*writer.position(), position);
}

fn index<const N: usize>(products: [Product; N]) -> Index {
    let index = Index::in_ram(Parameters::default());
    apply(&mut index.writer().unwrap(), products);
    index
}

fn apply<const N: usize>(writer: &mut Writer, products: [Product; N]) {
    let mut batch = Batch::new(writer.position().clone());
    batch.position.cursor = "somewhere".to_owned();
    products.into_iter().for_each(|product| batch.put(product));
    writer.apply(batch).unwrap();
}

fn ids(index: &Index, query: &str) -> Vec<String> {
    found(index, params(query)).hits.into_iter().map(|hit| hit.product.id).collect()
}

fn found(index: &Index, search: SearchParams<'_>) -> SearchResults {
    index.search(&search, &CompiledSettings::default()).unwrap()
}

fn params(query: &str) -> SearchParams<'_> {
    static EVERYTHING: Filter = Filter::And(Vec::new());
    SearchParams {
        query,
        as_words: &[],
        category_id: None,
        filter: &EVERYTHING,
        facets: &[],
        order: &[],
        offset: 0,
        limit: 10,
        now: SystemTime::UNIX_EPOCH,
    }
}

fn named(id: &str, name: &str) -> Product {
    Product { id: id.to_owned(), name: name.to_owned(), ..Product::default() }
}

fn mug() -> Product {
    let attribute = |name: &str, value| Attribute {
        name: name.to_owned(),
        value: Some(value),
        unit: "ml".to_owned(),
    };
    let texts = |texts: [&str; 2]| texts.map(str::to_owned).to_vec();
    Product {
        description: "Stoneware for café crème.".to_owned(),
        brand: "Brewster".to_owned(),
        category_ids: vec!["mugs".to_owned()],
        category_paths: vec![CategoryPath {
            names: texts(["Kitchen", "Cups"]),
            ids: texts(["kitchen", "mugs"]),
        }],
        attributes: vec![
            attribute("colour", attribute::Value::Text("blue".to_owned())),
            attribute("capacity", attribute::Value::Number(350.0)),
            attribute("dishwasher safe", attribute::Value::Flag(true)),
            attribute("microwave safe", attribute::Value::Flag(false)),
        ],
        ..named("mug", "Mug")
    }
}

fn lamp() -> Product {
    Product { description: "Shines.".to_owned(), ..named("lamp", "Desk lamp") }
}
