//! Reads of products, compared with catalogues in Go, C++ and Node on the same machine: `cargo xtask bench
//! reads`.
//!
//! A private PostgreSQL has the same 100,000 products for the peers and for our catalogues. The peers' driver
//! loads the servers in turns, and bounds apply to the median of the ratios turn by turn.

mod calls;
mod driver;
mod environment;
mod fill;
pub(crate) mod hold;
mod machine;
mod ours;
mod peers;
mod programs;
mod report;
mod row;
mod server;
mod shapes;
mod turns;

use anyhow::{Context as _, Result};
use devtools::bench::ReadsArgs;
use environment::Environment;
use report::Report;
use testkit::repository;

pub(crate) async fn run(args: ReadsArgs) -> Result<bool> {
    let Some(environment) = Environment::start(&args).await? else { return Ok(true) };
    fill::fill(&environment).await.context("filling the databases")?;
    let baseline = repository().join("docs/bench/reads.json");
    let mut report = Report::new(&environment, &baseline)?;
    for shape in shapes::selected(&args.only) {
        report.measure(shape, &environment).await?;
    }
    report.write(&repository().join(&args.json))?;
    if args.save {
        report.save(&baseline)?;
    }
    Ok(report.finish(&environment))
}
