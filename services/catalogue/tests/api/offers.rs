//! Fields of products and variants besides their price: stored, listed, in the history, imported; and costs,
//! which are in no answer that does not ask for them.

use pbjson_types::{FieldMask, Timestamp};
use proto::{
    catalogue::v1::{
        BrowseProductsRequest, Cost, CurrencyPrice, Dimensions, ExportProductsRequest,
        GetProductRequest, ImportRow, ListProductRevisionsRequest, Media, Product, SalePeriod,
        UpdateProductRequest, Variant, Weight, product::Condition,
    },
    money,
};

use crate::{
    history::revert,
    import::{counts, import, row},
    products::{get, update},
    support::{Catalogue, assert_invalid, eur, product},
    variants::{shirt, variant},
};

fn weight(value: f64, unit: &str) -> Option<Weight> {
    Some(Weight { value, unit: unit.to_owned() })
}

fn time(seconds: i64) -> Option<Timestamp> {
    Some(Timestamp { seconds, nanos: 1_000 })
}

fn cost(sku: &str, cents: i64) -> Cost {
    Cost { sku: sku.to_owned(), amount: Some(eur(cents)) }
}

/// A product and a variant with every field of an offer.
fn full(id: &str) -> Product {
    let dollars = |cents| Some(money::from_minor(cents, "USD"));
    let large = Variant {
        price: Some(eur(1_700)),
        compare_at_price: Some(eur(1_900)),
        sale_period: Some(SalePeriod { start_time: None, end_time: time(4_000_000_000) }),
        currency_prices: vec![CurrencyPrice { price: dollars(1_800), compare_at_price: None }],
        weight: weight(0.1 + 0.2, "lb"),
        dimensions: Some(Dimensions { length: 3.5, unit: "in".to_owned(), ..Default::default() }),
        media_url: "/b.svg".to_owned(),
        ..variant(&format!("{id}-L"), "L", 5)
    };
    let picture = |url: &str| Media { url: url.to_owned(), ..Default::default() };
    Product {
        compare_at_price: Some(eur(2_000)),
        sale_period: Some(SalePeriod { start_time: time(-1), end_time: time(1) }),
        currency_prices: vec![CurrencyPrice {
            price: dollars(1_600),
            compare_at_price: dollars(2_100),
        }],
        weight: weight(2.5, "kg"),
        dimensions: Some(Dimensions {
            length: 30.0,
            width: 20.0,
            height: 0.5,
            unit: "cm".to_owned(),
        }),
        condition: Condition::Refurbished.into(),
        tax_class: "reduced".to_owned(),
        seo_title: "Title".to_owned(),
        seo_description: "Description".to_owned(),
        media: vec![picture("/a.svg"), picture("/b.svg")],
        image_urls: vec!["/a.svg".to_owned(), "/b.svg".to_owned()],
        ..shirt(id, vec![variant(&format!("{id}-S"), "S", 1), large])
    }
}

async fn with_costs(catalogue: &Catalogue, id: &str) -> Vec<Cost> {
    let request =
        GetProductRequest { product_id: id.to_owned(), show_costs: true, ..Default::default() };
    catalogue.products().get_product(request).await.unwrap().into_inner().costs
}

