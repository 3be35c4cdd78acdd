use catalogue_client::{
    Client, Reason, Result,
    catalogue::v1::{AdjustStockRequest, GetProductRequest, WatchAvailabilityRequest},
    search::v1::SearchRequest,
};
use futures::StreamExt as _;

/// Finds a product, sells one, and watches its stock: cargo run --example quick_start http://127.0.0.1:8080
#[tokio::main]
async fn main() -> Result<()> {
    let client = Client::new(std::env::args().nth(1).unwrap_or_default())?;
    let mugs = SearchRequest { query: "mug".into(), page_size: 1, ..Default::default() };
    let found = client.search(mugs).await?.results.remove(0).product.unwrap_or_default();
    println!("{} {} {}", found.id, found.name, found.stock_qty);
    let product_ids = vec![found.id.clone()];
    let mut watch = client.follow_availability(WatchAvailabilityRequest { product_ids });
    while let Some(levels) = watch.next().await.transpose()?.map(|answer| answer.levels) {
        let Some(level) = levels.first() else { continue };
        println!("availability {}", level.stock_qty);
        if level.stock_qty < found.stock_qty {
            break;
        }
        let product_id = found.id.clone();
        let sale = AdjustStockRequest { product_id, delta: -1, ..Default::default() };
        client.adjust_stock(sale).await?; // tried again safely, with one request_id
    }
    let missing = GetProductRequest { product_id: "no-such-product".into(), ..Default::default() };
    match client.get_product(missing).await {
        Err(error) if error.is(Reason::ProductNotFound) => println!("PRODUCT_NOT_FOUND {error}"),
        other => println!("{other:?}"),
    }
    Ok(())
}
