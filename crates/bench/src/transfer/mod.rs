//! Bulk import and export: `cargo xtask bench transfer`.
//!
//! On each database, a client of low CPU cost imports generated products, small and large, into a catalogue
//! process, and then exports a million that were inserted directly into the database.

mod catalogue;
pub(crate) mod client;
mod database;
mod products;
mod usage;

use std::time::{Duration, Instant};

use anyhow::Result;
use catalogue::Catalogue;
use database::Database;
use devtools::bench::{Engine, TransferArgs};
use products::Size;
use testkit::program;
use tonic::Code;
use usage::Usage;

/// Minimum rate of an import, in products per second.
const POSTGRES_RATE: f64 = 20_000.0;
const SQLITE_RATE: f64 = 10_000.0;
/// Maximum memory that an export adds to the catalogue, in bytes.
const EXPORT_GROWTH: u64 = 20 << 20;
/// Deadline of an export whose reader stalls.
const STALL: Duration = Duration::from_secs(3);
/// Maximum time from its deadline to its end.
const MAX_LATE: Duration = Duration::from_secs(1);

pub(crate) async fn run(args: TransferArgs) -> Result<bool> {
    let catalogue = args.catalogue.unwrap_or_else(|| program("catalogue"));
    let mut all_ok = true;
    for engine in [Engine::Sqlite, Engine::Postgres] {
        if args.engine.is_some_and(|only| only != engine) {
            continue;
        }
        for size in [Size::Small, Size::Large] {
            let Some(database) = Database::start(engine).await? else { continue };
            all_ok &= import(&catalogue, &database, size, args.products).await?;
        }
        if args.exported > 0
            && let Some(database) = Database::start(engine).await?
        {
            all_ok &= export(&catalogue, &database, args.exported).await?;
        }
    }
    Ok(all_ok)
}

async fn import(
    catalogue: &std::path::Path,
    database: &Database,
    size: Size,
    count: usize,
) -> Result<bool> {
    let engine = database.engine();
    let messages = products::messages(size, count);
    let bytes: usize = messages.iter().map(bytes::Bytes::len).sum();
    let process = Catalogue::start(catalogue, database).await?;
    let before = Usage::now(&process, database)?;
    let began = Instant::now();
    let response = client::import(process.channel().await?, messages).await?;
    let took = began.elapsed();
    let used = Usage::now(&process, database)?.since(&before);
    anyhow::ensure!(
        response.created == i64::try_from(count)?,
        "not all were created: {response:?}"
    );

    let rate = count as f64 / took.as_secs_f64();
    println!(
        "{engine:?}: {count} {size:?} products of {} bytes imported in {took:.2?}: {rate:.0}/s\n    \
         CPU: {}",
        bytes / count,
        used.per_100k(count),
    );
    drop(process);
    let (bare, how) = database.bare_rate().await?;
    println!("    the same rows without the catalogue, by {how}: {bare:.0}/s");
    let min = if engine == Engine::Postgres { POSTGRES_RATE } else { SQLITE_RATE };
    Ok(within("products/s", rate, rate >= min, min))
}

async fn export(catalogue: &std::path::Path, database: &Database, count: usize) -> Result<bool> {
    let engine = database.engine();
    // Creates the tables.
    drop(Catalogue::start(catalogue, database).await?);
    database.seed(count).await?;
    let process = Catalogue::start(catalogue, database).await?;
    // Warm-up, whose memory is not counted as growth.
    client::export(process.channel().await?, 10_000, || ()).await?;
    let (start, mut peak) = (process.resident_bytes(), 0);
    let before = Usage::now(&process, database)?;
    let began = Instant::now();
    let watch = || peak = peak.max(process.resident_bytes());
    let exported = client::export(process.channel().await?, usize::MAX, watch).await?;
    let took = began.elapsed();
    let used = Usage::now(&process, database)?.since(&before);
    anyhow::ensure!(exported == count, "{exported} of {count} products were exported");

    let growth = peak.saturating_sub(start);
    println!(
        "{engine:?}: {count} products exported in {took:.2?}: {:.0}/s\n    CPU: {}",
        count as f64 / took.as_secs_f64(),
        used.per_100k(count),
    );
    let megabytes = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    let max = megabytes(EXPORT_GROWTH);
    let is_ok = within("MB more memory", megabytes(growth), growth <= EXPORT_GROWTH, max);

    let began = Instant::now();
    let (read, status) = client::stalled_export(process.channel().await?, STALL).await?;
    let late = began.elapsed().saturating_sub(STALL);
    // Without window for a status, the stream is reset, which the client reports as cancelled.
    let ended = status.as_ref().map(tonic::Status::code);
    let ended = matches!(ended, Some(Code::DeadlineExceeded | Code::Cancelled));
    println!("    a stalled reader received {read} products, and then {status:?}");
    let (late, max) = (late.as_secs_f64() * 1e3, MAX_LATE.as_secs_f64() * 1e3);
    Ok(within("ms after its deadline", late, ended && late <= max, max) && is_ok)
}

/// Prints a figure with its bound, and returns whether it is within.
fn within(what: &str, measured: f64, is_ok: bool, bound: f64) -> bool {
    let verdict = if is_ok { "ok" } else { "FAILED" };
    println!("    {measured:.0} {what}, bound {bound:.0}: {verdict}");
    is_ok
}
