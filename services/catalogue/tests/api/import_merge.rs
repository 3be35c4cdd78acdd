//! Imports of parts of products: variants by SKU or GTIN, pictures by URL, and conditions on rows.

use pbjson_types::FieldMask;
use proto::catalogue::v1::{
    ImportOptions, ImportProductsResponse, ImportRow, Media, OptionValue, Product,
    UpdateProductRequest, Variant, import_options::Mode,
};

use crate::{
    import::{count, counts, get, import, import_with, row},
    support::{Catalogue, eur, product},
};

fn masked(line: i64, product: Product, mask: &[&str]) -> ImportRow {
    let paths = mask.iter().map(|path| (*path).to_owned()).collect();
    ImportRow { update_mask: Some(FieldMask { paths }), ..row(line, product) }
}

fn variant(sku: &str, size: &str, stock_qty: i32) -> Variant {
    let option = OptionValue { name: "Size".to_owned(), value: size.to_owned() };
    Variant { sku: sku.to_owned(), option_values: vec![option], stock_qty, ..Default::default() }
}

fn coat() -> Product {
    let gtin = "4006381333931".to_owned();
    Product {
        price: Some(eur(8_900)),
        variants: vec![Variant { gtin, ..variant("COAT-S", "S", 4) }, variant("COAT-M", "M", 9)],
        ..product("coat")
    }
}

fn by_sku(line: i64, sku: &str, cents: i64) -> ImportRow {
    let variant = Variant { sku: sku.to_owned(), price: Some(eur(cents)), ..Default::default() };
    let product = Product { variants: vec![variant], ..Default::default() };
    masked(line, product, &["variants.sku", "variants.price"])
}

fn reasons(answer: &ImportProductsResponse) -> Vec<(i64, &str)> {
    answer.rejects.iter().map(|reject| (reject.line, reject.reason.as_str())).collect()
}

