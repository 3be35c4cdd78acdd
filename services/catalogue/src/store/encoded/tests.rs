//! Encoded rows equal the encoding of their domain products, on both engines.

use product_fields::{LengthUnit, TextField, WeightUnit};
use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::{select, subsequence},
    strategy::ValueTree as _,
    test_runner::{Config, TestRunner},
};
use prost::Message as _;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};
use tokio::runtime::Runtime;

use super::{page::MAX_PAGE_BYTES, *};
use crate::{
    domain::{
        Attribute, Category, CategoryId, Condition, Cost, CurrencyPrice, Details, Dimensions,
        Media, Offer, OptionValue, Price, Product, SalePeriod, Sku, Status, Value, Variant, Weight,
    },
    product_message,
    store::{products::read, test_databases::TestDatabases},
};

const PRODUCTS: usize = 600;
const CATEGORIES: [(&str, &str, Option<&str>); 4] = [
    ("root", "Küche \"&\" Bad", None),
    ("mid", "Becher\\n", Some("root")),
    ("leaf", "杯子", Some("mid")),
    ("other", "x", None),
];

fn categories() -> Vec<Category> {
    let category = |(id, name, parent): (&str, &str, Option<&str>)| Category {
        id: CategoryId::known(id.to_owned()),
        name: name.to_owned(),
        parent_id: parent.map(|id| CategoryId::known(id.to_owned())),
        position: 0,
        revision: 1,
    };
    CATEGORIES.map(category).to_vec()
}

/// A text of any characters that both engines store, sometimes empty or long.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[^\u{0}]{0,12}",
        1 => select(vec!["", "\"", "\\", "\u{8}\t\n", "💥", "İ", "null", "[]"]).prop_map(str::to_owned),
        1 => "[a-z]{120,400}",
    ]
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>().prop_filter("finite", |number| number.is_finite()),
        select(vec![0.0, -0.0, 0.1 + 0.2, 5e-324, 1e300, 9_007_199_254_740_993.0]),
        any::<i32>().prop_map(f64::from),
    ]
}

fn attribute() -> impl Strategy<Value = Attribute> {
    let value = prop_oneof![
        text().prop_map(Value::Text),
        number().prop_map(Value::Number),
        any::<bool>().prop_map(Value::Flag),
    ];
    (text(), value, text()).prop_map(|(name, value, unit)| Attribute { name, value, unit })
}

fn media() -> impl Strategy<Value = Media> {
    let size = || prop_oneof![Just(0), any::<i32>()];
    (text(), prop_oneof![Just(String::new()), text()], size(), size())
        .prop_map(|(url, alt, width, height)| Media { url, alt, width, height })
}

fn price() -> impl Strategy<Value = Option<Price>> {
    let currency = select(vec!["EUR", "EUR", "USD", "JPY", "KWD", "CLF"]);
    let minor = prop_oneof![Just(0), 0..100_000_i64, 0..=i64::MAX];
    let price =
        (minor, currency).prop_map(|(minor, currency)| Price { minor, currency: currency.into() });
    option::weighted(0.8, price)
}

fn offer() -> impl Strategy<Value = Offer> {
    let at = || option::of(any::<i64>().prop_map(|at| at / 1_000));
    let period = (at(), at()).prop_map(|(start, end)| SalePeriod { start, end });
    let compared = price().prop_filter_map("a price", |price| price);
    let other = (compared, option::of(0..=i64::MAX))
        .prop_map(|(price, compare_at)| CurrencyPrice { price, compare_at });
    let weight =
        (number(), select(WeightUnit::ALL)).prop_map(|(value, unit)| Weight { value, unit });
    let dimensions = (number(), number(), number(), select(LengthUnit::ALL)).prop_map(
        |(length, width, height, unit)| Dimensions { sides: [length, width, height], unit },
    );
    let whole =
        (price(), option::of(period), vec(other, 0..3), option::of(weight), option::of(dimensions));
    let whole =
        whole.prop_map(|(compare_at_price, sale_period, currency_prices, weight, dimensions)| {
            Offer { compare_at_price, sale_period, currency_prices, weight, dimensions }
        });
    prop_oneof![Just(Offer::default()), whole]
}

fn cost() -> impl Strategy<Value = Cost> {
    (0..=i64::MAX)
        .prop_map(|minor| Cost { sku: None, amount: Price { minor, currency: "EUR".into() } })
}