async fn listed(catalogue: &Catalogue, filter: &str) -> Vec<String> {
    let request = BrowseProductsRequest { filter: filter.to_owned(), ..Default::default() };
    let page = catalogue.products().browse_products(request).await.unwrap().into_inner();
    page.products.into_iter().map(|product| product.id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn offers_are_returned_unchanged_and_reverted() {
    let catalogue = Catalogue::start().await;
    let sent = full("coat");
    let created = catalogue.create(sent.clone()).await;
    assert_eq!(created.variants, sent.variants);
    let expected = Product {
        compare_at_price: sent.compare_at_price.clone(),
        sale_period: sent.sale_period,
        currency_prices: sent.currency_prices.clone(),
        weight: sent.weight.clone(),
        dimensions: sent.dimensions.clone(),
        condition: sent.condition,
        tax_class: sent.tax_class.clone(),
        seo_title: sent.seo_title.clone(),
        seo_description: sent.seo_description.clone(),
        ..created.clone()
    };
    assert_eq!(created, expected);
    assert_eq!(get(&catalogue, "coat").await.unwrap(), created);

    let pounds = Product { weight: weight(5.0, " Pounds "), ..product("coat") };
    let heavier = update(&catalogue, pounds, &["weight", "compare_at_price", "condition"]).await;
    let heavier = heavier.unwrap();
    assert_eq!(heavier.weight, weight(5.0, "lb"));
    assert_eq!((heavier.compare_at_price, heavier.condition), (None, 0));
    assert_eq!(heavier.dimensions, created.dimensions);
    let reverted = revert(&catalogue, "coat", 1, "").await.unwrap();
    assert_eq!(reverted.compare_at_price, created.compare_at_price);
    assert_eq!((reverted.weight, reverted.condition), (created.weight, created.condition));
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_offers_are_refused_with_their_place() {
    let catalogue = Catalogue::start().await;
    let sent = Product {
        weight: weight(0.0, "kg"),
        compare_at_price: Some(money::from_minor(1, "USD")),
        condition: 9,
        variants: vec![Variant { media_url: "/c.svg".to_owned(), ..variant("S", "S", 0) }],
        costs: vec![cost("other", 1)],
        ..full("coat")
    };
    let fields = [
        "weight.value",
        "condition",
        "compare_at_price.currency_code",
        "variants[0].media_url",
        "costs[0].sku",
    ];
    assert_invalid(catalogue.try_create(sent).await, &fields);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_variant_loses_a_picture_with_its_product() {
    let catalogue = Catalogue::start().await;
    let costs = vec![cost("coat-S", 700), cost("coat-L", 800)];
    catalogue.create(Product { costs: costs.clone(), ..full("coat") }).await;
    let picture = Media { url: "/a.svg".to_owned(), ..Default::default() };
    let fewer = Product { media: vec![picture], ..product("coat") };
    let updated = update(&catalogue, fewer, &["media"]).await.unwrap();
    assert_eq!(updated.variants[1].media_url, "");
    assert_eq!(with_costs(&catalogue, "coat").await, costs);

    let small = shirt("coat", vec![variant("coat-S", "S", 1)]);
    update(&catalogue, small, &["variants"]).await.unwrap();
    assert_eq!(with_costs(&catalogue, "coat").await, costs[..1]);
    let reverted = revert(&catalogue, "coat", 1, "").await.unwrap();
    assert_eq!(reverted.variants[1].media_url, "/b.svg");
    assert_eq!(with_costs(&catalogue, "coat").await, costs);
}

#[tokio::test(flavor = "multi_thread")]
async fn costs_are_shown_only_where_they_are_asked_for() {
    let catalogue = Catalogue::start().await;
    let costs = vec![cost("coat-S", 700), cost("coat-L", 800)];
    let created = catalogue.create(Product { costs: costs.clone(), ..full("coat") }).await;
    assert_eq!(created.costs, []);
    assert_eq!(get(&catalogue, "coat").await.unwrap().costs, []);
    assert_eq!(with_costs(&catalogue, "coat").await, costs);

    // A document without them keeps them, as its reader may not have seen them.
    let request = UpdateProductRequest {
        product: Some(Product { name: "New".to_owned(), etag: String::new(), ..created }),
        ..Default::default()
    };
    catalogue.products().update_product(request).await.unwrap();
    assert_eq!(with_costs(&catalogue, "coat").await, costs);
    let none = update(&catalogue, product("coat"), &["costs"]).await.unwrap();
    assert_eq!((none.costs, with_costs(&catalogue, "coat").await), (Vec::new(), Vec::new()));
    let request =
        ListProductRevisionsRequest { product_id: "coat".to_owned(), ..Default::default() };
    let revisions = catalogue.products().list_product_revisions(request).await.unwrap();
    let diff = revisions.into_inner().revisions[0].diff.clone().unwrap();
    assert_eq!(diff.changed_fields, ["costs"]);
    assert_eq!(diff.before.unwrap().costs, costs);

    for (show_costs, expected) in [(false, 0), (true, 2)] {
        update(&catalogue, Product { costs: costs.clone(), ..product("coat") }, &["costs"])
            .await
            .unwrap();
        let request = ExportProductsRequest { show_costs, ..Default::default() };
        let mut exported =
            catalogue.transfer().export_products(request).await.unwrap().into_inner();
        let products = exported.message().await.unwrap().unwrap().products;
        assert_eq!(products[0].costs.len(), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sales_weights_and_conditions_are_filtered() {
    let catalogue = Catalogue::start().await;
    catalogue.create(full("coat")).await;
    catalogue.create(Product { weight: weight(1.0, "oz"), ..product("pin") }).await;
    for (filter, expected) in [
        ("on_sale = true", &["coat"][..]),
        ("on_sale = false", &["pin"]),
        ("weight > 28.3", &["coat", "pin"]),
        ("weight <= 28.35", &["pin"]),
        ("condition = REFURBISHED", &["coat"]),
        ("tax_class = reduced", &["coat"]),
        ("condition:*", &["coat"]),
    ] {
        assert_eq!(listed(&catalogue, filter).await, expected, "{filter}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn imports_merge_what_variants_have_besides_the_price() {
    let catalogue = Catalogue::start().await;
    catalogue.create(full("coat")).await;
    let before = get(&catalogue, "coat").await.unwrap();
    let parts = |line, variant: Variant, costs: Vec<Cost>, mask: &[&str]| {
        let paths = mask.iter().map(|path| (*path).to_owned()).collect();
        let product =
            Product { id: "coat".to_owned(), variants: vec![variant], costs, ..Default::default() };
        ImportRow { update_mask: Some(FieldMask { paths }), ..row(line, product) }
    };
    let small = |weight| Variant { sku: "coat-S".to_owned(), weight, ..Default::default() };
    // The product's own weight in another unit.
    let same = parts(1, small(weight(2_500.0, "g")), Vec::new(), &["variants.weight"]);
    let answer = import(&catalogue, vec![same]).await.unwrap();
    assert_eq!(counts(&answer), (0, 0, 1, 0));
    let mask = ["variants.weight", "costs.amount"];
    let lighter = parts(1, small(weight(1.0, "kg")), vec![cost("coat-S", 650)], &mask);
    let answer = import(&catalogue, vec![lighter]).await.unwrap();
    assert_eq!(counts(&answer), (0, 1, 0, 0), "{:?}", answer.rejects);
    let after = get(&catalogue, "coat").await.unwrap();
    assert_eq!(after.variants[0].weight, weight(1.0, "kg"));
    assert_eq!(after.variants[1], before.variants[1]);
    assert_eq!(with_costs(&catalogue, "coat").await, [cost("coat-S", 650)]);
}
