//! Time from an acknowledged sale until shopping agents are answered with the new stock, under a light load:
//! `cargo xtask bench agents`.
//!
//! The demo catalogue is sold over gRPC through the gateway, by adjustments and reservations in turn. After each sale an
//! agent asks, over UCP's REST binding or over MCP, until the answer has the new stock. One product is sold at a time.

mod question;
mod seller;
mod visitors;

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use devtools::bench::AgentsArgs;
use question::Question;
use seller::Seller;
use testkit::{Figure, Fleet, HttpClient, Service, repository, until};
use tonic::transport::{Channel, Endpoint};
use visitors::Visitors;

use crate::sample::{print_figures, quantiles};

/// Maximum p99 in milliseconds of operations that ask the catalogue, and of searches.
const LOOKUP_MS: f64 = 50.0;
const SEARCH_MS: f64 = 1_000.0;
/// Time for an answer with the new stock.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Pause between questions whose answer is from an index.
const PAUSE: Duration = Duration::from_millis(2);

pub(crate) async fn run(args: &AgentsArgs) -> Result<bool> {
    let fleet = Fleet::start().await;
    let products = import(&fleet).await?;
    let gateway = HttpClient::new(fleet.url(""));
    let endpoint = Endpoint::from_shared(format!("http://{}", fleet.addr(Service::Gateway)))?;
    let channel: Channel = endpoint.connect().await.context("connecting to the gateway")?;
    let mut seller = Seller::open(channel.clone()).await?;
    ensure!(products > seller.products(), "visitors need products that are not sold here");
    let visitors = Visitors::start(gateway, channel, seller.others());
    let agent = HttpClient::new(fleet.url(""));
    let mut figures = Vec::new();
    for question in Question::ALL {
        figures.extend(measure(&agent, &mut seller, question, args.sales).await?);
    }
    let visits = visitors.stop().await?;
    println!("beside: {} calls, {:.0} a second", visits.all, visits.rate());
    figures.push(Figure::at_least("calls beside", visits.all, 1));
    figures.push(Figure::exactly("calls beside that failed", visits.failed, 0));
    Ok(print_figures(&figures))
}

/// Imports the demo catalogue, and waits until it is in the index. Returns the number of products.
async fn import(fleet: &Fleet) -> Result<usize> {
    let file = repository().join("examples/demo/products.jsonl");
    let output = fleet.catctl(&["import", file.to_str().context("a path in UTF-8")?]).await;
    ensure!(output.code == Some(0), "the import failed: {output:?}");
    let count = std::fs::read_to_string(&file)?.lines().count();
    let url = fleet.url("/v1/search?pageSize=1");
    until("all products are in the index", async || {
        (testkit::get(&url).await.ok()?.json()["totalSize"] == count).then_some(())
    })
    .await;
    Ok(count)
}

/// Sells and asks. The time begins when the sale is acknowledged, and ends with the answer that has the new stock.
async fn measure(
    agent: &HttpClient,
    seller: &mut Seller,
    question: Question,
    sales: u32,
) -> Result<Vec<Figure>> {
    let mut took = Vec::with_capacity(sales as usize);
    let mut late = 0_u64;
    for number in 0..sales {
        let sale = seller.sell(number).await?;
        let began = Instant::now();
        let mut answers = 0;
        while question.stock(agent, &sale.product).await? != Some(i64::from(sale.left)) {
            ensure!(began.elapsed() < TIMEOUT, "{question:?}: the sale does not show: {sale:?}");
            answers += 1;
            if question.is_search() {
                tokio::time::sleep(PAUSE).await;
            }
        }
        took.push(began.elapsed());
        late += u64::from(answers > 0);
        seller.settle(sale).await?;
    }
    took.sort_unstable();
    let name = question.name();
    let bound = if question.is_search() { SEARCH_MS } else { LOOKUP_MS };
    let mut figures = quantiles(name, &took, bound);
    if !question.is_search() {
        figures.push(Figure::exactly(format!("{name}, first answers without it"), late, 0));
    }
    Ok(figures)
}
