//! Variants, pictures and status.

use proto::catalogue::v1::{
    ListProductsRequest, Media, OptionValue, Product, Variant, product::Status as ProductStatus,
};
use tonic::Code;

use crate::{
    products::{get, update},
    stock::adjust_sku,
    support::{Catalogue, assert_invalid, assert_refused, eur, product, soon},
};

pub(crate) fn variant(sku: &str, size: &str, stock_qty: i32) -> Variant {
    let size = OptionValue { name: "size".to_owned(), value: size.to_owned() };
    Variant { sku: sku.to_owned(), option_values: vec![size], stock_qty, ..Default::default() }
}

pub(crate) fn shirt(id: &str, variants: Vec<Variant>) -> Product {
    Product { price: Some(eur(1500)), variants, ..product(id) }
}

#[tokio::test(flavor = "multi_thread")]
async fn variants_are_returned_unchanged_and_their_stock_adds_up() {
    let catalogue = Catalogue::start().await;
    let large = Variant {
        gtin: "4006381333931".to_owned(),
        price: Some(eur(1700)),
        ..variant("SHIRT/L", "L", 5)
    };
    // Not in the order of the SKUs.
    let variants = vec![variant("SHIRT/S", "S", 2), large, variant("SHIRT/M", "M", 0)];
    let sent = Product { stock_qty: 99, ..shirt("shirt", variants.clone()) };
    let created = catalogue.create(sent).await;
    assert_eq!((created.stock_qty, &created.variants), (7, &variants));
    assert_eq!(get(&catalogue, "shirt").await.unwrap(), created);
    let request = ListProductsRequest::default();
    let mut listed = catalogue.products().list_products(request).await.unwrap().into_inner();
    assert_eq!(soon(listed.message()).await.unwrap().unwrap(), created);

    // The stock is not part of the content; the variants are.
    let mut fewer = variants.clone();
    adjust_sku(&catalogue, "", "SHIRT/S", -1).await.unwrap();
    let sold = get(&catalogue, "shirt").await.unwrap();
    assert_eq!((sold.stock_qty, sold.revision, &sold.etag), (6, 2, &created.etag));
    fewer.remove(1);
    let gone = update(&catalogue, shirt("shirt", fewer), &["variants"]).await.unwrap();
    assert_eq!((gone.stock_qty, gone.variants.len()), (1, 2));
    assert_ne!(gone.etag, created.etag);
    assert_eq!(get(&catalogue, "shirt").await.unwrap(), gone);

    // Without variants the product has the stock that they had.
    let plain = Product { stock_qty: 4, ..shirt("shirt", Vec::new()) };
    let plain = update(&catalogue, plain, &["variants"]).await.unwrap();
    assert_eq!((plain.stock_qty, plain.variants.len()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sku_belongs_to_one_product_in_the_catalogue() {
    let catalogue = Catalogue::start().await;
    catalogue.create(shirt("a", vec![variant("sku-1", "S", 1)])).await;
    let taken = catalogue.try_create(shirt("b", vec![variant("sku-1", "S", 1)])).await;
    let refusal = assert_refused(taken, Code::AlreadyExists, "SKU_TAKEN");
    assert!(refusal.message().contains("product a"), "{refusal:?}");
    catalogue.create(shirt("b", vec![variant("sku-2", "S", 1)])).await;
    let both = vec![variant("sku-2", "S", 1), variant("sku-1", "M", 1)];
    let taken = update(&catalogue, shirt("b", both.clone()), &["variants"]).await;
    assert_refused(taken, Code::AlreadyExists, "SKU_TAKEN");
    assert_eq!(get(&catalogue, "b").await.unwrap().variants.len(), 1);
    // The SKU is free once its product has dropped it.
    update(&catalogue, shirt("a", Vec::new()), &["variants"]).await.unwrap();
    let moved = update(&catalogue, shirt("b", both.clone()), &["variants"]).await.unwrap();
    assert_eq!(moved.variants, both);
}

#[tokio::test(flavor = "multi_thread")]
async fn violations_of_variants_name_each_variant() {
    let catalogue = Catalogue::start().await;
    let broken = vec![
        variant("", "S", 0),
        variant("a b", "M", 0),
        variant("c", "M", -1),
        Variant { gtin: "123".to_owned(), ..variant("c", "L", 0) },
        Variant { price: Some(eur(-100)), ..variant("d", "", 0) },
    ];
    let fields = [
        "variants[0].sku",
        "variants[1].sku",
        "variants[4].price.units",
        "variants[2].stock_qty",
        "variants[3].gtin",
        "variants[4].option_values[0].value",
        "variants[3].sku",
        "variants[2].option_values",
    ];
    assert_invalid(catalogue.try_create(shirt("shirt", broken)).await, &fields);

    let dollars = proto::money::from_minor(1700, "USD");
    let mixed = Variant { price: Some(dollars.clone()), ..variant("a", "S", 0) };
    let currency = ["variants[0].price.currency_code"];
    let refused = catalogue.try_create(shirt("shirt", vec![mixed])).await;
    assert_invalid(refused, &currency);
    // Nor by changing one after the other.
    let euros = Variant { price: Some(eur(1700)), ..variant("a", "S", 0) };
    catalogue.create(shirt("shirt", vec![euros])).await;
    let in_dollars = Product { price: Some(dollars), ..product("shirt") };
    assert_invalid(update(&catalogue, in_dollars, &["price"]).await, &currency);

    let many: Vec<_> =
        (0..10_000).map(|number| variant(&number.to_string(), &number.to_string(), 0)).collect();
    assert_invalid(catalogue.try_create(shirt("many", many.clone())).await, &["variants"]);
    let most = shirt("most", many[..1_000].to_vec());
    let most = catalogue.create(Product { name: "Most".to_owned(), ..most }).await;
    assert_eq!(most.variants, many[..1_000]);
    assert_eq!(get(&catalogue, "most").await.unwrap(), most);
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_have_two_names() {
    let catalogue = Catalogue::start().await;
    let picture = |url: &str, alt: &str| Media {
        url: url.to_owned(),
        alt: alt.to_owned(),
        ..Default::default()
    };
    let media = vec![
        Media { width: 640, height: 480, ..picture("/a.png", "A mug") },
        picture("https://example.com/b.png", ""),
    ];
    let urls = ["/a.png", "https://example.com/b.png"].map(str::to_owned).to_vec();
    let both = Product {
        media: media.clone(),
        image_urls: vec!["/ignored.png".to_owned()],
        ..product("mug")
    };
    let created = catalogue.create(both.clone()).await;
    assert_eq!((&created.media, &created.image_urls), (&media, &urls));
    assert_eq!(get(&catalogue, "mug").await.unwrap(), created);

    // The deprecated name applies if the mask names only it.
    for path in ["image_urls", "imageUrls"] {
        let replaced = update(&catalogue, both.clone(), &[path]).await.unwrap();
        assert_eq!(replaced.media, [picture("/ignored.png", "")]);
        assert_eq!(replaced.image_urls, ["/ignored.png"]);
        let replaced = update(&catalogue, both.clone(), &["media", path]).await.unwrap();
        assert_eq!(replaced.media, media);
    }
    let broken = Product { media: vec![picture("ftp://a", &"x".repeat(501))], ..product("mug") };
    assert_invalid(update(&catalogue, broken, &["media"]).await, &["media[0].url", "media[0].alt"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_is_active_by_default() {
    let catalogue = Catalogue::start().await;
    let with = |status: ProductStatus| Product { status: status.into(), ..product("mug") };
    assert_eq!(catalogue.create(product("mug")).await.status(), ProductStatus::Active);
    for status in [ProductStatus::Draft, ProductStatus::Archived, ProductStatus::Active] {
        let updated = update(&catalogue, with(status), &["status"]).await.unwrap();
        assert_eq!(updated.status(), status);
        assert_eq!(get(&catalogue, "mug").await.unwrap(), updated);
    }
    let unknown = Product { status: 99, ..product("mug") };
    assert_invalid(update(&catalogue, unknown, &["status"]).await, &["status"]);
}
