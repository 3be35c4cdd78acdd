//! Random queries: pieces of queries and filters that are repeated, truncated, and mixed with arbitrary
//! characters.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use proto::search::v1::{
    ExplainHitRequest, SearchRequest, SuggestRequest, search_service_client::SearchServiceClient,
};
use testkit::{Figure, Random};
use tonic::{Code, Status, transport::Channel};

use super::replica::{SearchReplica, id_of};
use crate::RunConfig;

const DURATION: Duration = Duration::from_secs(60);
const CLIENTS: u64 = 4;
/// Maximum size of a query in bytes; some queries exceed it.
const MAX_BYTES: usize = 512;

/// Pieces of queries.
const WORDS: [&str; 30] = [
    "lamp",
    "amber",
    "lam",
    "ambre",
    "p-0000001",
    "P0000001",
    "25.4mm",
    "25,4 mm",
    "1.00",
    "KT-INS114",
    "the",
    "of",
    "AND",
    "OR",
    "NOT",
    "name:",
    "*",
    "?",
    "~2",
    "^3",
    "\"",
    "'",
    "(",
    ")",
    "[",
    "]",
    "{",
    "\\",
    "-",
    "+",
];
/// Pieces of filters.
const FILTER: [&str; 22] = [
    "brand",
    "name",
    "price",
    "stock_qty",
    "attributes.colour",
    "category",
    "=",
    "!=",
    "<",
    ">=",
    ":",
    "AND",
    "OR",
    "NOT",
    "(",
    ")",
    "\"amber",
    "\"",
    "3",
    "-0.5",
    "1e400",
    "2026-13-45T99:00:00Z",
];
/// Facets, valid and invalid.
const FACETS: [&str; 7] =
    ["category", "brand", "price", "stock", "attributes.colour", "attributes.", "x"];
/// Sort orders, valid and invalid.
const ORDERS: [&str; 6] =
    ["price", "price desc", "name, newest", "relevance", "stock desc,", "cheapest"];

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let mut replica = SearchReplica::start().await?;
    replica.fill(500).await?;
    let end = Instant::now() + config.time(DURATION);
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..CLIENTS {
        let random = config.random(&format!("queries {number}"));
        tasks.spawn(send_queries(replica.channel()?, random, end));
    }
    let mut codes: BTreeMap<String, u64> = BTreeMap::new();
    let mut failed = Vec::new();
    while let Some(tally) = tasks.join_next().await {
        let tally = tally?;
        failed.extend(tally.failed);
        for (code, count) in tally.codes {
            *codes.entry(code).or_default() += count;
        }
    }
    println!("responses: {codes:?}");
    failed.iter().take(5).for_each(|query| println!("failed: {query}"));
    let of = |code: Code| codes.get(&format!("{code:?}")).copied().unwrap_or_default();
    let is_healthy = replica.is_healthy().await;
    Ok(vec![
        Figure::at_least("successful", of(Code::Ok), 100),
        Figure::at_least("refused as invalid", of(Code::InvalidArgument), 10),
        Figure::exactly("failed", failed.len(), 0),
        Figure::exactly("healthy afterwards", is_healthy, true),
    ])
}

#[derive(Default)]
struct Tally {
    codes: BTreeMap<String, u64>,
    failed: Vec<String>,
}

async fn send_queries(channel: Channel, mut random: Random, end: Instant) -> Tally {
    let mut client = SearchServiceClient::new(channel);
    let mut tally = Tally::default();
    while Instant::now() < end {
        let query = compose(&mut random, &WORDS);
        let filter = if random.chance(0.3) { compose(&mut random, &FILTER) } else { String::new() };
        let shown = format!("{query:?} {filter:?}");
        let status = match random.below(4) {
            0 => suggest(&mut client, query, &mut random).await,
            1 => explain(&mut client, query, filter, &mut random).await,
            _ => search(&mut client, query, filter, &mut random).await,
        };
        let code = status.map_or_else(|status| status.code(), |()| Code::Ok);
        *tally.codes.entry(format!("{code:?}")).or_default() += 1;
        // Invalid queries and missing products are expected.
        if !matches!(code, Code::Ok | Code::InvalidArgument | Code::NotFound) {
            tally.failed.push(format!("{code:?} {shown}"));
        }
    }
    tally
}

type Client = SearchServiceClient<Channel>;

async fn search(
    client: &mut Client,
    query: String,
    filter: String,
    random: &mut Random,
) -> Result<(), Status> {
    let mut request =
        SearchRequest { query, filter, unlogged: random.chance(0.5), ..Default::default() };
    if random.chance(0.3) {
        request.facets = vec![pick(random, &FACETS).to_owned(), pick(random, &FACETS).to_owned()];
    }
    if random.chance(0.2) {
        request.order_by = pick(random, &ORDERS).to_owned();
    }
    if random.chance(0.05) {
        request.page_size = random.number() as i32;
    }
    if random.chance(0.05) {
        request.page_token = compose(random, &WORDS);
    }
    client.search(request).await.map(drop)
}

async fn suggest(client: &mut Client, query: String, random: &mut Random) -> Result<(), Status> {
    let limit = if random.chance(0.1) { random.number() as i32 } else { 0 };
    client.suggest(SuggestRequest { query, limit, sequence: 1 }).await.map(drop)
}

async fn explain(
    client: &mut Client,
    query: String,
    filter: String,
    random: &mut Random,
) -> Result<(), Status> {
    let product_id = id_of(random.below(600));
    let request = ExplainHitRequest { query, filter, product_id, ..Default::default() };
    client.explain_hit(request).await.map(drop)
}

fn pick<'a>(random: &mut Random, of: &[&'a str]) -> &'a str {
    of[random.below(of.len() as u64) as usize]
}

/// Joins some pieces, and mutates the result.
fn compose(random: &mut Random, pieces: &[&str]) -> String {
    let mut text = String::new();
    for _ in 0..random.below(8) {
        let piece = pick(random, pieces);
        let times = if random.chance(0.05) { 1 + random.below(300) } else { 1 };
        (0..times).for_each(|_| text.push_str(piece));
        if random.chance(0.7) {
            text.push(' ');
        }
    }
    let mut letters: Vec<char> = text.chars().collect();
    for _ in 0..random.below(4) {
        let place = random.below(letters.len() as u64 + 1) as usize;
        match random.below(4) {
            0 => letters.insert(place, any_char(random)),
            1 if place < letters.len() => drop(letters.remove(place)),
            2 if place + 1 < letters.len() => letters.swap(place, place + 1),
            _ => letters.truncate(place),
        }
    }
    let text: String = letters.into_iter().collect();
    let max_bytes = if random.chance(0.05) { MAX_BYTES + 10 } else { MAX_BYTES };
    text[..text.floor_char_boundary(max_bytes)].to_owned()
}

/// A random character: ASCII, one with special Unicode properties, or any other.
fn any_char(random: &mut Random) -> char {
    const SPECIAL: [char; 12] = [
        '\0',
        '\u{7}',
        '\u{1}',
        '\u{301}',
        '\u{200b}',
        '\u{202e}',
        '\u{feff}',
        'İ',
        'ß',
        'ﬃ',
        '½',
        '\u{10ffff}',
    ];
    match random.below(3) {
        0 => char::from(32 + random.below(95) as u8),
        1 => SPECIAL[random.below(SPECIAL.len() as u64) as usize],
        _ => char::from_u32(random.below(0x11_0000) as u32).unwrap_or('\u{fffd}'),
    }
}
