//! An import that is killed and restarted.

use std::{collections::BTreeSet, fmt::Write as _, path::Path};

use anyhow::Context as _;
use proto::catalogue::v1::{
    BrowseProductsRequest, catalogue_service_client::CatalogueServiceClient,
};
use serde_json::Value;
use testkit::{Fault, FaultProxy, Figure, Process, Random, program, until};

use super::process::{CatalogueProcess, Engine};
use crate::RunConfig;

/// Approximate size of a row on the wire.
const BYTES_PER_ROW: u64 = 40;

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let catalogue = CatalogueProcess::start(Engine::Postgres).await?;
    let rows = config.count(100_000).max(2_000);
    let invalid =
        invalid_lines(rows, (rows * 137).div_ceil(100_000).max(3), config.random("invalid"));
    let source = catalogue.dir().join("products.jsonl");
    std::fs::write(&source, source_lines(rows, &invalid)?)?;
    let rejects = catalogue.dir().join("rejects.jsonl");
    let log = catalogue.dir().join("import.log");

    // Stalls the import before its end, so that it can be killed at any speed.
    let proxy = FaultProxy::start(catalogue.addr().parse()?, config.seed()).await;
    let limit = rows * BYTES_PER_ROW * 3 / 4;
    proxy.set(Fault { stall_after_bytes: Some(limit), ..Fault::default() });
    let mut import = start(&proxy, &source, &rejects, &log)?;
    let mut client = CatalogueServiceClient::new(catalogue.channel()?);
    until("half is imported", async || {
        let request = BrowseProductsRequest { page_size: 1, ..Default::default() };
        let response = client.browse_products(request).await.ok()?;
        let ended = import.exit_status();
        assert!(ended.is_none(), "the import ended before it was killed: {ended:?}");
        (response.get_ref().total_size.unwrap_or_default() as u64 >= rows / 2).then_some(())
    })
    .await;
    import.kill();

    proxy.set(Fault::default());
    let mut again = start(&proxy, &source, &rejects, &log)?;
    let ended = until("the import ends", async || again.exit_status()).await;
    let found = catalogue.products().await?;
    let ids: BTreeSet<&str> = found.iter().map(|product| product.id.as_str()).collect();
    let rejected = rejected(&rejects)?;
    let lines: BTreeSet<u64> = rejected.iter().copied().collect();
    let good = rows - invalid.len() as u64;
    println!("catctl ended with {ended}; {}", again.log().lines().next_back().unwrap_or_default());
    Ok(vec![
        Figure::exactly("products imported", ids.len() as u64, good),
        Figure::exactly("duplicate products", found.len() - ids.len(), 0),
        Figure::exactly("products changed after their creation", changed(&found), 0),
        Figure::exactly("rows rejected", rejected.len(), invalid.len()),
        Figure::exactly("rejected lines are the invalid ones", lines == invalid, true),
    ])
}

fn start(proxy: &FaultProxy, source: &Path, rejects: &Path, log: &Path) -> anyhow::Result<Process> {
    let server = format!("http://{}", proxy.addr);
    let arguments = [
        "--server".as_ref(),
        server.as_ref(),
        "import".as_ref(),
        source.as_os_str(),
        "--rejects".as_ref(),
        rejects.as_os_str(),
    ];
    Process::start(&program("catctl"), arguments, log)
}

fn changed(products: &[proto::catalogue::v1::Product]) -> usize {
    products.iter().filter(|product| product.revision != 1).count()
}

fn invalid_lines(rows: u64, count: u64, mut random: Random) -> BTreeSet<u64> {
    let mut invalid = BTreeSet::new();
    while (invalid.len() as u64) < count.min(rows / 10) {
        invalid.insert(1 + random.below(rows));
    }
    invalid
}

/// Rows as JSON lines. Invalid ones alternate between a syntax error, a missing name, a negative stock and
/// an unknown category.
fn source_lines(rows: u64, invalid: &BTreeSet<u64>) -> anyhow::Result<String> {
    let mut text = String::new();
    for line in 1..=rows {
        let (id, name) = (format!("p-{line:07}"), format!("Product {line}"));
        if !invalid.contains(&line) {
            writeln!(text, r#"{{"id":"{id}","name":"{name}","stockQty":{}}}"#, line % 50)?;
            continue;
        }
        match line % 4 {
            0 => writeln!(text, r#"{{"id":"{id}","name":"#)?,
            1 => writeln!(text, r#"{{"id":"{id}"}}"#)?,
            2 => writeln!(text, r#"{{"id":"{id}","name":"{name}","stockQty":-1}}"#)?,
            _ => writeln!(text, r#"{{"id":"{id}","name":"{name}","categoryIds":["none"]}}"#)?,
        }
    }
    Ok(text)
}

fn rejected(file: &Path) -> anyhow::Result<Vec<u64>> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let line = |row: &str| {
        let row: Value = serde_json::from_str(row)?;
        row["line"].as_u64().with_context(|| format!("{row} has no line"))
    };
    text.lines().map(line).collect()
}
