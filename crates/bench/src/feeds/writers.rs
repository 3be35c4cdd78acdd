//! Writers of files: catctl, and the gateway over HTTP.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use http::Method;
use http_body_util::BodyExt as _;
use testkit::{Figure, Fleet, HttpClient, Process, peak_bytes, program};
use tokio::time::sleep;

use super::{
    MEGABYTES,
    memory::{Memory, megabytes_above},
    shop::{NOTHING, SHOP, SHOP_QUERY},
};

/// Interval at which the memory of a writer is read.
const SAMPLE: Duration = Duration::from_millis(2);

/// A file that was written.
pub(super) struct Written {
    pub(super) took: Duration,
    /// Memory of catctl above idle, if it wrote it.
    megabytes: Option<f64>,
}

impl Written {
    pub(super) fn figures(&self, name: &str) -> Vec<Figure> {
        let seconds = self.took.as_secs_f64();
        let mut figures = vec![Figure::at_most(format!("{name}: s"), seconds, f64::INFINITY)];
        figures.extend(self.megabytes.map(|megabytes| {
            Figure::at_most(format!("{name}: MB above idle"), megabytes, MEGABYTES)
        }));
        figures
    }
}

/// Runs catctl until it ends. Returns its peak memory in bytes.
async fn run(fleet: &Fleet, arguments: &[&str]) -> Result<(Duration, u64)> {
    let log = fleet.dir().join("catctl.log");
    let server = fleet.url("");
    let arguments = ["--server", &server].into_iter().chain(arguments.iter().copied());
    let began = Instant::now();
    let mut process = Process::start(&program("catctl"), arguments, &log)?;
    let mut peak = 0;
    let exit = loop {
        peak = peak.max(peak_bytes(process.id()).unwrap_or_default());
        if let Some(exit) = process.exit_status() {
            break exit;
        }
        sleep(SAMPLE).await;
    };
    ensure!(exit.success(), "catctl ended with {exit}: {}", process.log());
    ensure!(peak > 0, "catctl ended before its memory was read");
    Ok((began.elapsed(), peak))
}

/// The peak of a catctl that exports nothing, in bytes.
pub(super) async fn export_nothing(fleet: &Fleet) -> Result<u64> {
    let file = fleet.dir().join("nothing.xml");
    let file = file.display().to_string();
    let mut arguments = vec!["export", "--as", "google-merchant", "--filter", NOTHING, &file];
    arguments.extend(SHOP);
    Ok(run(fleet, &arguments).await?.1)
}

pub(super) async fn export(
    fleet: &Fleet,
    memory: &Memory,
    system: &str,
    file: &Path,
) -> Result<Written> {
    let file = file.display().to_string();
    let mut arguments = vec!["export", "--as", system, "--quiet", &file];
    arguments.extend(SHOP);
    let (took, peak) = run(fleet, &arguments).await?;
    Ok(Written { took, megabytes: Some(megabytes_above(peak, memory.catctl)) })
}

/// Runs `catctl feed check`, which must find nothing missing.
pub(super) async fn check(fleet: &Fleet, memory: &Memory, destination: &str) -> Result<Written> {
    let mut arguments = vec!["feed", "check", "--for", destination];
    arguments.extend(SHOP);
    let (took, peak) = run(fleet, &arguments).await?;
    Ok(Written { took, megabytes: Some(megabytes_above(peak, memory.catctl)) })
}

/// Requests a file of the gateway.
pub(super) async fn serve(
    gateway: &HttpClient,
    system: &str,
    format: &str,
    file: &Path,
) -> Result<Written> {
    let path = format!("/v1/exports?as={system}&format={format}&{SHOP_QUERY}");
    let began = Instant::now();
    let response = gateway.open(Method::GET, &path, &[], "").await?;
    ensure!(response.status().is_success(), "{path}: {}", response.status());
    let mut out = BufWriter::new(File::create(file)?);
    let mut body = response.into_body();
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame?.into_data() {
            out.write_all(&data)?;
        }
    }
    out.flush()?;
    Ok(Written { took: began.elapsed(), megabytes: None })
}
