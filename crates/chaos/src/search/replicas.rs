//! Replicas of search behind gateways agree: on page tokens, over rotations of their key, and on settings.

use std::time::{Duration, Instant};

use proto::{
    catalogue::v1::{RotatePageTokenKeyRequest, key_service_client::KeyServiceClient},
    search::v1::{
        PutSynonymRequest, SearchRequest, Synonym,
        search_admin_service_client::SearchAdminServiceClient,
        search_service_client::SearchServiceClient,
    },
};
use rpc::status::reason;
use testkit::{Figure, until_within};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tonic::transport::Channel;

use super::fleet::{GATEWAYS, SEARCHES, SearchFleet};
use crate::RunConfig;

const PRODUCTS: usize = 100;
const PAGE: i32 = 5;
/// Longer than a new key only opens tokens.
const ROTATION: Duration = Duration::from_secs(6);
/// Pause between pages, so that walks go on over everything that happens.
const PACE: Duration = Duration::from_millis(20);
const WALKERS: u64 = 4;

#[derive(Default)]
struct Walks {
    pages: u64,
    refused: u64,
    incomplete: u64,
    failed: u64,
}

/// Walks through pages at all gateways in turn while keys are rotated and replicas are killed; then sets synonyms.
pub(super) async fn agree(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let mut fleet = SearchFleet::start(PRODUCTS).await?;
    let stop = CancellationToken::new();
    let gateways =
        || (0..GATEWAYS).map(|gateway| fleet.gateway(gateway)).collect::<Result<Vec<_>, _>>();
    let pages = config.count(2_000) / WALKERS;
    let mut walking = Vec::new();
    for _ in 0..WALKERS {
        walking.push(tokio::spawn(walk(gateways()?, pages, stop.clone())));
    }
    let mut keys = KeyServiceClient::new(fleet.gateway(0)?);
    let rotations = config.count(3);
    for _ in 0..rotations {
        keys.rotate_page_token_key(RotatePageTokenKeyRequest::default()).await?;
        sleep(ROTATION).await;
    }
    for search in 0..SEARCHES {
        fleet.restart(search).await?;
    }
    stop.cancel();
    let mut walks = Walks::default();
    for walker in walking {
        let walked = walker.await?;
        walks.pages += walked.pages;
        walks.refused += walked.refused;
        walks.incomplete += walked.incomplete;
        walks.failed += walked.failed;
    }

    let (mut slowest, rounds) = (Duration::ZERO, config.count(20).max(2));
    for round in 0..rounds {
        slowest = slowest.max(set_synonym(&fleet, round).await?);
    }
    let revision = i64::try_from(rounds)?;
    let is_same = same_settings(&fleet, rounds, revision).await?;
    // Each starts with what it has while the catalogue is away.
    fleet.catalogue.kill();
    for search in 0..SEARCHES {
        fleet.restart(search).await?;
    }
    let is_same_without = same_settings(&fleet, rounds, revision).await?;
    Ok(vec![
        Figure::at_least("pages", walks.pages, pages * WALKERS),
        Figure::at_least("key rotations meanwhile", rotations, 1),
        Figure::exactly("page tokens refused", walks.refused, 0),
        Figure::exactly("walks that missed or repeated a product", walks.incomplete, 0),
        Figure::exactly("pages failed otherwise", walks.failed, 0),
        Figure::at_most("slowest synonym on all replicas, ms", slowest.as_millis(), 1_000),
        Figure::exactly("same settings on all", is_same, true),
        Figure::exactly("same after restarts without the catalogue", is_same_without, true),
    ])
}

/// Walks through all hits again and again until `stop`, but no less than `pages`.
async fn walk(gateways: Vec<Channel>, pages: u64, stop: CancellationToken) -> Walks {
    let mut walks = Walks::default();
    while walks.pages < pages || !stop.is_cancelled() {
        let (mut ids, mut page_token) = (Vec::new(), String::new());
        loop {
            let channel = gateways[walks.pages as usize % gateways.len()].clone();
            let query = "lamp".to_owned();
            let request = SearchRequest {
                query,
                page_size: PAGE,
                page_token,
                unlogged: true,
                ..Default::default()
            };
            walks.pages += 1;
            let page = match SearchServiceClient::new(channel).search(request).await {
                Ok(page) => page.into_inner(),
                Err(status) if reason(&status).as_deref() == Some("PAGE_TOKEN_INVALID") => {
                    walks.refused += 1;
                    break;
                }
                Err(status) => {
                    println!("failed: {status}");
                    walks.failed += 1;
                    break;
                }
            };
            ids.extend(page.results.into_iter().filter_map(|hit| Some(hit.product?.id)));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                ids.sort();
                ids.dedup();
                walks.incomplete += u64::from(ids.len() != PRODUCTS);
                break;
            }
            sleep(PACE).await;
        }
    }
    walks
}

/// Sets a synonym through one gateway; returns how long it takes to hold at all searches.
async fn set_synonym(fleet: &SearchFleet, round: u64) -> anyhow::Result<Duration> {
    let word = word(round);
    let synonym = Synonym {
        id: word.clone(),
        words: vec![word.clone(), "lamp".to_owned()],
        ..Default::default()
    };
    let mut admin = SearchAdminServiceClient::new(fleet.gateway(round as usize % GATEWAYS)?);
    let began = Instant::now();
    admin.put_synonym(PutSynonymRequest { synonym: Some(synonym) }).await?;
    for search in 0..SEARCHES {
        until_within(Duration::from_secs(10), "the synonym holds", async || {
            let hits = fleet.hits(search, &word).await.ok()?;
            (hits == PRODUCTS as i32).then_some(())
        })
        .await;
    }
    Ok(began.elapsed())
}

/// Whether all searches have all synonyms.
async fn same_settings(fleet: &SearchFleet, rounds: u64, revision: i64) -> anyhow::Result<bool> {
    for search in 0..SEARCHES {
        let hits = fleet.hits(search, &word(rounds - 1)).await?;
        if hits != PRODUCTS as i32 || fleet.status(search).await?.settings_revision != revision {
            return Ok(false);
        }
    }
    Ok(true)
}

fn word(round: u64) -> String {
    let letter = |number: u64| char::from(b'a' + u8::try_from(number % 26).unwrap_or_default());
    format!("qu{}{}x", letter(round / 26), letter(round))
}
