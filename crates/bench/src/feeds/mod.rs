//! Files of feeds of an embedded catalogue: memory of each process that writes or serves them, time, and whether each
//! line keeps the rules of its destination: `cargo xtask bench feeds`.
//!
//! The lines of ACP are checked by the specification beside the checkout.

mod memory;
mod shop;
mod writers;

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context as _, Result};
use devtools::bench::FeedsArgs;
use memory::Memory;
use serde_json::Value;
use testkit::{
    FeedContents, FeedFile, Figure, Fleet, HttpClient, Service, acp_schema, import_feed_products,
};
use tonic::transport::Endpoint;
use writers::{Written, export, serve};

use crate::sample::print_figures;

/// Maximum memory of a process above that when it is idle, in megabytes.
const MEGABYTES: f64 = 32.0;

/// A file to write: the system, the name, and its rules.
struct File {
    system: &'static str,
    name: &'static str,
    kind: FeedFile,
    /// The format over HTTP, if the gateway serves it.
    format: Option<&'static str>,
}

const FILES: [File; 5] = [
    File {
        system: "google-merchant",
        name: "google.xml",
        kind: FeedFile::GoogleXml,
        format: Some("xml"),
    },
    File {
        system: "google-merchant",
        name: "google.tsv",
        kind: FeedFile::GoogleTable,
        format: Some("csv"),
    },
    File {
        system: "openai",
        name: "openai.jsonl.gz",
        kind: FeedFile::OpenaiLines,
        format: Some("jsonl"),
    },
    File {
        system: "openai",
        name: "openai.csv.gz",
        kind: FeedFile::OpenaiTable,
        format: Some("csv"),
    },
    File { system: "acp", name: "acp", kind: FeedFile::AcpLines, format: None },
];

pub(crate) async fn run(args: &FeedsArgs) -> Result<bool> {
    let mut fleet = Fleet::start().await;
    // An index of all of them would take the memory and the time.
    fleet.kill(Service::Search);
    let began = Instant::now();
    let catalogue = Endpoint::from_shared(format!("http://{}", fleet.addr(Service::Catalogue)))?;
    let ids = import_feed_products(catalogue.connect().await?, args.products).await?;
    println!("{} products imported in {:.1?}", args.products, began.elapsed());
    let expected = FeedContents::of_ids(ids);
    // As a service that has not just imported them.
    fleet.kill(Service::Catalogue);
    fleet.restart(Service::Catalogue);
    fleet.ready(Service::Catalogue).await;
    let catctl = writers::export_nothing(&fleet).await?;
    let memory = Memory::idle(&mut fleet, catctl).await?;
    let mut figures = Vec::new();
    for file in &FILES {
        let path = fleet.dir().join(file.name);
        let written = export(&fleet, &memory, file.system, &path).await?;
        let lines = match file.kind {
            FeedFile::AcpLines => path.join("products.jsonl"),
            _ => path.clone(),
        };
        figures.extend(figures_of(file, "catctl", &written, &lines, &expected)?);
        figures.extend(memory.figures(&mut fleet, file.name, MEGABYTES)?);
        if file.kind == FeedFile::AcpLines {
            figures.push(metadata(&path)?);
            std::fs::remove_dir_all(&path)?;
        } else {
            std::fs::remove_file(&path)?;
        }
        if let Some(format) = file.format {
            let path: PathBuf = fleet.dir().join("served");
            let gateway = HttpClient::new(fleet.url(""));
            let served = serve(&gateway, file.system, format, &path).await?;
            figures.extend(figures_of(file, "gateway", &served, &path, &expected)?);
            figures.extend(memory.figures(&mut fleet, file.name, MEGABYTES)?);
            std::fs::remove_file(&path)?;
        }
    }
    for destination in ["google-merchant", "openai", "acp"] {
        let checked = writers::check(&fleet, &memory, destination).await?;
        let name = format!("feed check --for {destination}, catctl");
        figures.extend(checked.figures(&name));
    }
    Ok(print_figures(&figures))
}

fn figures_of(
    file: &File,
    writer: &str,
    written: &Written,
    path: &Path,
    expected: &FeedContents,
) -> Result<Vec<Figure>> {
    let name = format!("{}, {writer}", file.name);
    let found = file.kind.check(path)?;
    for example in &found.examples {
        println!("{name}: {example}");
    }
    let bytes = std::fs::metadata(path)?.len();
    let rate = found.items as f64 / written.took.as_secs_f64();
    println!("{name}: {} items, {} MB, {rate:.0} items/s", found.items, bytes >> 20);
    let mut figures = written.figures(&name);
    figures.push(Figure::exactly(format!("{name}: items"), found.items, expected.items));
    figures.push(Figure::exactly(format!("{name}: has all ids"), found.ids == expected.ids, true));
    figures.push(Figure::exactly(format!("{name}: faults"), found.faults, 0));
    Ok(figures)
}

/// Checks the metadata of an ACP feed.
fn metadata(folder: &Path) -> Result<Figure> {
    let metadata: Value = serde_json::from_slice(&std::fs::read(folder.join("metadata.json"))?)?;
    let schema = acp_schema().context("the specification of ACP is not beside the checkout")?;
    let fault = schema.fault("FeedMetadata", &metadata).unwrap_or_else(|| "none".to_owned());
    Ok(Figure::exactly("metadata.json: fault", fault, "none".to_owned()))
}