fn variant() -> impl Strategy<Value = Variant> {
    let option = (text(), text()).prop_map(|(name, value)| OptionValue { name, value });
    let own = (offer(), prop_oneof![Just(String::new()), text()]);
    (text(), vec(option, 0..3), price(), 0..=i32::MAX, own).prop_map(
        |(gtin, option_values, price, stock_qty, (offer, media_url))| Variant {
            sku: Sku::known(String::new()),
            gtin,
            option_values,
            price,
            stock_qty,
            offer,
            media_url,
        },
    )
}

fn details() -> impl Strategy<Value = Details> {
    let ids = CATEGORIES.map(|(id, ..)| CategoryId::known(id.to_owned())).to_vec();
    let status = select(vec![Status::Draft, Status::Active, Status::Archived]);
    let variants = prop_oneof![2 => Just(Vec::new()), 1 => vec(variant(), 0..4)];
    let lists = (vec(media(), 0..4), vec(attribute(), 0..5), vec(text(), 0..4), variants);
    let texts = vec(text(), TextField::COUNT);
    let rest = (price(), 0..=i32::MAX, subsequence(ids, 0..=4).prop_shuffle(), status);
    let condition = select(vec![Condition::New, Condition::Refurbished, Condition::Used]);
    let sold = (offer(), option::of(condition), vec(cost(), 0..2));
    (texts, lists, rest, sold).prop_map(|(texts, lists, rest, (offer, condition, costs))| {
        let (media, attributes, labels, variants) = lists;
        let (price, stock_qty, category_ids, status) = rest;
        let mut details = Details {
            price,
            stock_qty,
            media,
            category_ids,
            attributes,
            labels,
            variants,
            status,
            offer,
            condition,
            costs,
            ..Details::default()
        };
        for (field, text) in TextField::ALL.iter().zip(texts) {
            *details.text_mut(*field) = text;
        }
        details
    })
}

fn products() -> Vec<Product> {
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    let at = || prop_oneof![Just(0), any::<i64>().prop_map(|at| at / 1_000)];
    let product =
        (details(), at(), at(), option::of(at()), 1..=i64::MAX, 1..=i64::MAX, any::<bool>());
    let all = vec(product, PRODUCTS).new_tree(&mut runner).unwrap().current();
    let product = |(number, product)| {
        let (mut details, created_at, updated_at, deleted_at, revision, content, external): (
            Details,
            _,
            _,
            _,
            _,
            _,
            bool,
        ) = product;
        let id = format!("p{number:04}");
        for (place, variant) in details.variants.iter_mut().enumerate() {
            variant.sku = Sku::known(format!("{id}-{place}"));
        }
        details.external_id = external.then(|| format!("ext {id} ü"));
        Product {
            revision,
            content_revision: content,
            created_at,
            updated_at,
            deleted_at,
            ..Product::new(ProductId::known(id), details, 0)
        }
    };
    all.into_iter().enumerate().map(product).collect()
}

async fn encoded(db: &DatabaseConnection, ids: &[ProductId], tree: &Tree) -> Vec<EncodedProduct> {
    let rows = db.query_all_raw(by_ids(db.get_database_backend(), ids)).await.unwrap();
    let (found, is_complete) = encoded_rows(&rows, tree, Bytes::copy_from_slice).unwrap();
    assert!(is_complete);
    let mut found: Vec<_> = found.into_iter().map(|(_, product)| product.unwrap()).collect();
    found.sort_by(|a, b| a.id.cmp(&b.id));
    found
}

fn by_ids(engine: DbBackend, ids: &[ProductId]) -> Statement {
    let ids = ids.iter().map(ProductId::as_str);
    let value = match engine {
        DbBackend::Postgres => ids.map(str::to_owned).collect::<Vec<_>>().into(),
        _ => serde_json::Value::from_iter(ids).to_string().into(),
    };
    Statement::from_sql_and_values(engine, sql(engine), [value])
}

#[test]
fn an_encoded_row_equals_its_encoded_product() {
    let runtime = Runtime::new().unwrap();
    let products = products();
    let databases = runtime.block_on(TestDatabases::with(&categories(), &products));
    let ids: Vec<ProductId> = products.iter().map(|product| product.id.clone()).collect();
    let tree = Tree::new(categories());
    for database in &databases.all {
        let engine = database.get_database_backend();
        let encoded = runtime.block_on(encoded(database, &ids, &tree));
        let mut loaded = runtime.block_on(read::by_ids(database, &ids)).unwrap();
        loaded.sort_by(|a, b| a.id.cmp(&b.id));
        assert_eq!(encoded.len(), PRODUCTS, "{engine:?}");
        for (encoded, product) in encoded.iter().zip(loaded) {
            assert_eq!((&encoded.id, encoded.revision), (&product.id, product.revision));
            assert_eq!(encoded.is_deleted, product.deleted_at.is_some(), "{product:?}");
            assert_eq!(encoded.has_categories, !product.details.category_ids.is_empty());
            let expected = product_message(product.clone(), &tree);
            assert_eq!(
                encoded.message,
                expected.encode_to_vec(),
                "{engine:?}: {product:?} is {:?}",
                proto::catalogue::v1::Product::decode(encoded.message.clone())
            );
        }
    }
}

