//! An import that is undone while others edit and sell its products.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use anyhow::Context as _;
use futures::stream;
use pbjson_types::FieldMask;
use proto::catalogue::v1::{
    AdjustStockRequest, ImportOptions, ImportProductsRequest, ImportRow, Product, UndoConflict,
    UndoImportRequest, UndoImportResponse, UpdateProductRequest,
    catalogue_service_client::CatalogueServiceClient, stock_service_client::StockServiceClient,
    transfer_service_client::TransferServiceClient,
};
use testkit::{Figure, Random};
use tonic::Code;

use super::process::{CatalogueProcess, Engine, product};
use crate::RunConfig;

const IMPORT: &str = "spring";
const WRITERS: u64 = 8;
const STOCK: i32 = 1_000;
/// Rows in a message.
const MESSAGE: usize = 500;

pub(super) async fn run(config: &RunConfig, engine: Engine) -> anyhow::Result<Vec<Figure>> {
    let catalogue = CatalogueProcess::start(engine).await?;
    let rows = config.count(50_000).max(1_000);
    // The first half exists before the import.
    import(&catalogue, (1..=rows / 2).map(before).collect(), "").await?;
    import(&catalogue, (1..=rows).map(imported).collect(), IMPORT).await?;

    let stop = Arc::new(AtomicBool::new(false));
    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        let work = Writer {
            products: CatalogueServiceClient::new(catalogue.channel()?),
            stock: StockServiceClient::new(catalogue.channel()?),
            random: config.random(&format!("writer {writer}")),
            rows,
            number: writer,
            written: Written::default(),
        };
        writers.push(tokio::spawn(work.run(Arc::clone(&stop))));
    }
    let started = Instant::now();
    let (undone, cuts) = undo(&catalogue, rows).await?;
    let seconds = started.elapsed().as_secs_f64();
    stop.store(true, Ordering::SeqCst);
    let mut written = Written::default();
    for writer in writers {
        written.add(writer.await??);
    }
    println!(
        "{rows} rows undone in {seconds:.1} s beside {} edits and {} sales: {} conflicts",
        written.edits, written.sales, undone.last.conflicted
    );
    let wrong = wrong(&catalogue, rows, &undone.conflicts, &written).await?;
    let UndoImportResponse { deleted, restored, unchanged, conflicted, .. } = undone.last;
    let listed: HashSet<&str> = undone.conflicts.iter().map(|it| it.product_id.as_str()).collect();
    Ok(vec![
        Figure::at_least("edits and sales beside it", written.edits + written.sales, 1),
        Figure::exactly("times the call was cut", cuts, 1),
        Figure::exactly(
            "products settled",
            deleted + restored + unchanged + conflicted,
            rows as i64,
        ),
        Figure::exactly("conflicts listed", undone.conflicts.len(), conflicted as usize),
        Figure::exactly("conflicts listed once", listed.len(), conflicted as usize),
        Figure::exactly("products that are not as they were, and no conflict", wrong.content, 0),
        Figure::exactly("conflicts without an edit", wrong.conflicts, 0),
        Figure::exactly("acknowledged edits lost", wrong.edits, 0),
        Figure::exactly("products with a wrong stock", wrong.stock, 0),
    ])
}

fn id(number: u64) -> String {
    format!("p-{number:07}")
}

fn before(number: u64) -> Product {
    Product { stock_qty: STOCK, ..product(id(number)) }
}

fn imported(number: u64) -> Product {
    let labels = vec!["imported".to_owned()];
    Product { name: "Imported".to_owned(), labels, ..before(number) }
}

async fn import(
    catalogue: &CatalogueProcess,
    products: Vec<Product>,
    import_id: &str,
) -> anyhow::Result<()> {
    let mut options = Some(ImportOptions { import_id: import_id.to_owned(), ..Default::default() });
    let rows = (1..).zip(products).map(|(line, product)| ImportRow {
        line,
        product: Some(product),
        update_mask: None,
    });
    let rows: Vec<_> = rows.collect();
    let count = rows.len() as i64;
    let messages: Vec<_> = rows
        .chunks(MESSAGE)
        .map(|rows| ImportProductsRequest { rows: rows.to_vec(), options: options.take() })
        .collect();
    let mut client = TransferServiceClient::new(catalogue.channel()?);
    let mut responses = client.import_products(stream::iter(messages)).await?.into_inner();
    let mut last = None;
    while let Some(response) = responses.message().await? {
        last = Some(response);
    }
    let last = last.context("the import has no response")?;
    anyhow::ensure!(last.created + last.updated == count, "not all rows were taken: {last:?}");
    Ok(())
}

struct Undone {
    last: UndoImportResponse,
    conflicts: Vec<UndoConflict>,
}

