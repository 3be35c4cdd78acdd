//! How fast products go in and out in bulk: `cargo xtask bench transfer`.
//!
//! Each engine imports generated products, small and large, through a real catalogue process from a
//! client that costs next to nothing; then exports a million that were put straight into the
//! database.

pub(crate) mod client;
mod cpu;
mod database;
mod products;
mod subject;

use std::time::{Duration, Instant};

use anyhow::Result;
use cpu::Usage;
use database::Database;
use devtools::bench::{Engine, TransferArgs};
use products::Shape;
use subject::Subject;
use testkit::program;
use tonic::Code;

/// What an import must reach, in products a second.
const POSTGRES_RATE: f64 = 20_000.0;
const SQLITE_RATE: f64 = 10_000.0;
/// What an export may add to the memory of the catalogue, in bytes.
const EXPORT_GROWTH: u64 = 20 << 20;
/// What a reader who stalls has given its export, and how soon behind that it must have ended.
const STALLED: Duration = Duration::from_secs(3);
const ENDED_WITHIN: Duration = Duration::from_secs(1);

pub(crate) async fn run(args: TransferArgs) -> Result<bool> {
    let catalogue = args.catalogue.unwrap_or_else(|| program("catalogue"));
    let mut kept = true;
    for engine in [Engine::Sqlite, Engine::Postgres] {
        if args.engine.is_some_and(|only| only != engine) {
            continue;
        }
        for shape in [Shape::Small, Shape::Large] {
            let Some(database) = Database::start(engine).await? else { continue };
            kept &= import(&catalogue, &database, shape, args.products).await?;
        }
        if args.exported > 0
            && let Some(database) = Database::start(engine).await?
        {
            kept &= export(&catalogue, &database, args.exported).await?;
        }
    }
    Ok(kept)
}

async fn import(
    catalogue: &std::path::Path,
    database: &Database,
    shape: Shape,
    count: usize,
) -> Result<bool> {
    let engine = database.engine();
    let messages = products::messages(shape, count);
    let bytes: usize = messages.iter().map(bytes::Bytes::len).sum();
    let subject = Subject::start(catalogue, database).await?;
    let before = Usage::now(&subject, database)?;
    let began = Instant::now();
    let answer = client::import(subject.channel().await?, messages).await?;
    let took = began.elapsed();
    let used = Usage::now(&subject, database)?.since(&before);
    anyhow::ensure!(answer.created == i64::try_from(count)?, "not all were created: {answer:?}");

    let rate = count as f64 / took.as_secs_f64();
    println!(
        "{engine:?}: {count} {shape:?} products of {} bytes imported in {took:.2?}: {rate:.0}/s\n    \
         processor: {}",
        bytes / count,
        used.of_each(count),
    );
    drop(subject);
    let (bare, how) = database.bare_rate().await?;
    println!("    the same rows bare, by {how}: {bare:.0}/s");
    let promised = if engine == Engine::Postgres { POSTGRES_RATE } else { SQLITE_RATE };
    Ok(within("products/s", rate, rate >= promised, promised))
}

async fn export(catalogue: &std::path::Path, database: &Database, count: usize) -> Result<bool> {
    let engine = database.engine();
    // The catalogue makes the tables.
    drop(Subject::start(catalogue, database).await?);
    database.seed(count).await?;
    let subject = Subject::start(catalogue, database).await?;
    // What the first answers cost for good is not growth.
    client::export(subject.channel().await?, 10_000, || ()).await?;
    let (start, mut highest) = (subject.resident_bytes(), 0);
    let before = Usage::now(&subject, database)?;
    let began = Instant::now();
    let watch = || highest = highest.max(subject.resident_bytes());
    let exported = client::export(subject.channel().await?, usize::MAX, watch).await?;
    let took = began.elapsed();
    let used = Usage::now(&subject, database)?.since(&before);
    anyhow::ensure!(exported == count, "{exported} of {count} products were exported");

    let growth = highest.saturating_sub(start);
    println!(
        "{engine:?}: {count} products exported in {took:.2?}: {:.0}/s\n    processor: {}",
        count as f64 / took.as_secs_f64(),
        used.of_each(count),
    );
    let megabytes = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    let promised = megabytes(EXPORT_GROWTH);
    let kept = within("MB more memory", megabytes(growth), growth <= EXPORT_GROWTH, promised);

    let began = Instant::now();
    let (read, status) = client::stalled_export(subject.channel().await?, STALLED).await?;
    let late = began.elapsed().saturating_sub(STALLED);
    // Where there is no room for a status its stream is reset, which reads as a cancellation.
    let ended = status.as_ref().map(tonic::Status::code);
    let ended = matches!(ended, Some(Code::DeadlineExceeded | Code::Cancelled));
    println!("    a reader that stalled was sent {read} products, and then {status:?}");
    let (late, promised) = (late.as_secs_f64() * 1e3, ENDED_WITHIN.as_secs_f64() * 1e3);
    Ok(within("ms behind its deadline", late, ended && late <= promised, promised) && kept)
}

fn within(what: &str, measured: f64, kept: bool, promised: f64) -> bool {
    let verdict = if kept { "kept" } else { "NOT KEPT" };
    println!("    {measured:.0} {what}, promised {promised:.0}: {verdict}");
    kept
}
