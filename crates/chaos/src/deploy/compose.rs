//! `cargo xtask up --compose`, with images from Debian packages for those of others.

use std::{fs, time::Instant};

use anyhow::Context as _;
use serde_json::Value;
use testkit::{Figure, free_ports, get, program, until};

use super::{command::Command, machine::SERVICES, programs, provide};
use crate::RunConfig;

const TAG: &str = "chaos";
/// Ports of `up --port-base`.
const PORTS: u16 = 6;
/// Products of the demo.
const DEMO: i64 = 370;
/// The largest image that a release build may have, in bytes; a debug build has three times the code.
const MAX_IMAGE: u64 = if cfg!(debug_assertions) { 120_000_000 } else { 40_000_000 };

pub(super) async fn run(_: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let prebuilt = programs()?.display().to_string();
    let mut figures = images(&prebuilt).await?;
    let images = fs::read_to_string(provide("standins")?)?;
    let images = images.lines().filter_map(|line| line.split_once('='));
    let mut variables: Vec<_> =
        images.map(|(name, image)| (name.to_owned(), image.to_owned())).collect();
    variables.push(("IMAGE_TAG".to_owned(), TAG.to_owned()));
    variables.push(("SEARCH_MEMORY".to_owned(), "128m".to_owned()));
    let dir = tempfile::tempdir()?;
    let data = dir.path().join("data").display().to_string();
    variables.push(("XTASK_DATA_DIR".to_owned(), data));

    let base = free_ports(PORTS);
    let port = base.to_string();
    let up = ["up", "--compose", "--ephemeral", "--no-build", "--port-base", &port];
    let began = Instant::now();
    let table = xtask(&up, &variables).succeed().await;
    if table.is_err() {
        xtask(&["down"], &variables).output().await?;
    }
    let table = table?;
    figures.push(Figure::at_most(
        "from nothing to the table, s",
        began.elapsed().as_secs_f64(),
        120.0,
    ));
    let checked = check(base, &table, &variables).await;
    let down = xtask(&["down"], &variables).succeed().await;
    figures.extend(checked?);
    down?;
    let project = format!("label=io.podman.compose.project=catalogue-{base}");
    for (what, list) in [
        ("containers", ["container", "ls", "-aq", "--filter", &project]),
        ("volumes", ["volume", "ls", "-q", "--filter", &project]),
        ("networks", ["network", "ls", "-q", "--filter", &project]),
    ] {
        let left = Command::new("podman").args(list).succeed().await?;
        figures.push(Figure::exactly(format!("{what} left by down"), left.lines().count(), 0));
    }
    Ok(figures)
}

/// Builds the images twice.
async fn images(prebuilt: &str) -> anyhow::Result<Vec<Figure>> {
    let mut ids = Vec::new();
    for _ in 0..2 {
        xtask(&["image", "--prebuilt", prebuilt, "--tag", TAG], &[]).succeed().await?;
        let mut built = Vec::new();
        for service in SERVICES {
            built.push(inspect_image(service, "{{.Digest}}").await?);
        }
        ids.push(built);
    }
    let mut figures =
        vec![Figure::exactly("images differ when built again", ids[0] != ids[1], false)];
    for service in SERVICES {
        let size: u64 = inspect_image(service, "{{.Size}}").await?.parse()?;
        figures.push(Figure::at_most(format!("image of {service}, bytes"), size, MAX_IMAGE));
    }
    Ok(figures)
}

async fn inspect_image(service: &str, format: &str) -> anyhow::Result<String> {
    let image = format!("localhost/{service}:{TAG}");
    let inspect = ["image", "inspect", "--format", format, &image];
    Ok(Command::new("podman").args(inspect).succeed().await?.trim().to_owned())
}

/// Calls the running system: products, search, traces, metrics, `ps`.
async fn check(
    base: u16,
    table: &str,
    variables: &[(String, String)],
) -> anyhow::Result<Vec<Figure>> {
    let address = |name: &str| {
        let line = table.lines().find(|line| line.trim_start().starts_with(&format!("{name} ")));
        let url = line.and_then(|line| line.split_whitespace().nth(1));
        url.map(|url| url.trim_end_matches('/').to_owned())
            .with_context(|| format!("no {name} in:\n{table}"))
    };
    let found = get(&format!("http://127.0.0.1:{base}/v1/search?q=mug")).await?.json();
    let listed = get(&format!("http://127.0.0.1:{base}/v1/products?pageSize=1")).await?.json();
    let number = |value: &Value| value.as_i64().or_else(|| value.as_str()?.parse().ok());
    let targets = format!("{}/api/v1/targets", address("prometheus")?);
    let scraped = until("Prometheus has scraped all services", async || {
        let targets = get(&targets).await.ok()?.json();
        let targets = targets["data"]["activeTargets"].as_array()?.clone();
        let up = targets.iter().filter(|target| target["health"] == "up").count();
        (up == SERVICES.len()).then_some(up)
    })
    .await;
    let collector = format!("catalogue-{base}_collector_1");
    let traced = until("a trace of all services has been collected", async || {
        let read = ["exec", &collector, "cat", "/data/traces.jsonl"];
        let spans = Command::new("podman").args(read).succeed().await.ok()?;
        let has = |service: &str| spans.contains(&format!(r#""service.name": "{service}""#));
        SERVICES.iter().all(|service| has(service)).then_some(SERVICES.len())
    })
    .await;
    let listing = xtask(&["ps"], variables).succeed().await?;
    let running = SERVICES.iter().filter(|service| listing.contains(*service)).count();
    Ok(vec![
        Figure::exactly("products", number(&listed["totalSize"]).unwrap_or_default(), DEMO),
        Figure::at_least("mugs found", number(&found["totalSize"]).unwrap_or_default(), 1),
        Figure::exactly("services scraped", scraped, SERVICES.len()),
        Figure::exactly("services in traces", traced, SERVICES.len()),
        Figure::exactly("services that ps lists", running, SERVICES.len()),
    ])
}

fn xtask(arguments: &[&str], variables: &[(String, String)]) -> Command {
    Command::new(program("xtask")).args(arguments).envs(variables)
}