/// Undoes the import in two calls: the first is cut. Returns the number of cuts, too.
async fn undo(catalogue: &CatalogueProcess, rows: u64) -> anyhow::Result<(Undone, u64)> {
    let mut cuts = 0;
    loop {
        let mut client = TransferServiceClient::new(catalogue.channel()?);
        let request = UndoImportRequest { import_id: IMPORT.to_owned(), validate_only: false };
        let mut responses = client.undo_import(request).await?.into_inner();
        let mut undone = Undone { last: UndoImportResponse::default(), conflicts: Vec::new() };
        let is_cut = loop {
            let Some(response) = responses.message().await? else { break false };
            undone.conflicts.extend(response.conflicts.iter().cloned());
            undone.last = response;
            let settled = undone.last.deleted + undone.last.restored;
            if cuts == 0 && settled as u64 >= rows / 4 {
                break true;
            }
        };
        if !is_cut {
            anyhow::ensure!(undone.last.done, "the call ended early: {:?}", undone.last);
            return Ok((undone, cuts));
        }
        cuts += 1;
    }
}

/// The acknowledged writes.
#[derive(Default)]
struct Written {
    brands: HashMap<u64, String>,
    sold: HashMap<u64, i32>,
    edits: u64,
    sales: u64,
}

impl Written {
    fn add(&mut self, other: Self) {
        self.brands.extend(other.brands);
        self.sold.extend(other.sold);
        self.edits += other.edits;
        self.sales += other.sales;
    }
}

/// Edits and sells products of its own, one of [`WRITERS`].
struct Writer {
    products: CatalogueServiceClient<tonic::transport::Channel>,
    stock: StockServiceClient<tonic::transport::Channel>,
    random: Random,
    rows: u64,
    number: u64,
    written: Written,
}

impl Writer {
    async fn run(mut self, stop: Arc<AtomicBool>) -> anyhow::Result<Written> {
        while !stop.load(Ordering::SeqCst) {
            let number = self.random.below(self.rows / WRITERS) * WRITERS + self.number;
            if number == 0 {
                continue;
            }
            // The second half cannot be sold once it is deleted.
            if number <= self.rows / 2 && self.random.below(2) == 0 {
                self.sell(number).await?;
            } else if self.random.below(20) == 0 {
                self.edit(number).await?;
            }
        }
        Ok(self.written)
    }

    async fn sell(&mut self, number: u64) -> anyhow::Result<()> {
        let request =
            AdjustStockRequest { product_id: id(number), delta: -1, ..Default::default() };
        self.stock.adjust_stock(request).await?;
        *self.written.sold.entry(number).or_default() += 1;
        self.written.sales += 1;
        Ok(())
    }

    async fn edit(&mut self, number: u64) -> anyhow::Result<()> {
        let brand = format!("Brand {}", self.random.below(1_000));
        let product = Product { id: id(number), brand: brand.clone(), ..Default::default() };
        let request = UpdateProductRequest {
            product: Some(product),
            update_mask: Some(FieldMask { paths: vec!["brand".to_owned()] }),
            ..Default::default()
        };
        match self.products.update_product(request).await {
            Ok(_) => {
                self.written.brands.insert(number, brand);
                self.written.edits += 1;
            }
            // Deleted by the undo.
            Err(status) if status.code() == Code::NotFound => {}
            Err(status) => return Err(status.into()),
        }
        Ok(())
    }
}

/// Numbers of products that are not as they should be.
#[derive(Default)]
struct Wrong {
    content: u64,
    conflicts: u64,
    edits: u64,
    stock: u64,
}

async fn wrong(
    catalogue: &CatalogueProcess,
    rows: u64,
    conflicts: &[UndoConflict],
    written: &Written,
) -> anyhow::Result<Wrong> {
    let conflicts: HashSet<&str> = conflicts.iter().map(|it| it.product_id.as_str()).collect();
    let found = catalogue.products().await?;
    let found: HashMap<&str, &Product> = found.iter().map(|it| (it.id.as_str(), it)).collect();
    let mut wrong = Wrong::default();
    for number in 1..=rows {
        let id = id(number);
        let is_conflict = conflicts.contains(id.as_str());
        let brand = written.brands.get(&number);
        wrong.conflicts += u64::from(is_conflict && brand.is_none());
        let Some(product) = found.get(id.as_str()) else {
            wrong.content += u64::from(number <= rows / 2 || is_conflict);
            wrong.edits += u64::from(brand.is_some());
            continue;
        };
        let expected = if is_conflict { imported(number) } else { before(number) };
        let is_right = product.name == expected.name && product.labels == expected.labels;
        wrong.content += u64::from(!is_right || (number > rows / 2 && !is_conflict));
        wrong.edits += u64::from(product.brand != brand.cloned().unwrap_or_default());
        let sold = written.sold.get(&number).copied().unwrap_or_default();
        wrong.stock += u64::from(product.stock_qty != STOCK - sold);
    }
    Ok(wrong)
}
