//! Imports.

use pbjson_types::FieldMask;
use proto::catalogue::v1::{
    CategoryPath, DeleteProductRequest, ExportProductsRequest, GetProductRequest, ImportOptions,
    ImportProductsRequest, ImportProductsResponse, ImportRow, ListCategoriesRequest,
    ListProductsRequest, OptionValue, Product, Variant, WatchChangesRequest,
    watch_changes_response::Event,
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status, Streaming};

use crate::support::{
    Catalogue, assert_invalid, assert_refused, full_product, path, product, soon,
};

pub(crate) fn row(line: i64, product: Product) -> ImportRow {
    ImportRow { line, product: Some(product), update_mask: None }
}

pub(crate) fn rows(lines: std::ops::RangeInclusive<i64>) -> Vec<ImportRow> {
    let product = |line| Product {
        category_paths: vec![path(&["Kitchen", "Mugs & Cups"])],
        ..full_product(&format!("p-{line:05}"), &[])
    };
    lines.map(|line| row(line, product(line))).collect()
}

/// A running import.
pub(crate) struct Import {
    pub(crate) rows: mpsc::Sender<ImportProductsRequest>,
    answers: Streaming<ImportProductsResponse>,
}

impl Import {
    pub(crate) async fn begin(catalogue: &Catalogue) -> Self {
        let (rows, requests) = mpsc::channel(1);
        let answers = catalogue.transfer().import_products(ReceiverStream::new(requests)).await;
        Self { rows, answers: answers.unwrap().into_inner() }
    }

    pub(crate) async fn send(&self, rows: Vec<ImportRow>) {
        soon(self.rows.send(ImportProductsRequest { rows, ..Default::default() })).await.unwrap();
    }

    /// Reads responses until the rows up to `line` are acknowledged.
    pub(crate) async fn settled(&mut self, line: i64) -> Result<ImportProductsResponse, Status> {
        loop {
            let answer = soon(self.answers.message()).await?.unwrap();
            if answer.acknowledged_line >= line {
                return Ok(answer);
            }
        }
    }
}

/// Sends all rows, and combines the responses: the last totals, all rejects and all diffs.
pub(crate) async fn import(
    catalogue: &Catalogue,
    rows: Vec<ImportRow>,
) -> Result<ImportProductsResponse, Status> {
    import_with(catalogue, rows, None).await
}

pub(crate) async fn import_with(
    catalogue: &Catalogue,
    rows: Vec<ImportRow>,
    options: Option<ImportOptions>,
) -> Result<ImportProductsResponse, Status> {
    let mut options = options;
    let messages = rows
        .chunks(300)
        .map(|rows| ImportProductsRequest { rows: rows.to_vec(), options: options.take() });
    let requests = tokio_stream::iter(messages.collect::<Vec<_>>());
    let mut answers = catalogue.transfer().import_products(requests).await?.into_inner();
    let mut sum = ImportProductsResponse::default();
    while let Some(answer) = soon(answers.message()).await? {
        let rejects = [sum.rejects, answer.rejects].concat();
        let diffs = [sum.diffs, answer.diffs].concat();
        sum = ImportProductsResponse { rejects, diffs, ..answer };
    }
    Ok(sum)
}

pub(crate) fn dry_run() -> Option<ImportOptions> {
    Some(ImportOptions { dry_run: true, ..Default::default() })
}

/// created, updated, unchanged, rejected
pub(crate) fn counts(answer: &ImportProductsResponse) -> (i64, i64, i64, i64) {
    (answer.created, answer.updated, answer.unchanged, answer.rejected)
}

pub(crate) async fn get(catalogue: &Catalogue, id: &str) -> Product {
    let request = GetProductRequest { product_id: id.to_owned(), ..Default::default() };
    catalogue.products().get_product(request).await.unwrap().into_inner()
}

