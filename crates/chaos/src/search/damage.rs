//! Random damage to the index's files while queries run, and before starts.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use anyhow::{Context as _, bail};
use proto::search::v1::{SearchRequest, search_service_client::SearchServiceClient};
use tokio_util::sync::CancellationToken;
use tonic::{Code, transport::Channel};

use testkit::{Figure, Random, until_within};

use super::replica::{COLOURS, SearchReplica};
use crate::RunConfig;

const PRODUCTS: u64 = 2_000;
/// Timeout from the damage until the index is complete again, on a busy machine.
const HEAL_TIMEOUT: Duration = Duration::from_secs(60);
/// Pause between queries.
const PAUSE: Duration = Duration::from_millis(10);

/// Damages a random file in each round and waits until the index is complete again.
pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let mut replica = SearchReplica::start().await?;
    replica.fill(PRODUCTS).await?;
    let (counts, stop) = (Arc::new(Counts::default()), CancellationToken::new());
    let searching =
        tokio::spawn(search_repeatedly(replica.channel()?, Arc::clone(&counts), stop.clone()));
    let mut random = config.random("damage");
    let rounds = config.count(200);
    let (mut starts, mut slowest, mut exits) = (0, Duration::ZERO, 0);
    for round in 0..rounds {
        // One round in four damages the index of a stopped replica.
        let at_start = random.below(4) == 0;
        if at_start {
            starts += 1;
            replica.kill();
        }
        let (before, damage, file) =
            damage_live(&replica, &mut random).await.with_context(|| format!("round {round}"))?;
        let began = Instant::now();
        if at_start {
            replica.restart()?;
        }
        let what = format!("the index is complete after: {damage}");
        until_within(HEAL_TIMEOUT, &what, async || {
            is_healed(&replica, &before, file.as_deref()).await.then_some(())
        })
        .await;
        replica.ready().await;
        slowest = slowest.max(began.elapsed());
        exits += u64::from(!replica.is_healthy().await);
    }
    stop.cancel();
    searching.await?;
    let set_aside = replica.indexes()?.iter().filter(|name| name.starts_with("damaged-")).count();
    let panics = replica.log().matches("panicked").count();
    println!(
        "{rounds} rounds, {starts} of them at a start; {} queries refused, {} connections refused",
        counts.refused.load(Ordering::Relaxed),
        counts.unconnected.load(Ordering::Relaxed),
    );
    Ok(vec![
        Figure::at_least("correct responses", counts.correct.load(Ordering::Relaxed), rounds),
        Figure::exactly("wrong responses", counts.wrong.load(Ordering::Relaxed), 0),
        Figure::exactly(
            "failures that are not retryable",
            counts.failed.load(Ordering::Relaxed),
            0,
        ),
        Figure::exactly("exits", exits, 0),
        Figure::exactly("panics", panics, 0),
        Figure::at_most("damaged indexes kept", set_aside, 1),
        Figure::at_most(
            "longest time until complete, ms",
            slowest.as_millis(),
            HEAL_TIMEOUT.as_millis(),
        ),
    ])
}

/// Whether the index is complete and another than the one `before` the damage of `file`, or no longer has
/// the file: a merge may have replaced it before the damage could be found.
async fn is_healed(
    replica: &SearchReplica,
    before: &(PathBuf, SystemTime),
    file: Option<&Path>,
) -> bool {
    let (Ok(live), Ok(status)) = (live_index(replica), replica.status().await) else {
        return false;
    };
    let is_complete = status.caught_up && status.product_count == PRODUCTS as i64;
    is_complete && (live != *before || file.is_some_and(|file| is_unused(&before.0, file)))
}

/// The directory of the live index, and its time of creation, since a name may be used again.
fn live_index(replica: &SearchReplica) -> anyhow::Result<(PathBuf, SystemTime)> {
    let folder = replica.catalogue.dir().join("search");
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "live") {
            let index = folder.join(fs::read_to_string(path)?.trim());
            let created = fs::metadata(&index)?.created()?;
            return Ok((index, created));
        }
    }
    bail!("no file in {} points to the live index", folder.display())
}

/// Damages the live index. Tries again if it is just being replaced, or a merge removes the file.
async fn damage_live(
    replica: &SearchReplica,
    random: &mut Random,
) -> anyhow::Result<((PathBuf, SystemTime), String, Option<PathBuf>)> {
    let began = Instant::now();
    loop {
        let damaged = live_index(replica).and_then(|live| {
            let (damage, file) = damage_any(&live.0, random)?;
            Ok((live, damage, file))
        });
        let is_gone = |error: &anyhow::Error| {
            let error = error.downcast_ref::<io::Error>();
            error.is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
        };
        match damaged {
            Err(error) if is_gone(&error) && began.elapsed() < HEAL_TIMEOUT => {
                tokio::time::sleep(PAUSE).await;
            }
            damaged => return damaged,
        }
    }
}

