//! Concurrent stock adjustments.

use std::{collections::HashMap, sync::Arc};

use anyhow::Context as _;
use proto::catalogue::v1::{
    AdjustStockRequest, GetStockRequest, Product, Variant, stock_service_client::StockServiceClient,
};
use testkit::Figure;
use tonic::Code;

use super::process::{CatalogueProcess, Engine, product};
use crate::RunConfig;

const SELLERS: u64 = 40;

pub(super) async fn run(config: &RunConfig, engine: Engine) -> anyhow::Result<Vec<Figure>> {
    let catalogue = CatalogueProcess::start(engine).await?;
    let skus = Arc::new(fill(&catalogue).await?);
    let rounds = (config.count(2_000) / SELLERS).max(1);
    let mut sellers = Vec::new();
    for seller in 0..SELLERS {
        let mut client = StockServiceClient::new(catalogue.channel()?);
        let mut random = config.random(&format!("seller {seller}"));
        let skus = Arc::clone(&skus);
        sellers.push(tokio::spawn(async move {
            let mut tally = Tally::default();
            for _ in 0..rounds {
                let (product_id, sku, _) = &skus[random.below(skus.len() as u64) as usize];
                // Removes more than it adds, so that the stock often reaches zero.
                let delta = [3, 2, 1, -1, -2, -3, -4, -5][random.below(8) as usize];
                let request = AdjustStockRequest {
                    product_id: product_id.clone(),
                    sku: sku.clone(),
                    delta,
                    ..Default::default()
                };
                match client.adjust_stock(request).await {
                    Ok(level) => {
                        tally.below_zero += u64::from(level.get_ref().stock_qty < 0);
                        *tally.sums.entry(key(product_id, sku)).or_default() += i64::from(delta);
                        tally.applied += 1;
                    }
                    Err(status) if status.code() == Code::FailedPrecondition => tally.refused += 1,
                    Err(status) => tally.failed.push(status.to_string()),
                }
            }
            tally
        }));
    }
    let mut all = Tally::default();
    for seller in sellers {
        all.add(seller.await?);
    }
    anyhow::ensure!(all.failed.is_empty(), "calls failed: {:?}", all.failed);
    let wrong = wrong_levels(&catalogue, &skus, &all.sums).await?;
    Ok(vec![
        Figure::exactly("adjustments", all.applied + all.refused, rounds * SELLERS),
        Figure::at_least("refused at zero", all.refused, 1),
        Figure::exactly("levels below zero", all.below_zero, 0),
        Figure::exactly("SKUs and products with a wrong stock", wrong, 0),
    ])
}

#[derive(Default)]
struct Tally {
    sums: HashMap<String, i64>,
    applied: u64,
    refused: u64,
    below_zero: u64,
    failed: Vec<String>,
}

impl Tally {
    fn add(&mut self, other: Self) {
        for (key, sum) in other.sums {
            *self.sums.entry(key).or_default() += sum;
        }
        self.applied += other.applied;
        self.refused += other.refused;
        self.below_zero += other.below_zero;
        self.failed.extend(other.failed);
    }
}

/// Creates 20 SKUs: ten products without variants, and five with two. Returns them with their stock.
async fn fill(catalogue: &CatalogueProcess) -> anyhow::Result<Vec<(String, String, i64)>> {
    let mut skus = Vec::new();
    for number in 0..15_i32 {
        let id = format!("p-{number:02}");
        let stock_qty = 5 + number;
        let mut new = Product { stock_qty, ..product(&id) };
        if number < 10 {
            skus.push((id, String::new(), i64::from(stock_qty)));
        } else {
            for size in ["S", "M"] {
                let sku = format!("{id}-{size}");
                let name_and_value = proto::catalogue::v1::OptionValue {
                    name: "size".to_owned(),
                    value: size.to_owned(),
                };
                new.variants.push(Variant {
                    sku: sku.clone(),
                    stock_qty,
                    option_values: vec![name_and_value],
                    ..Default::default()
                });
                skus.push((id.clone(), sku, i64::from(stock_qty)));
            }
        }
        catalogue.create(new).await?;
    }
    Ok(skus)
}

/// Number of SKUs and products with a stock other than the sum of the adjustments.
async fn wrong_levels(
    catalogue: &CatalogueProcess,
    skus: &[(String, String, i64)],
    sums: &HashMap<String, i64>,
) -> anyhow::Result<u64> {
    let mut client = StockServiceClient::new(catalogue.channel()?);
    let mut totals: HashMap<&str, (i64, i64)> = HashMap::new();
    let mut wrong = 0;
    for (product_id, sku, first) in skus {
        let request = GetStockRequest { product_id: product_id.clone(), ..Default::default() };
        let stock = client.get_stock(request).await?.into_inner();
        let total = stock.total.context("the product has no stock")?.stock_qty;
        let level = stock.variants.iter().find(|level| level.sku == *sku);
        let level = i64::from(level.map_or(total, |level| level.stock_qty));
        let expected = first + sums.get(&key(product_id, sku)).copied().unwrap_or(0);
        wrong += u64::from(level != expected);
        let sum = totals.entry(product_id).or_insert((0, i64::from(total)));
        sum.0 += expected;
    }
    wrong += totals.values().filter(|(expected, total)| expected != total).count() as u64;
    Ok(wrong)
}

fn key(product_id: &str, sku: &str) -> String {
    format!("{product_id} {sku}")
}