pub(crate) async fn count(catalogue: &Catalogue) -> usize {
    let request = ListProductsRequest::default();
    let mut products = catalogue.products().list_products(request).await.unwrap().into_inner();
    let mut count = 0;
    while soon(products.message()).await.unwrap().is_some() {
        count += 1;
    }
    count
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_visible_to_the_next_read() {
    let catalogue = Catalogue::start().await;
    for round in 0..5 {
        let brand = format!("Brand {round}");
        import(&catalogue, vec![row(1, Product { brand: brand.clone(), ..product("mug") })])
            .await
            .unwrap();
        for _ in 0..2 {
            let request = GetProductRequest { product_id: "mug".to_owned(), ..Default::default() };
            let read = catalogue.products().get_product(request).await.unwrap().into_inner();
            assert_eq!(read.brand, brand);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_import_changes_nothing() {
    let catalogue = Catalogue::start().await;
    let answer = import(&catalogue, rows(1..=1_203)).await.unwrap();
    assert_eq!((counts(&answer), answer.acknowledged_line), ((1_203, 0, 0, 0), 1_203));
    let product = get(&catalogue, "p-00042").await;
    assert_eq!(product.category_ids, ["kitchen.mugs-cups"]);
    assert_eq!(product.category_paths[0].names, ["Kitchen", "Mugs & Cups"]);

    let mut watch = catalogue.watch_from_now().await;
    let cursor = soon(watch.message()).await.unwrap().unwrap().cursor;
    let answer = import(&catalogue, rows(1..=1_203)).await.unwrap();
    assert_eq!(counts(&answer), (0, 0, 1_203, 0));
    assert_eq!(get(&catalogue, "p-00042").await, product);
    // The feed has no changes either.
    let request = WatchChangesRequest { cursor, ..Default::default() };
    let mut watch = catalogue.feed().watch_changes(request).await.unwrap().into_inner();
    let next = soon(watch.message()).await.unwrap().unwrap().event.unwrap();
    assert!(matches!(next, Event::Heartbeat(_)), "{next:?}");
}

/// Batches may be written side by side, with the same result as one after the other.
#[tokio::test(flavor = "multi_thread")]
async fn the_last_row_of_a_product_wins_across_batches() {
    const PRODUCTS: i64 = 1_200;
    let catalogue = Catalogue::start().await;
    let named = |line: i64, number: i64, name: &str| Product {
        name: name.to_owned(),
        external_id: format!("erp-{number}"),
        // Found by the id or by the external id.
        id: if line % 2 == 0 { format!("p-{number:05}") } else { String::new() },
        ..Default::default()
    };
    let lines = |from: i64, name: &'static str| {
        (1..=PRODUCTS).map(move |number| row(from + number, named(number, number, name)))
    };
    let fresh = (1..=PRODUCTS).map(|number| {
        let id = format!("p-{number:05}");
        row(number, Product { id, ..named(0, number, "first") })
    });
    let rows = fresh.chain(lines(PRODUCTS, "second")).chain(lines(2 * PRODUCTS, "third"));
    let answer = import(&catalogue, rows.collect()).await.unwrap();
    let counts = (answer.created, answer.updated, answer.unchanged, answer.rejected);
    assert_eq!(counts, (PRODUCTS, 2 * PRODUCTS, 0, 0));
    for number in [1, 2, 599, 600, 1_199, 1_200] {
        let product = get(&catalogue, &format!("p-{number:05}")).await;
        assert_eq!((product.name.as_str(), product.revision), ("third", 3));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_rows_are_rejected_and_the_others_stored() {
    let catalogue = Catalogue::start().await;
    catalogue.create(Product { external_id: "taken".to_owned(), ..product("owner") }).await;
    let broken = vec![
        row(1, product("good-1")),
        row(2, Product { name: String::new(), ..product("nameless") }),
        row(4, Product { id: String::new(), ..product("") }),
        row(5, Product { stock_qty: -1, price_eur: Some(f64::NAN), ..product("negative") }),
        row(6, Product { external_id: "taken".to_owned(), ..product("thief") }),
        row(7, Product { category_ids: vec!["nowhere".to_owned()], ..product("lost") }),
        row(8, product("no/slash")),
        row(9, Product { category_paths: vec![path(&["x"; 9])], ..product("deep") }),
        row(10, Product { category_paths: vec![CategoryPath::default()], ..product("none") }),
        ImportRow { line: 11, ..Default::default() },
        row(12, product("good-2")),
        ImportRow {
            update_mask: Some(FieldMask { paths: vec!["revision".to_owned()] }),
            ..row(13, product("mask"))
        },
        ImportRow {
            update_mask: Some(FieldMask { paths: vec!["brand".to_owned()] }),
            ..row(14, product("not-there-yet"))
        },
    ];
    let answer = import(&catalogue, broken).await.unwrap();
    assert_eq!((counts(&answer), answer.acknowledged_line), ((2, 0, 0, 11), 14));
    let rejects: Vec<_> = answer
        .rejects
        .iter()
        .map(|reject| (reject.line, reject.reason.as_str(), reject.field.as_str()))
        .collect();
    assert_eq!(
        rejects,
        [
            (2, "INVALID_FIELD", "name"),
            (4, "KEY_MISSING", "id"),
            (5, "INVALID_FIELD", "price_eur"),
            (6, "EXTERNAL_ID_TAKEN", "external_id"),
            (7, "CATEGORY_NOT_FOUND", "category_ids"),
            (8, "INVALID_FIELD", "id"),
            (9, "INVALID_FIELD", "category_paths[0].names"),
            (10, "INVALID_FIELD", "category_paths[0].names"),
            (11, "KEY_MISSING", "id"),
            (13, "INVALID_FIELD", "update_mask"),
            (14, "INVALID_FIELD", "name"),
        ]
    );
    assert!(answer.rejects.iter().all(|reject| !reject.message.is_empty()));
    assert_eq!(count(&catalogue).await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_import_resumes_without_duplicates() {
    let catalogue = Catalogue::start().await;
    let mut cut = Import::begin(&catalogue).await;
    cut.send(rows(1..=600)).await;
    let settled = cut.settled(500).await.unwrap().acknowledged_line;
    cut.send(rows(601..=900)).await;
    drop(cut);
    let answer = import(&catalogue, rows(settled + 1..=1_500)).await.unwrap();
    assert_eq!(answer.created + answer.unchanged, 1_500 - settled);
    assert_eq!((answer.updated, answer.rejected), (0, 0));
    assert_eq!(count(&catalogue).await, 1_500);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_stored_when_the_stream_pauses() {
    let catalogue = Catalogue::start().await;
    let mut import = Import::begin(&catalogue).await;
    import.send(rows(1..=3)).await;
    assert_eq!(counts(&import.settled(3).await.unwrap()), (3, 0, 0, 0));
    assert_eq!(get(&catalogue, "p-00003").await.revision, 1);
    let rejected = row(4, product("no/slash"));
    import.send([vec![rejected], rows(5..=5)].concat()).await;
    assert_eq!(counts(&import.settled(5).await.unwrap()), (4, 0, 0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_and_masks_determine_the_effect_of_a_row() {
    let catalogue = Catalogue::start().await;
    let external = |name: &str| Product {
        name: name.to_owned(),
        external_id: "x-1".to_owned(),
        ..Default::default()
    };
    let masked = |line, product, mask: &[&str]| ImportRow {
        update_mask: Some(FieldMask { paths: mask.iter().map(|path| (*path).into()).collect() }),
        ..row(line, product)
    };
    let stock = Product { stock_qty: 9, name: "ignored".to_owned(), ..external("") };
    let answer = import(
        &catalogue,
        vec![
            row(1, full_product("a", &[])),
            row(2, external("By external id")),
            masked(3, Product { name: String::new(), ..stock.clone() }, &["stock_qty"]),
            masked(4, Product { brand: "New".to_owned(), ..product("a") }, &["id", "brand"]),
            row(5, Product { id: "b".to_owned(), ..external("Another with its id") }),
            masked(
                6,
                Product { category_paths: vec![path(&["Garden"])], ..product("a") },
                &["category_paths"],
            ),
        ],
    )
    .await
    .unwrap();
    assert_eq!(counts(&answer), (2, 2, 0, 2), "{:?}", answer.rejects);
    let a = get(&catalogue, "a").await;
    assert_eq!((a.brand.as_str(), a.stock_qty, a.external_id.as_str()), ("New", 7, "ext-a"));
    assert_eq!((a.name.as_str(), &a.category_ids[..]), ("Name of a", &["garden".to_owned()][..]));
    assert_eq!(count(&catalogue).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn protocol_violations_end_the_call() {
    let catalogue = Catalogue::start().await;
    for (rows, field) in [
        (vec![row(0, product("a"))], "rows[0].line"),
        (vec![row(2, product("a")), row(2, product("b"))], "rows[1].line"),
    ] {
        assert_invalid(import(&catalogue, rows).await, &[field]);
    }
    let mut call = Import::begin(&catalogue).await;
    call.send((1..=1_001).map(|line| row(line, product("a"))).collect()).await;
    assert_invalid(call.settled(1).await, &["rows"]);
    let mut call = Import::begin(&catalogue).await;
    let description = "x".repeat(5 << 20);
    call.send(vec![row(1, Product { description, ..product("a") })]).await;
    let refused = call.settled(1).await;
    assert_refused(refused, Code::ResourceExhausted, rpc::status::MESSAGE_TOO_LARGE);
    assert_eq!(count(&catalogue).await, 0);
    let nothing = import(&catalogue, Vec::new()).await.unwrap();
    assert_eq!(nothing, ImportProductsResponse::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_fills_another_catalogue() {
    let catalogue = Catalogue::start().await;
    catalogue.create_category("k", "").await;
    catalogue.create_category("k-mugs", "k").await;
    catalogue.create(full_product("a", &["k-mugs", "k"])).await;
    catalogue.create(product("b")).await;
    let request = ExportProductsRequest::default();
    let mut export = catalogue.transfer().export_products(request).await.unwrap().into_inner();
    let exported = soon(export.message()).await.unwrap().unwrap().products;

    let other = Catalogue::start().await;
    let rows = (1..).zip(exported.clone()).map(|(line, product)| row(line, product)).collect();
    let answer = import(&other, rows).await.unwrap();
    assert_eq!(counts(&answer), (2, 0, 0, 0), "{:?}", answer.rejects);
    let copy = get(&other, "a").await;
    assert_eq!(copy.category_paths, exported[0].category_paths);
    assert_eq!(
        (copy.price, copy.attributes),
        (exported[0].price.clone(), exported[0].attributes.clone())
    );
    let list = other.categories().list_categories(ListCategoriesRequest::default()).await;
    let categories = list.unwrap().into_inner().categories;
    let ids: Vec<_> = categories.iter().map(|category| category.id.as_str()).collect();
    assert_eq!(ids, ["k", "k-mugs"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_without_ids_is_found_by_its_first_sku() {
    let catalogue = Catalogue::start().await;
    let sold_as = |skus: &[&str], name: &str| Product {
        name: name.to_owned(),
        variants: skus
            .iter()
            .map(|sku| Variant {
                sku: (*sku).to_owned(),
                option_values: vec![OptionValue { name: "sku".into(), value: (*sku).into() }],
                ..Default::default()
            })
            .collect(),
        ..Default::default()
    };
    let first = vec![
        row(1, sold_as(&["mug-s", "mug-l"], "Mug")),
        row(2, Product { id: "cup".to_owned(), ..sold_as(&["cup-1"], "Cup") }),
    ];
    let answer = import(&catalogue, first).await.unwrap();
    assert_eq!(counts(&answer), (2, 0, 0, 0), "{:?}", answer.rejects);
    let then = vec![
        row(1, sold_as(&["mug-s", "mug-l"], "Mug")),
        row(2, sold_as(&["cup-1", "cup-2"], "Cup")),
        // Keys of other products, in the store and in the same batch.
        row(3, Product { id: "thief".to_owned(), ..sold_as(&["mug-l"], "Thief") }),
        row(4, Product { id: "thief".to_owned(), ..sold_as(&["cup-2"], "Thief") }),
        // Released by this row, so that the next one can have it.
        row(5, Product { id: "cup".to_owned(), ..sold_as(&["cup-1"], "Cup") }),
        row(6, Product { id: "heir".to_owned(), ..sold_as(&["cup-2"], "Heir") }),
    ];
    for dry in [dry_run(), None] {
        let answer = import_with(&catalogue, then.clone(), dry).await.unwrap();
        assert_eq!(counts(&answer), (1, 2, 1, 2), "{:?}", answer.rejects);
        let rejects: Vec<_> = answer.rejects.iter().map(|r| (r.line, r.reason.as_str())).collect();
        assert_eq!(rejects, [(3, "SKU_TAKEN"), (4, "SKU_TAKEN")]);
    }
    assert_eq!(get(&catalogue, "heir").await.variants[0].sku, "cup-2");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_undeletes_its_products() {
    let catalogue = Catalogue::start().await;
    catalogue.create(full_product("a", &[])).await;
    let request = DeleteProductRequest { product_id: "a".to_owned(), ..Default::default() };
    catalogue.products().delete_product(request).await.unwrap();
    assert_eq!(count(&catalogue).await, 0);
    let answer = import(&catalogue, vec![row(1, full_product("a", &[]))]).await.unwrap();
    assert_eq!(counts(&answer), (0, 1, 0, 0));
    assert_eq!(count(&catalogue).await, 1);
    let answer = import(&catalogue, vec![row(1, full_product("a", &[]))]).await.unwrap();
    assert_eq!(counts(&answer), (0, 0, 1, 0));
}