/// Damages a random file of an index, or deletes the index. Returns the kind of damage, and the file.
fn damage_any(index: &Path, random: &mut Random) -> anyhow::Result<(String, Option<PathBuf>)> {
    let kind = random.below(10);
    if kind == 0 {
        fs::remove_dir_all(index)?;
        return Ok(("the folder was deleted".to_owned(), None));
    }
    let mut files = files_in_use(index)?;
    let file = files.swap_remove(random.below(files.len() as u64) as usize);
    Ok((damage(&file, kind, random)?, Some(file)))
}

fn damage(file: &Path, kind: u64, random: &mut Random) -> io::Result<String> {
    let name = file.display();
    let len = fs::metadata(file)?.len();
    match kind {
        1..=5 => {
            let at = random.below(len);
            let file = File::options().read(true).write(true).open(file)?;
            let mut byte = [0];
            file.read_exact_at(&mut byte, at)?;
            // The highest bit: in JSON, where a digit more or less may mean nothing, it is invalid.
            file.write_all_at(&[byte[0] ^ 0x80], at)?;
            Ok(format!("byte {at} of {name} was flipped"))
        }
        6 | 7 => {
            let cut = random.below(len);
            File::options().write(true).open(file)?.set_len(cut)?;
            Ok(format!("{name} was cut to {cut} bytes"))
        }
        _ => {
            fs::remove_file(file)?;
            Ok(format!("{name} was deleted"))
        }
    }
}

/// Whether the last commit of an index does not name the segment of a file.
fn is_unused(index: &Path, file: &Path) -> bool {
    let is_segment = file.extension().is_some_and(|extension| extension != "json");
    let Ok(meta) = fs::read_to_string(index.join("meta.json")) else { return false };
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let segment = name.split('.').next().unwrap_or_default();
    is_segment && !meta.replace('-', "").contains(segment)
}

/// The files of an index that its last commit names, and the files of the index as a whole.
fn files_in_use(index: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let meta = fs::read_to_string(index.join("meta.json"))?.replace('-', "");
    let mut files = Vec::new();
    for entry in fs::read_dir(index)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_used = match name.split('.').collect::<Vec<_>>()[..] {
            [segment, opstamp, "del"] => {
                meta.contains(segment) && meta.contains(&format!("\"opstamp\": {opstamp}"))
            }
            ["" | "meta", .., "json"] => true,
            [segment, _] => meta.contains(segment),
            _ => false,
        };
        if is_used {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Numbers of responses by kind.
#[derive(Default)]
struct Counts {
    correct: AtomicU64,
    wrong: AtomicU64,
    /// UNAVAILABLE with a reason, by the replica.
    refused: AtomicU64,
    /// UNAVAILABLE without a reason: the process was down.
    unconnected: AtomicU64,
    failed: AtomicU64,
}

/// Searches for each colour in turn.
async fn search_repeatedly(channel: Channel, counts: Arc<Counts>, stop: CancellationToken) {
    let mut client = SearchServiceClient::new(channel);
    for colour in COLOURS.iter().cycle() {
        if stop.is_cancelled() {
            return;
        }
        let request = SearchRequest {
            query: (*colour).to_owned(),
            page_size: 20,
            unlogged: true,
            ..Default::default()
        };
        let count = match client.search(request).await.map(tonic::Response::into_inner) {
            Ok(response) => {
                let name = format!("Lamp {colour}");
                let mut products = response.results.iter().map(|hit| hit.product.as_ref());
                let all = response.total_size == (PRODUCTS / COLOURS.len() as u64) as i32;
                let is_correct = products.all(|it| it.is_some_and(|it| it.name == name));
                if all && is_correct {
                    &counts.correct
                } else {
                    println!("wrong: {} for {colour}", response.total_size);
                    &counts.wrong
                }
            }
            Err(status) if status.code() == Code::Unavailable => {
                match rpc::status::reason(&status) {
                    Some(_) => &counts.refused,
                    None => &counts.unconnected,
                }
            }
            // The process was killed while it answered.
            Err(status) if is_connection_error(&status) => &counts.unconnected,
            Err(status) => {
                println!("failed: {status}");
                &counts.failed
            }
        };
        count.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(PAUSE).await;
    }
}

/// Whether a call failed with its connection: tonic uses several codes for that.
fn is_connection_error(status: &tonic::Status) -> bool {
    std::error::Error::source(status).is_some_and(|source| source.is::<tonic::transport::Error>())
}
