//! Requests that are valid by the OpenAPI document, and ones that are not.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use testkit::{Figure, Fleet, Schemathesis, repository};

use crate::RunConfig;

const TIME: Duration = Duration::from_secs(10 * 60);
/// At any scale: a round takes about that.
const LEAST_TIME: Duration = Duration::from_secs(30);
const PRODUCTS: &str = "examples/demo/products.jsonl";

pub(super) async fn run(config: &RunConfig) -> Result<Vec<Figure>> {
    // No key that it makes or revokes locks it out.
    let fleet = Fleet::start_with(&["--access=open"]).await;
    let products = repository().join(PRODUCTS).display().to_string();
    let imported = fleet.catctl(&["import", &products]).await;
    ensure!(imported.code == Some(0), "the demo products cannot be imported: {imported:?}");
    let time = config.time(TIME).max(LEAST_TIME);
    let run = Schemathesis::run(&fleet.url(""), time, config.seed()).await?;
    let run = run.context("schemathesis cannot be installed")?;
    if run.findings > 0 {
        println!("{}", run.report);
    }
    Ok(vec![
        Figure::at_least("operations", run.operations, 60),
        Figure::at_least("requests", run.cases, 10 * run.operations),
        Figure::exactly("responses that are not as documented", run.findings, 0),
    ])
}
