//! An import that is cut off, and run again.

use std::{collections::BTreeSet, fmt::Write as _, path::Path};

use anyhow::Context as _;
use proto::catalogue::v1::{
    BrowseProductsRequest, catalogue_service_client::CatalogueServiceClient,
};
use serde_json::Value;

use super::subject::{Engine, Subject};
use crate::{Fault, FaultProxy, Figure, Process, Random, Setting, program, until};

/// A row on its way to the catalogue, about, in bytes.
const BYTES_A_ROW: u64 = 40;

pub(super) async fn run(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let subject = Subject::start(Engine::Postgres).await?;
    let rows = setting.count(100_000).max(2_000);
    let bad = bad_lines(rows, (rows * 137).div_ceil(100_000).max(3), setting.random("bad"));
    let source = subject.dir().join("products.jsonl");
    std::fs::write(&source, lines(rows, &bad)?)?;
    let rejects = subject.dir().join("rejects.jsonl");
    let log = subject.dir().join("import.log");

    // However fast the import is, it is not over before it is killed.
    let proxy = FaultProxy::start(subject.addr().parse()?, setting.seed()).await;
    let most = rows * BYTES_A_ROW * 3 / 4;
    proxy.set(Fault { stall_after_bytes: Some(most), ..Fault::default() });
    let mut import = start(&proxy, &source, &rejects, &log)?;
    let mut client = CatalogueServiceClient::new(subject.channel()?);
    until("half is imported", async || {
        let request = BrowseProductsRequest { page_size: 1, ..Default::default() };
        let answer = client.browse_products(request).await.ok()?;
        let ended = import.ended();
        assert!(ended.is_none(), "it was over before it could be killed: {ended:?}");
        (answer.get_ref().total_size as u64 >= rows / 2).then_some(())
    })
    .await;
    import.kill();

    proxy.set(Fault::default());
    let mut again = start(&proxy, &source, &rejects, &log)?;
    let ended = until("the import ends", async || again.ended()).await;
    let found = subject.products().await?;
    let ids: BTreeSet<&str> = found.iter().map(|product| product.id.as_str()).collect();
    let rejected = rejected(&rejects)?;
    let told: BTreeSet<u64> = rejected.iter().copied().collect();
    let good = rows - bad.len() as u64;
    println!("catctl ended with {ended}; {}", again.log().lines().next_back().unwrap_or_default());
    Ok(vec![
        Figure::exactly("products in", ids.len() as u64, good),
        Figure::exactly("products twice", found.len() - ids.len(), 0),
        Figure::exactly("changed after they were created", changed(&found), 0),
        Figure::exactly("rows rejected, each once", rejected.len(), bad.len()),
        Figure::exactly("rejected with the right line", told == bad, true),
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

fn bad_lines(rows: u64, count: u64, mut random: Random) -> BTreeSet<u64> {
    let mut bad = BTreeSet::new();
    while (bad.len() as u64) < count.min(rows / 10) {
        bad.insert(1 + random.below(rows));
    }
    bad
}

/// Bad in turn: not JSON, no name, a stock below zero, a category that does not exist.
fn lines(rows: u64, bad: &BTreeSet<u64>) -> anyhow::Result<String> {
    let mut text = String::new();
    for line in 1..=rows {
        let (id, name) = (format!("p-{line:07}"), format!("Product {line}"));
        if !bad.contains(&line) {
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
