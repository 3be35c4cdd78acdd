//! Filters: matches, and error messages.

use proto::{
    catalogue::v1::{
        Attribute, BrowseProductsRequest, DeleteProductRequest, ExportProductsRequest,
        ListProductsRequest, OptionValue, Product, Variant, attribute::Value, product::Status,
    },
    money::from_minor,
};
use rpc::status;
use tonic::{Code, Status as Refusal};

use crate::{
    import,
    support::{Catalogue, assert_refused, full_product, product, soon},
};

fn browse(filter: &str) -> BrowseProductsRequest {
    BrowseProductsRequest { filter: filter.to_owned(), ..Default::default() }
}

fn ids(products: Vec<Product>) -> Vec<String> {
    products.into_iter().map(|product| product.id).collect()
}

async fn listed(
    catalogue: &Catalogue,
    request: ListProductsRequest,
) -> Result<Vec<String>, Refusal> {
    let mut products = catalogue.products().list_products(request).await?.into_inner();
    let mut found = Vec::new();
    while let Some(product) = soon(products.message()).await? {
        found.push(product);
    }
    Ok(ids(found))
}

async fn exported(
    catalogue: &Catalogue,
    request: ExportProductsRequest,
) -> Result<Vec<String>, Refusal> {
    let mut answers = catalogue.transfer().export_products(request).await?.into_inner();
    let mut found = Vec::new();
    while let Some(answer) = soon(answers.message()).await? {
        found.extend(answer.products);
    }
    Ok(ids(found))
}

/// The matches by each method that takes a filter, which must be equal.
async fn found(catalogue: &Catalogue, filter: &str) -> Vec<String> {
    let answer = catalogue.products().browse_products(browse(filter)).await;
    let answer = answer.unwrap_or_else(|refusal| panic!("{filter}: {refusal:?}")).into_inner();
    let browsed = ids(answer.products);
    let list = ListProductsRequest { filter: filter.to_owned(), ..Default::default() };
    assert_eq!(listed(catalogue, list).await.unwrap(), browsed, "{filter}");
    let export = ExportProductsRequest { filter: filter.to_owned(), ..Default::default() };
    assert_eq!(exported(catalogue, export).await.unwrap(), browsed, "{filter}");
    browsed
}

fn attribute(name: &str, value: Value) -> Attribute {
    Attribute { name: name.to_owned(), value: Some(value), unit: String::new() }
}

fn variant(sku: &str, gtin: &str, stock_qty: i32) -> Variant {
    let size = OptionValue { name: "size".to_owned(), value: sku.to_owned() };
    let (sku, gtin) = (sku.to_owned(), gtin.to_owned());
    Variant { sku, gtin, option_values: vec![size], stock_qty, ..Default::default() }
}

/// Creates a mug, a shirt in two sizes, a lamp, and a product without any fields.
async fn shop() -> Catalogue {
    let catalogue = Catalogue::start().await;
    catalogue.create_category("home", "").await;
    catalogue.create_category("kitchen", "home").await;
    let text = |text: &str| Value::Text(text.to_owned());
    let mug = Product {
        attributes: vec![
            attribute("colour", text("Dark Blue")),
            attribute("volume", Value::Number(0.35)),
            attribute("dishwasher", Value::Flag(true)),
        ],
        ..full_product("mug", &["kitchen"])
    };
    let shirt = Product {
        name: "It's a 100% \"Shirt\"".to_owned(),
        price: Some(from_minor(1_999, "USD")),
        variants: vec![variant("shirt-m", "96385074", 3), variant("shirt-l", "", 0)],
        labels: vec!["sale".to_owned()],
        attributes: vec![
            attribute("screen size", Value::Number(6.1)),
            attribute("volume", text("20")),
        ],
        ..product("shirt")
    };
    let lamp = Product {
        price: Some(from_minor(1_500, "JPY")),
        brand: "ACME".to_owned(),
        status: Status::Draft.into(),
        stock_qty: 2,
        category_ids: vec!["home".to_owned()],
        ..product("lamp")
    };
    for product in [mug, shirt, lamp, product("thing")] {
        catalogue.create(product).await;
    }
    catalogue
}

