//! The test suite of every engine; uses the engine traits only.

use product_fields::parse_filter;

use super::{lamp, mug, named, params};
use crate::index::{
    Batch, CompiledSettings, FacetField, Index, Parameters, SearchParams,
    engine::{Engine, EngineWriter},
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

fn ids(engine: &dyn Engine, search: &SearchParams<'_>) -> Vec<String> {
    let found = engine.search(search, &CompiledSettings::default()).unwrap();
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
    assert_eq!(ids(engine, &params("")), ["lamp", "mug", "other"], "in the order of ids");
    assert_eq!(ids(engine, &params("red mug ")), ["other"]);
    assert_eq!(ids(engine, &params("lamps")), ["lamp"]);
    let found = engine.search(&params("lamp xyzzy "), &CompiledSettings::default()).unwrap();
    assert_eq!((found.total, found.dropped), (1, vec!["xyzzy".to_owned()]));
}

fn narrows_counts_and_orders(engine: &dyn Engine) {
    let filter = parse_filter("brand = Brewster").unwrap();
    assert_eq!(ids(engine, &SearchParams { filter: &filter, ..params("mug ") }), ["mug"]);
    assert_eq!(ids(engine, &SearchParams { category_id: Some("kitchen"), ..params("") }), ["mug"]);
    assert!(engine.has_category("kitchen").unwrap() && !engine.has_category("attic").unwrap());
    let facets = [FacetField::Brand];
    let search = SearchParams { facets: &facets, filter: &filter, ..params("mug ") };
    let found = engine.search(&search, &CompiledSettings::default()).unwrap();
    let value = &found.facets[0].values[0];
    assert_eq!((value.value.as_str(), value.count), ("Brewster", 1));
    let order = ["name".parse().unwrap()];
    let by_name = ids(engine, &SearchParams { order: &order, ..params("") });
    assert_eq!(by_name, ["lamp", "mug", "other"]);
}

fn explains(engine: &dyn Engine) {
    let explain =
        |id: &str| engine.explain(&params("red mug "), id, &CompiledSettings::default()).unwrap();
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
    assert_eq!(ids(engine, &params("mug ")), ["mug"]);
}