/// The rows of a page are packed by the database.
#[test]
fn pages_have_each_product_once_and_whole() {
    let runtime = Runtime::new().unwrap();
    let mut products = products();
    // Larger than a page, so that it ends one.
    products[300].details.description = "x".repeat(MAX_PAGE_BYTES + 1);
    let databases = runtime.block_on(TestDatabases::with(&categories(), &products));
    let tree = Tree::new(categories());
    for database in &databases.all {
        let engine = database.get_database_backend();
        let loaded = products.iter().map(|product| product.id.clone()).collect::<Vec<_>>();
        let mut loaded = runtime.block_on(read::by_ids(database, &loaded)).unwrap();
        loaded.sort_by(|a, b| a.id.cmp(&b.id));
        let mut listed = Vec::new();
        let mut after = Some(String::new());
        while let Some(id) = after {
            let page = runtime.block_on(page::after(database, &id, 100, &tree)).unwrap();
            assert!(page.messages.len() <= 100, "{engine:?}");
            after = page.rest.map(|id| id.as_str().to_owned());
            listed.extend(page.messages);
            assert!(listed.len() != 301 || after.as_deref() == Some("p0300"), "{engine:?}");
        }
        let expected = loaded.into_iter().map(|it| product_message(it, &tree).encode_to_vec());
        assert!(listed.iter().map(|it| it.to_vec()).eq(expected), "{engine:?}");
    }
}

#[tokio::test]
async fn a_stale_tree_is_detected() {
    let mut details = Details { name: "Mug".to_owned(), ..Details::default() };
    details.category_ids = vec![CategoryId::known("leaf".to_owned())];
    let mug = Product::new(ProductId::known("mug".to_owned()), details, 0);
    let ids = std::slice::from_ref(&mug.id);
    for database in &TestDatabases::with(&categories(), std::slice::from_ref(&mug)).await.all {
        let rows = database.query_all_raw(by_ids(database.get_database_backend(), ids)).await;
        let stale = encoded_rows(&rows.unwrap(), &Tree::default(), Bytes::copy_from_slice);
        assert!(!stale.unwrap().1);
        let stored = crate::store::category_tree::load(database).await.unwrap();
        let found = encoded(database, ids, &stored).await;
        assert_eq!(found[0].message, product_message(mug.clone(), &stored).encode_to_vec());
    }
}

#[tokio::test]
async fn unknown_products_are_left_out() {
    let databases = TestDatabases::with(&categories(), &[]).await;
    for database in &databases.all {
        let unknown = [ProductId::known("unknown".to_owned())];
        assert_eq!(encoded(database, &unknown, &Tree::default()).await, []);
    }
}

/// The row holds a copy of its links.
#[tokio::test]
async fn reading_a_row_without_variants_runs_no_subquery() {
    let details = Details { name: "Mug".to_owned(), ..Details::default() };
    let mug = Product::new(ProductId::known("mug".to_owned()), details, 0);
    let databases = TestDatabases::with(&categories(), std::slice::from_ref(&mug)).await;
    let postgres = databases.all.iter().find(|it| it.get_database_backend() == DbBackend::Postgres);
    let Some(database) = postgres else { return };
    let mut explain = by_ids(DbBackend::Postgres, std::slice::from_ref(&mug.id));
    explain.sql = format!("EXPLAIN ANALYZE {}", explain.sql);
    let plan = database.query_all_raw(explain).await.unwrap();
    let lines: Vec<String> = plan.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    let plans = lines.iter().enumerate().filter(|(_, line)| line.contains("SubPlan"));
    let run: Vec<_> = plans.filter(|(at, _)| !lines[at + 1].contains("never executed")).collect();
    assert!(run.is_empty(), "{lines:#?}");
    assert!(lines.iter().any(|line| line.contains("SubPlan")), "{lines:#?}");
}