/// Filters of each field, and the products of [`shop`] that match.
const FIELD_FILTERS: &[(&str, &[&str])] = &[
    ("", &["lamp", "mug", "shirt", "thing"]),
    ("id = mug", &["mug"]),
    ("id != mug", &["lamp", "shirt", "thing"]),
    ("external_id = ext-mug", &["mug"]),
    ("external_id = 'ext-*'", &["mug"]),
    ("NOT external_id:*", &["lamp", "shirt", "thing"]),
    ("name:NAME", &["lamp", "mug", "thing"]),
    ("name = '*Shirt*'", &["shirt"]),
    ("name = '*shirt*'", &[]),
    ("name = '*100%*'", &["shirt"]),
    (r#"name = "It's*""#, &["shirt"]),
    ("name = '*ing'", &["thing"]),
    ("description:É", &[]),
    ("description:é", &["mug"]),
    ("brand = Acme", &["mug"]),
    ("brand:acme", &["lamp", "mug"]),
    ("brand != Acme", &["lamp", "shirt", "thing"]),
    ("brand = ''", &["shirt", "thing"]),
    ("labels:sale", &["shirt"]),
    ("labels:sal", &[]),
    ("labels:*", &["mug", "shirt"]),
    ("category:home", &["lamp", "mug"]),
    ("category = kitchen", &["mug"]),
    ("category != home", &["shirt", "thing"]),
    ("category:nowhere", &[]),
    ("attributes.colour = 'Dark Blue'", &["mug"]),
    ("attributes.colour:blue", &["mug"]),
    ("attributes.volume < 0.4", &["mug"]),
    ("attributes.volume = 0.35", &["mug"]),
    ("attributes.volume = 20", &[]),
    ("attributes.volume = '20'", &["shirt"]),
    ("attributes.dishwasher = true", &["mug"]),
    ("attributes:volume", &["mug", "shirt"]),
    ("attributes.'screen size' >= 6", &["shirt"]),
    ("price < 20", &["mug", "shirt"]),
    ("price = 12.50", &["mug"]),
    ("price > 19.985", &["lamp", "shirt"]),
    ("price >= 1500", &["lamp"]),
    ("price != 12.5", &["lamp", "shirt", "thing"]),
    ("currency = JPY OR currency = USD", &["lamp", "shirt"]),
    ("stock_qty > 2", &["mug", "shirt"]),
    ("stock_qty = 0", &["thing"]),
    ("status = DRAFT", &["lamp"]),
    ("status != ACTIVE", &["lamp"]),
    ("sku = shirt-m", &["shirt"]),
    ("sku = shirt", &[]),
    ("sku = mug", &["mug"]),
    ("sku:SHIRT", &["shirt"]),
    ("gtin = 96385074", &["shirt"]),
    ("variants.sku:*", &["shirt"]),
    ("variants.sku = shirt-l", &["shirt"]),
    ("variants.stock_qty = 0", &["shirt"]),
    ("revision = 1", &["lamp", "mug", "shirt", "thing"]),
    ("created_at > 2020-01-31T12:00:00+01:00", &["lamp", "mug", "shirt", "thing"]),
    ("create_time < 2020-01-31T12:00:00Z", &[]),
    ("update_time < 2020-01-31T12:00:00Z", &[]),
    ("delete_time:*", &[]),
    ("brand:acme AND price < 20 OR price:* AND NOT labels:sale", &["lamp", "mug"]),
    ("-(brand:acme price < 20)", &["lamp", "shirt", "thing"]),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_field_can_be_filtered_by() {
    let catalogue = shop().await;
    for (filter, expected) in FIELD_FILTERS {
        assert_eq!(found(&catalogue, filter).await, *expected, "{filter}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_combines_with_the_other_conditions() {
    let catalogue = shop().await;
    let delete = DeleteProductRequest { product_id: "mug".to_owned(), ..Default::default() };
    catalogue.products().delete_product(delete).await.unwrap();
    for (category, filter, show_deleted, expected) in [
        ("", "brand:acme", false, &["lamp"][..]),
        ("", "brand:acme", true, &["lamp", "mug"]),
        ("", "delete_time:*", true, &["mug"]),
        ("", "sku = mug", false, &[]),
        ("", "sku = mug", true, &["mug"]),
        ("kitchen", "brand:acme", true, &["mug"]),
        ("home", "price < 1500", true, &["mug"]),
        ("home", "price < 1500", false, &[]),
    ] {
        let (category_id, filter) = (category.to_owned(), filter.to_owned());
        let list = ListProductsRequest {
            category_id: category_id.clone(),
            filter: filter.clone(),
            show_deleted,
            ..Default::default()
        };
        let said = format!("{list:?}");
        assert_eq!(listed(&catalogue, list).await.unwrap(), expected, "{said}");
        let export =
            ExportProductsRequest { category_id, filter, show_deleted, ..Default::default() };
        assert_eq!(exported(&catalogue, export).await.unwrap(), expected, "{said}");
    }
}

/// Has a filter of many terms, so that a statement examines few products; the list must not end
/// with it.
#[tokio::test(flavor = "multi_thread")]
async fn pages_are_exact_for_rare_matches() {
    let catalogue = Catalogue::start().await;
    catalogue.fill(230).await;
    let rare = ["p-0000", "p-0007", "p-0150", "p-0151", "p-0229"];
    let any: Vec<String> = rare.iter().map(|id| format!("id={id}")).collect();
    let filter = format!("({}) {}", any.join(" OR "), "name:* ".repeat(90));
    assert_eq!(found(&catalogue, &filter).await, rare);
    for page_size in 1..=6 {
        let mut pages = Vec::new();
        let mut request = BrowseProductsRequest { page_size, ..browse(&filter) };
        loop {
            let answer = catalogue.products().browse_products(request.clone()).await;
            let answer = answer.unwrap().into_inner();
            assert_eq!(answer.total_size, None, "nobody has counted");
            pages.push(ids(answer.products));
            if answer.next_page_token.is_empty() {
                break;
            }
            // The same filter in another spelling.
            request.filter = format!(" {filter} ");
            request.page_token = answer.next_page_token;
        }
        let expected: Vec<_> = rare.chunks(usize::try_from(page_size).unwrap()).collect();
        assert_eq!(pages, expected, "pages of {page_size}");
    }
    let nothing = format!("NOT id:* {}", "name:* ".repeat(90));
    assert_eq!(found(&catalogue, &nothing).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_token_is_valid_for_its_filter_only() {
    let catalogue = shop().await;
    let first = BrowseProductsRequest { page_size: 1, ..browse("price < 20") };
    let answer = catalogue.products().browse_products(first).await.unwrap().into_inner();
    let page_token = answer.next_page_token;
    assert!(!page_token.is_empty());
    for other in ["", "price <= 20", "price < 20 OR id = mug", "NOT price < 20"] {
        let request = BrowseProductsRequest { page_token: page_token.clone(), ..browse(other) };
        let refusal = catalogue.products().browse_products(request).await;
        assert_refused(refusal, Code::InvalidArgument, "PAGE_TOKEN_INVALID");
    }
    let same = BrowseProductsRequest { page_token, ..browse("price<20.00") };
    let answer = catalogue.products().browse_products(same).await.unwrap().into_inner();
    assert_eq!(ids(answer.products), ["shirt"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_filter_is_refused_with_its_position() {
    let catalogue = shop().await;
    let long = "id:* ".repeat(101);
    for (filter, said) in [
        ("price < 20 AND lables:new", "column 16: unknown field `lables`, did you mean `labels`?"),
        ("colour = red", "column 1: unknown field `colour`"),
        ("price < cheap", "column 9: found `cheap`"),
        ("price:20", "column 6: `price` does not take `:`"),
        ("status = active", "column 10: found `active`, but `status` takes one of DRAFT"),
        ("name = 'a", "column 8: the quote ' is never closed"),
        ("(id = a", "column 8: found the end, expected `)`"),
        ("mug", "column 1: "),
        ("id = a\0", "column 7: "),
        (long.as_str(), "column 501: the filter has more than 100 comparisons"),
    ] {
        let refusal = catalogue.products().browse_products(browse(filter)).await;
        let refusal = assert_refused(refusal, Code::InvalidArgument, "FILTER_INVALID");
        let violations = status::violations(&refusal);
        assert_eq!(violations.len(), 1, "{filter}");
        assert_eq!(violations[0].0, "filter");
        assert!(violations[0].1.starts_with(said), "{filter}: {}", violations[0].1);
        let list = ListProductsRequest { filter: filter.to_owned(), ..Default::default() };
        assert_refused(listed(&catalogue, list).await, Code::InvalidArgument, "FILTER_INVALID");
        let export = ExportProductsRequest { filter: filter.to_owned(), ..Default::default() };
        assert_refused(exported(&catalogue, export).await, Code::InvalidArgument, "FILTER_INVALID");
    }
}

/// `count` tests of attributes that no product has.
fn costly(count: usize) -> String {
    let tests = (0..count).map(|number| format!("attributes.a{number}:\"zz\""));
    tests.collect::<Vec<_>>().join(" OR ")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_that_costs_too_much_is_refused_with_its_cost() {
    let catalogue = shop().await;
    let filter = costly(60);
    let refusal = catalogue.products().browse_products(browse(&filter)).await;
    let refusal = assert_refused(refusal, Code::InvalidArgument, "FILTER_TOO_COSTLY");
    let (field, said) = status::violations(&refusal).remove(0);
    assert_eq!(field, "filter");
    assert!(said.starts_with("costs 1200 for each product, more than 450"), "{said}");
    let list = ListProductsRequest { filter: filter.clone(), ..Default::default() };
    assert_refused(listed(&catalogue, list).await, Code::InvalidArgument, "FILTER_TOO_COSTLY");
    let export = ExportProductsRequest { filter, ..Default::default() };
    assert_refused(exported(&catalogue, export).await, Code::InvalidArgument, "FILTER_TOO_COSTLY");
    assert_eq!(found(&catalogue, &costly(20)).await, [""; 0]);
}

/// One call tests a bounded number of products. The next page resumes where it has stopped.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_a_filter_that_matches_nothing_ends_early() {
    let catalogue = Catalogue::start().await;
    let row = |line: i64| import::row(line, product(&format!("p-{line:05}")));
    import::import(&catalogue, (1..=5_100).map(row).collect()).await.unwrap();
    catalogue.create(product("q-last")).await;
    let mut request = browse(&format!("{} OR id = q-last", costly(22)));
    let mut pages = Vec::new();
    loop {
        let answer = catalogue.products().browse_products(request.clone()).await.unwrap();
        let answer = answer.into_inner();
        pages.push(ids(answer.products));
        if answer.next_page_token.is_empty() {
            break;
        }
        request.page_token = answer.next_page_token;
    }
    assert_eq!(pages, [vec![], vec!["q-last"]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn text_that_looks_like_sql_is_stored_as_text() {
    let catalogue = shop().await;
    for text in [
        "' OR 1=1 --",
        "'; DROP TABLE products; --",
        "\\' OR ''='",
        "%",
        "_",
        "$1",
        "?",
        "mug') UNION SELECT * FROM meta --",
        "\" OR \"\"=\"",
    ] {
        let quoted = text.replace('\\', r"\\").replace('"', "\\\"").replace('*', r"\*");
        for field in
            ["id", "name", "brand", "sku", "external_id", "attributes.colour", "attributes.\"a'b\""]
        {
            let filter = format!("{field} = \"{quoted}\"");
            assert_eq!(found(&catalogue, &filter).await, [""; 0], "{filter}");
        }
        for filter in [
            format!("labels:\"{quoted}\""),
            format!("category:\"{quoted}\""),
            format!("attributes:\"{quoted}\""),
        ] {
            assert_eq!(found(&catalogue, &filter).await, [""; 0], "{filter}");
        }
    }
    // A `%` in a filter matches only a `%`.
    assert_eq!(found(&catalogue, "name:'%'").await, ["shirt"]);
    assert_eq!(found(&catalogue, "").await.len(), 4);
}