fn mode(mode: Mode) -> Option<ImportOptions> {
    Some(ImportOptions { mode: mode.into(), ..Default::default() })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_by_sku_or_gtin_changes_one_variant_and_keeps_the_others() {
    let catalogue = Catalogue::start().await;
    catalogue.create(coat()).await;
    catalogue.create(Product { price: Some(eur(500)), ..product("TRAY-1") }).await;
    let before = get(&catalogue, "coat").await;
    let by_gtin = |line, gtin: &str| {
        let variant =
            Variant { gtin: gtin.to_owned(), price: Some(eur(7_700)), ..Default::default() };
        let product = Product { variants: vec![variant], ..Default::default() };
        masked(line, product, &["variants.price"])
    };
    let rows = vec![
        by_sku(1, "COAT-M", 7_900),
        by_gtin(2, "4006381333931"),
        // At the product's price, as before.
        by_sku(3, "TRAY-1", 550),
        by_sku(4, "NO-SUCH-SKU", 100),
        by_gtin(5, "96385074"),
        by_sku(6, "COAT-M", 7_900),
    ];
    let dry = Some(ImportOptions { dry_run: true, ..Default::default() });
    let rehearsed = import_with(&catalogue, rows.clone(), dry).await.unwrap();
    assert_eq!(get(&catalogue, "coat").await, before);
    let answer = import(&catalogue, rows).await.unwrap();
    assert_eq!(counts(&answer), (0, 3, 1, 2), "{:?}", answer.rejects);
    assert_eq!(counts(&rehearsed), counts(&answer));
    assert_eq!(reasons(&answer), [(4, "SKU_NOT_FOUND"), (5, "GTIN_NOT_FOUND")]);
    assert!(answer.rejects[0].message.contains("NO-SUCH-SKU"), "{:?}", answer.rejects);
    let after = get(&catalogue, "coat").await;
    assert_eq!(after.variants[0].price, Some(eur(7_700)));
    let expected = Variant { price: Some(eur(7_900)), ..before.variants[1].clone() };
    assert_eq!((&after.variants[1], after.stock_qty), (&expected, 13));
    assert_eq!((after.name, after.price), (before.name, before.price));
    assert_eq!(get(&catalogue, "TRAY-1").await.price, Some(eur(550)));
    assert_eq!(count(&catalogue).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn variants_are_added_and_what_a_row_does_not_name_stays() {
    let catalogue = Catalogue::start().await;
    catalogue.create(coat()).await;
    let fields = ["variants.sku", "variants.option_values", "variants.stock_qty"];
    let more = Product {
        variants: vec![variant("COAT-M", "Medium", 1), variant("COAT-L", "L", 2)],
        ..product("coat")
    };
    // A price that is the product's own is not stored for the variant.
    let same = Variant { sku: "COAT-S".to_owned(), price: Some(eur(8_900)), ..Default::default() };
    let same = Product { variants: vec![same], ..product("coat") };
    let rows = vec![masked(1, more, &fields), masked(2, same, &["variants.sku", "variants.price"])];
    let answer = import(&catalogue, rows).await.unwrap();
    assert_eq!((counts(&answer), answer.stock_kept), ((0, 1, 1, 0), 1), "{answer:?}");
    let after = get(&catalogue, "coat").await;
    let shown: Vec<_> = after
        .variants
        .iter()
        .map(|each| (each.sku.as_str(), each.option_values[0].value.as_str(), each.stock_qty))
        .collect();
    assert_eq!(shown, [("COAT-S", "S", 4), ("COAT-M", "Medium", 9), ("COAT-L", "L", 2)]);
    assert_eq!(
        (after.variants[0].gtin.as_str(), &after.variants[0].price),
        ("4006381333931", &None)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_keep_what_is_known_of_their_urls() {
    let catalogue = Catalogue::start().await;
    let picture = |url: &str, alt: &str, width| Media {
        url: url.to_owned(),
        alt: alt.to_owned(),
        width,
        height: width,
    };
    let media = vec![picture("/a.svg", "front", 800), picture("/b.svg", "back", 0)];
    catalogue.create(Product { media: media.clone(), ..product("a") }).await;
    let urls = |urls: &[&str]| Product {
        image_urls: urls.iter().map(|url| (*url).to_owned()).collect(),
        ..product("a")
    };
    let with_text = Product { media: vec![picture("/a.svg", "FRONT", 0)], ..product("a") };
    let rows = [
        masked(1, urls(&["/a.svg", "/b.svg"]), &["image_urls"]),
        masked(2, urls(&["/c.svg", "/a.svg"]), &["media.url"]),
        masked(3, with_text, &["image_urls", "media.alt"]),
    ];
    let answer = import(&catalogue, rows[..2].to_vec()).await.unwrap();
    assert_eq!(counts(&answer), (0, 1, 1, 0));
    let all = [&media[..], &[picture("/c.svg", "", 0)]].concat();
    assert_eq!(get(&catalogue, "a").await.media, all);
    import(&catalogue, rows[2..].to_vec()).await.unwrap();
    assert_eq!(get(&catalogue, "a").await.media, [picture("/a.svg", "FRONT", 800)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_row_is_a_conflict_and_overwrites_nothing() {
    let catalogue = Catalogue::start().await;
    catalogue.create(product("a")).await;
    let exported = get(&catalogue, "a").await;
    let renamed = Product { name: "Renamed".to_owned(), ..product("a") };
    let update = UpdateProductRequest { product: Some(renamed), ..Default::default() };
    catalogue.products().update_product(update).await.unwrap();
    let dearer = Product { price: Some(eur(450)), ..exported.clone() };
    let fresh = Product { etag: get(&catalogue, "a").await.etag, ..dearer.clone() };
    let check = || Some(ImportOptions { check_etags: true, ..Default::default() });
    let price = |product: &Product| vec![masked(1, product.clone(), &["price"])];
    let answer = import_with(&catalogue, price(&dearer), check()).await.unwrap();
    assert_eq!((counts(&answer), reasons(&answer)), ((0, 0, 0, 1), vec![(1, "ETAG_MISMATCH")]));
    let answer = import_with(&catalogue, price(&fresh), check()).await.unwrap();
    assert_eq!(counts(&answer), (0, 1, 0, 0));
    // Sent again, it changes nothing, which is no conflict.
    let answer = import_with(&catalogue, price(&dearer), check()).await.unwrap();
    assert_eq!(counts(&answer), (0, 0, 1, 0));
    // Two rows of one product are no conflict with each other.
    let first =
        Product { brand: "Olmo".to_owned(), etag: get(&catalogue, "a").await.etag, ..fresh };
    let rows = vec![masked(1, first.clone(), &["brand"]), masked(2, first, &["description"])];
    let answer = import_with(&catalogue, rows, check()).await.unwrap();
    assert_eq!(counts(&answer), (0, 1, 1, 0));
    let answer = import(&catalogue, price(&exported)).await.unwrap();
    assert_eq!(counts(&answer), (0, 1, 0, 0), "unless it is asked for");
    assert_eq!(get(&catalogue, "a").await.name, "Renamed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mode_forbids_to_create_or_to_update() {
    let catalogue = Catalogue::start().await;
    catalogue.create(product("old")).await;
    let changed = |id: &str| Product { brand: "Olmo".to_owned(), ..product(id) };
    let rows = vec![row(1, changed("old")), row(2, changed("new"))];
    let answer = import_with(&catalogue, rows.clone(), mode(Mode::UpdateOnly)).await.unwrap();
    assert_eq!((counts(&answer), reasons(&answer)), ((0, 1, 0, 1), vec![(2, "PRODUCT_NOT_FOUND")]));
    let more = vec![row(1, product("old")), row(2, changed("new"))];
    let answer = import_with(&catalogue, more.clone(), mode(Mode::CreateOnly)).await.unwrap();
    assert_eq!((counts(&answer), reasons(&answer)), ((1, 0, 0, 1), vec![(1, "PRODUCT_EXISTS")]));
    // Sent again after a cut, a row that was taken is unchanged.
    let answer = import_with(&catalogue, more, mode(Mode::CreateOnly)).await.unwrap();
    assert_eq!(counts(&answer), (0, 0, 1, 1));
    assert_eq!(get(&catalogue, "old").await.brand, "Olmo");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_with_an_id_is_reported_by_its_id() {
    let catalogue = Catalogue::start().await;
    let ghost = || Product { variants: vec![variant("GHOST-S", "S", 1)], ..product("ghost") };
    let rows = || vec![masked(1, ghost(), &["variants.sku", "variants.price"])];
    let answer = import_with(&catalogue, rows(), mode(Mode::UpdateOnly)).await.unwrap();
    assert_eq!(reasons(&answer), [(1, "PRODUCT_NOT_FOUND")]);
    assert!(answer.rejects[0].message.contains("ghost"), "{answer:?}");
    let answer = import(&catalogue, rows()).await.unwrap();
    assert_eq!(reasons(&answer), [(1, "INVALID_FIELD")]);
    assert_eq!(answer.rejects[0].field, "name");
}

#[tokio::test(flavor = "multi_thread")]
async fn prices_of_several_variants_need_no_options_and_options_stay_distinct() {
    let catalogue = Catalogue::start().await;
    catalogue.create(coat()).await;
    let dearer =
        |sku: &str| Variant { sku: sku.to_owned(), price: Some(eur(9_900)), ..Default::default() };
    let both = Product { variants: vec![dearer("COAT-S"), dearer("COAT-M")], ..product("coat") };
    let row = masked(1, both, &["variants.sku", "variants.price"]);
    let answer = import(&catalogue, vec![row]).await.unwrap();
    assert_eq!(counts(&answer), (0, 1, 0, 0), "{answer:?}");
    let after = get(&catalogue, "coat").await;
    assert!(after.variants.iter().all(|variant| variant.price == Some(eur(9_900))));
    // The merged variants must differ in their options, as all variants of a product.
    let same = Product { variants: vec![variant("COAT-X", "S", 1)], ..product("coat") };
    let row = masked(1, same, &["variants.sku", "variants.option_values"]);
    let answer = import(&catalogue, vec![row]).await.unwrap();
    assert_eq!(reasons(&answer), [(1, "INVALID_FIELD")]);
    let new = Product { variants: vec![dearer("NEW-S"), dearer("NEW-M")], ..product("new") };
    let row = masked(1, new, &["name", "variants.sku", "variants.price"]);
    let answer = import(&catalogue, vec![row]).await.unwrap();
    assert_eq!(reasons(&answer), [(1, "INVALID_FIELD")]);
}
