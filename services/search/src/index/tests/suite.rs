//! What any engine must do, whatever it is: only the traits are used.

use super::{asked, lamp, mug, named};
use crate::index::{
    Batch, Counted, Index, Parameters, Search, Settings,
    engine::{Engine, EngineWriter},
    product_filter,
};

#[test]
fn tantivy_in_memory_is_an_engine() {
    let index = Index::in_ram(Parameters::default());
    let mut writer = index.writer().unwrap();
    suite(&index, &mut writer);
}

#[test]
fn tantivy_on_disk_is_an_engine() {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::open(folder.path()).unwrap();
    let mut writer = index.writer().unwrap();
    suite(&index, &mut writer);
}

fn suite(engine: &dyn Engine, writer: &mut dyn EngineWriter) {
    finds_what_was_applied(engine, writer);
    narrows_counts_and_orders(engine);
    explains(engine);
    forgets_what_was_deleted(engine, writer);
}

fn ids(engine: &dyn Engine, search: &Search<'_>) -> Vec<String> {
    let found = engine.search(search, &Settings::default()).unwrap();
    assert_eq!(found.total, found.hits.len(), "all fit on a page");
    found.hits.into_iter().map(|hit| hit.product.id).collect()
}

fn finds_what_was_applied(engine: &dyn Engine, writer: &mut dyn EngineWriter) {
    assert_eq!(engine.product_count(), 0);
    let mut batch = Batch::new(writer.position().clone());
    batch.position.cursor = "one".to_owned();
    [mug(), lamp(), named("other", "Red mug")].into_iter().for_each(|it| batch.put(it));
    writer.apply(batch).unwrap();
    assert_eq!(engine.product_count(), 3);
    assert_eq!(writer.position().cursor, "one");
    assert_eq!(ids(engine, &asked("")), ["lamp", "mug", "other"], "in the order of ids");
    assert_eq!(ids(engine, &asked("red mug ")), ["other"]);
    assert_eq!(ids(engine, &asked("lamps")), ["lamp"]);
    let found = engine.search(&asked("lamp xyzzy "), &Settings::default()).unwrap();
    assert_eq!((found.total, found.dropped), (1, vec!["xyzzy".to_owned()]));
}

fn narrows_counts_and_orders(engine: &dyn Engine) {
    let filter = product_filter("brand = Brewster").unwrap();
    assert_eq!(ids(engine, &Search { filter: &filter, ..asked("mug ") }), ["mug"]);
    assert_eq!(ids(engine, &Search { category_id: Some("kitchen"), ..asked("") }), ["mug"]);
    assert!(engine.has_category("kitchen").unwrap() && !engine.has_category("attic").unwrap());
    let facets = [Counted::Brand];
    let search = Search { facets: &facets, filter: &filter, ..asked("mug ") };
    let found = engine.search(&search, &Settings::default()).unwrap();
    let value = &found.facets[0].values[0];
    assert_eq!((value.value.as_str(), value.count), ("Brewster", 1));
    let order = ["name".parse().unwrap()];
    let by_name = ids(engine, &Search { order: &order, ..asked("") });
    assert_eq!(by_name, ["lamp", "mug", "other"]);
}

fn explains(engine: &dyn Engine) {
    let explain = |id: &str| engine.explain(&asked("red mug "), id, &Settings::default()).unwrap();
    assert_eq!(explain("other").unwrap().position, Some(1));
    assert!(!explain("lamp").unwrap().matched);
    assert!(explain("nothing").is_none());
}

fn forgets_what_was_deleted(engine: &dyn Engine, writer: &mut dyn EngineWriter) {
    let mut batch = Batch::new(writer.position().clone());
    batch.position.cursor = "two".to_owned();
    batch.delete("other".to_owned());
    writer.apply(batch).unwrap();
    assert_eq!(engine.product_count(), 2);
    assert_eq!(writer.position().cursor, "two");
    assert_eq!(ids(engine, &asked("mug ")), ["mug"]);
}
