//! The copy of a product's links in its row, together with programs that do not know it.

use catalogue::{Config, MigrateAction};
use proto::catalogue::v1::{GetProductRequest, OptionValue, Product, Variant};
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, Statement};

use crate::support::{Catalogue, Data, full_product, product};

/// Connects to the database itself.
async fn database(data: &Data) -> DatabaseConnection {
    let file = format!("sqlite://{}", data.path().join("catalogue.db").display());
    Database::connect(data.url().unwrap_or(&file)).await.unwrap()
}

/// Runs statements as a program does that does not know the copy.
async fn execute(data: &Data, statements: &[&str]) {
    let database = database(data).await;
    for statement in statements {
        database.execute_unprepared(statement).await.unwrap();
    }
    database.close().await.unwrap();
}

/// The copy in the product's row, and whether it is current.
async fn copy(data: &Data, id: &str) -> (Option<String>, Option<i32>, bool) {
    let database = database(data).await;
    let sql = format!(
        "SELECT category_list, variant_count, \
            CASE WHEN links_revision = content_revision THEN 1 ELSE 0 END \
        FROM products WHERE id = '{id}'"
    );
    let statement = Statement::from_string(database.get_database_backend(), sql);
    let row = database.query_one_raw(statement).await.unwrap().unwrap();
    let current: i32 = row.try_get_by_index(2).unwrap();
    let copy = (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap(), current == 1);
    database.close().await.unwrap();
    copy
}

async fn get(catalogue: &Catalogue, id: &str) -> Product {
    let request = GetProductRequest { product_id: id.to_owned(), ..Default::default() };
    catalogue.products().get_product(request).await.unwrap().into_inner()
}

fn shirt() -> Product {
    let variant = |sku: &str, size: &str| Variant {
        sku: sku.to_owned(),
        option_values: vec![OptionValue { name: "size".to_owned(), value: size.to_owned() }],
        stock_qty: 2,
        ..Default::default()
    };
    let variants = vec![variant("shirt-s", "S"), variant("shirt-m", "M")];
    Product { variants, stock_qty: 4, ..full_product("shirt", &["clothes", "sale"]) }
}

async fn with_categories() -> Catalogue {
    let catalogue = Catalogue::start().await;
    catalogue.create_category("clothes", "").await;
    catalogue.create_category("sale", "").await;
    catalogue
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_stores_a_copy_of_the_links() {
    let catalogue = with_categories().await;
    let created = catalogue.create(shirt()).await;
    catalogue.create(product("mug")).await;
    assert_eq!(get(&catalogue, "shirt").await, created);
    let list = Some("clothes sale".to_owned());
    assert_eq!(copy(catalogue.data(), "shirt").await, (list, Some(2), true));
    assert_eq!(copy(catalogue.data(), "mug").await, (None, Some(0), true));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_of_an_older_program_is_read_correctly() {
    let catalogue = with_categories().await;
    execute(
        catalogue.data(),
        &[
            "INSERT INTO products (id, name, description, brand, stock_qty, image_urls, \
                attributes, labels, revision, content_revision, created_at, updated_at, status, \
                created_by) \
            VALUES ('old', 'Old', '', '', 3, '[]', '[]', '[]', 1, 1, 1, 1, 2, '')",
            "INSERT INTO product_categories (product_id, category_id, position) \
            VALUES ('old', 'sale', 0), ('old', 'clothes', 1)",
            "INSERT INTO product_variants (sku, product_id, position, gtin, option_values, stock_qty) \
            VALUES ('old-1', 'old', 0, '', '[[\"size\",\"L\"]]', 3)",
        ],
    )
    .await;
    let old = get(&catalogue, "old").await;
    assert_eq!(old.category_ids, ["sale", "clothes"]);
    assert_eq!((old.variants.len(), old.variants[0].stock_qty), (1, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outdated_copy_of_an_older_program_is_ignored() {
    let catalogue = with_categories().await;
    catalogue.create(shirt()).await;
    catalogue.create(full_product("mug", &["sale"])).await;
    execute(
        catalogue.data(),
        &[
            "UPDATE products SET revision = 2, content_revision = 2 WHERE id IN ('shirt', 'mug')",
            "DELETE FROM product_categories WHERE product_id = 'shirt' AND category_id = 'clothes'",
            "DELETE FROM product_variants WHERE sku IN ('shirt-s', 'shirt-m')",
            "INSERT INTO product_variants (sku, product_id, position, gtin, option_values, stock_qty) \
            VALUES ('mug-1', 'mug', 0, '', '[]', 7)",
        ],
    )
    .await;
    let shirt = get(&catalogue, "shirt").await;
    assert_eq!((shirt.category_ids, shirt.variants), (vec!["sale".to_owned()], Vec::new()));
    assert_eq!(get(&catalogue, "mug").await.variants[0].sku, "mug-1");
}

#[tokio::test(flavor = "multi_thread")]
async fn products_without_a_copy_of_their_links_get_one() {
    let catalogue = with_categories().await;
    let created = catalogue.create(shirt()).await;
    catalogue.create(product("mug")).await;
    let data = catalogue.stop().await;
    let migrate = async |action, steps: Option<u32>| {
        let steps = steps.map(|steps| steps.try_into().unwrap());
        let config = Config { migrate: Some(action), steps, ..data.config() };
        catalogue::migrate(&config).await.unwrap()
    };
    let undone = migrate(MigrateAction::Down, Some(11)).await;
    let expected = "undone m0014_reports, m0013_imports, m0012_offer, m0011_session, m0010_hidden, m0009_audit, m0008_setting, \
                    m0007_tokens, m0006_keys, m0005_fill, m0004_links";
    assert_eq!(undone, expected);
    migrate(MigrateAction::Up, None).await;
    assert_eq!(copy(&data, "shirt").await, (Some("clothes sale".to_owned()), Some(2), true));
    assert_eq!(copy(&data, "mug").await, (None, Some(0), true));
    assert_eq!(get(&Catalogue::start_in(data).await, "shirt").await, created);
}
