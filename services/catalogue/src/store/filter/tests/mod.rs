//! Both engines and `domain::filter` agree on random filters over random products.

mod generate;

use filter::Filter;
use product_fields::{FILTER_FIELDS, FILTER_SCHEMA};
use proptest::{
    strategy::{Strategy as _, ValueTree as _},
    test_runner::{Config, TestCaseError, TestRunner},
};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use tokio::runtime::Runtime;

use super::condition;
use crate::{
    domain::{
        Attribute, Details, Mask, Product, ProductId, Tree, Value,
        filter::{depends_on, matches},
    },
    store::{schema::entity::product, test_databases::TestDatabases},
};

/// The number of products, and of filters evaluated on them.
const PRODUCTS: usize = 150;
const FILTERS: u32 = 400;

/// The same products in a database of each engine and in memory.
struct Fixture {
    databases: TestDatabases,
    products: Vec<Product>,
    tree: Tree,
}

impl Fixture {
    async fn of(products: Vec<Product>) -> Self {
        let categories = generate::categories();
        let databases = TestDatabases::with(&categories, &products).await;
        Self { databases, products, tree: Tree::new(categories) }
    }

    /// The matching ids by each database.
    async fn by_sql(&self, filter: &Filter) -> Vec<Vec<String>> {
        let mut results = Vec::new();
        for database in &self.databases.all {
            let engine = database.get_database_backend();
            let ids = product::Entity::find()
                .select_only()
                .column(product::Column::Id)
                .filter(product::Column::Id.ne(""))
                .filter(condition(engine, filter).unwrap())
                .order_by_asc(product::Column::Id)
                .into_tuple::<String>()
                .all(database)
                .await;
            results.push(ids.unwrap_or_else(|error| panic!("{engine:?}, {filter}: {error}")));
        }
        results
    }

    /// The matching ids by `domain::filter`.
    fn in_memory(&self, filter: &Filter) -> Vec<String> {
        let matching = self.products.iter().filter(|product| matches(filter, product, &self.tree));
        let mut ids: Vec<String> = matching.map(|product| product.id.to_string()).collect();
        ids.sort_unstable();
        ids
    }
}

#[test]
fn sql_and_memory_agree_on_random_filters() {
    let runtime = Runtime::new().unwrap();
    let mut runner =
        TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(FILTERS) });
    let products = generate::products(PRODUCTS);
    let products = products.new_tree(&mut runner).unwrap().current();
    let fixture = runtime.block_on(Fixture::of(products));
    let outcome = runner.run(&generate::filter(), |text| {
        let filter =
            FILTER_SCHEMA.parse(&text).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let expected = fixture.in_memory(&filter);
        for (engine, stored) in
            ["sqlite", "postgres"].iter().zip(runtime.block_on(fixture.by_sql(&filter)))
        {
            proptest::prop_assert_eq!(&stored, &expected, "{} selects left: {}", engine, text);
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

#[tokio::test]
async fn every_filter_field_has_a_column_in_every_engine() {
    let fixture = Fixture::of(vec![generate::full_product()]).await;
    for (field, kind) in FILTER_FIELDS {
        let text =
            if *kind == filter::Kind::Map { format!("{field}:size") } else { format!("{field}:*") };
        let filter = FILTER_SCHEMA.parse(&text).unwrap();
        for stored in fixture.by_sql(&filter).await {
            assert_eq!(stored, ["full"], "{text}");
        }
        assert_eq!(fixture.in_memory(&filter), ["full"], "{text}");
    }
}

/// An attribute is stored as JSON text, which the engine must parse to the double it was written from.
#[tokio::test]
async fn numbers_of_any_length_are_found() {
    let mut runner = TestRunner::default();
    let decimals = proptest::collection::vec(generate::decimal(), 500);
    let decimals = decimals.new_tree(&mut runner).unwrap().current();
    let products = decimals.iter().enumerate().map(|(index, decimal)| {
        let value = Value::Number(decimal.to_f64());
        let attribute = Attribute { name: "size".to_owned(), value, unit: String::new() };
        let details = Details { attributes: vec![attribute], ..Default::default() };
        Product::new(ProductId::parse(&format!("p{index:03}")).unwrap(), details, 0)
    });
    let fixture = Fixture::of(products.collect()).await;
    for (index, decimal) in decimals.iter().enumerate() {
        let text = format!("attributes.size = {decimal} AND id = p{index:03}");
        let filter = FILTER_SCHEMA.parse(&text).unwrap();
        for stored in fixture.by_sql(&filter).await {
            assert_eq!(stored, [format!("p{index:03}")], "{text}");
        }
    }
}

#[test]
fn a_product_that_stops_matching_has_changed_a_field_of_the_filter() {
    let mut runner =
        TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(300) });
    let products = generate::products(60).new_tree(&mut runner).unwrap().current();
    let tree = Tree::new(generate::categories());
    let stopped = std::cell::Cell::new(0);
    let outcome = runner.run(&generate::filter(), |text| {
        let filter =
            FILTER_SCHEMA.parse(&text).map_err(|error| TestCaseError::fail(error.to_string()))?;
        for (before, other) in products.iter().zip(&products[1..]) {
            let mut after = before.clone();
            let changed = after.update(&other.details, Mask::all(), before.updated_at + 1);
            let changed: Vec<_> = changed.fields().map(|field| field.name()).collect();
            if matches(&filter, before, &tree) && !matches(&filter, &after, &tree) {
                stopped.set(stopped.get() + 1);
                let is_covered = changed.iter().any(|field| depends_on(&filter, field));
                proptest::prop_assert!(is_covered, "{}: {:?}", text, changed);
            }
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    assert!(stopped.get() > 100, "some products stop matching");
}
