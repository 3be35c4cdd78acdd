//! Queries that nobody means: made of what queries are made of, cut, repeated, swapped and mixed
//! with whatever else a text can hold.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use proto::search::v1::{
    ExplainHitRequest, SearchRequest, SuggestRequest, search_service_client::SearchServiceClient,
};
use tonic::{Code, Status, transport::Channel};

use super::subject::{Replica, id_of};
use crate::{Figure, Random, Setting};

const LONGEST: Duration = Duration::from_secs(60);
const ASKERS: u64 = 4;
/// A query may have so many bytes; a little more are tried, too.
const BYTES: usize = 512;

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
const FACETS: [&str; 7] =
    ["category", "brand", "price", "stock", "attributes.colour", "attributes.", "x"];
const ORDERS: [&str; 6] =
    ["price", "price desc", "name, newest", "relevance", "stock desc,", "cheapest"];

pub(super) async fn run(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let mut replica = Replica::start().await?;
    replica.fill(500).await?;
    let until = Instant::now() + setting.time(LONGEST);
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..ASKERS {
        let random = setting.random(&format!("queries {number}"));
        tasks.spawn(ask(replica.channel()?, random, until));
    }
    let mut codes: BTreeMap<String, u64> = BTreeMap::new();
    let mut broken = Vec::new();
    while let Some(asked) = tasks.join_next().await {
        let asked = asked?;
        broken.extend(asked.broken);
        for (code, count) in asked.codes {
            *codes.entry(code).or_default() += count;
        }
    }
    println!("answers: {codes:?}");
    broken.iter().take(5).for_each(|query| println!("breaks it: {query}"));
    let of = |code: Code| codes.get(&format!("{code:?}")).copied().unwrap_or_default();
    let alive = replica.is_well().await;
    Ok(vec![
        Figure::at_least("answered", of(Code::Ok), 100),
        Figure::at_least("refused", of(Code::InvalidArgument), 10),
        Figure::exactly("answered by a failure", broken.len(), 0),
        Figure::exactly("alive and well in the end", alive, true),
    ])
}

#[derive(Default)]
struct Asked {
    codes: BTreeMap<String, u64>,
    broken: Vec<String>,
}

async fn ask(channel: Channel, mut random: Random, until: Instant) -> Asked {
    let mut client = SearchServiceClient::new(channel);
    let mut asked = Asked::default();
    while Instant::now() < until {
        let query = text(&mut random, &WORDS);
        let filter = if random.chance(0.3) { text(&mut random, &FILTER) } else { String::new() };
        let shown = format!("{query:?} {filter:?}");
        let status = match random.below(4) {
            0 => suggest(&mut client, query, &mut random).await,
            1 => explain(&mut client, query, filter, &mut random).await,
            _ => search(&mut client, query, filter, &mut random).await,
        };
        let code = status.map_or_else(|status| status.code(), |()| Code::Ok);
        *asked.codes.entry(format!("{code:?}")).or_default() += 1;
        // What a caller has done wrong, or what is not there, is an answer like another.
        if !matches!(code, Code::Ok | Code::InvalidArgument | Code::NotFound) {
            asked.broken.push(format!("{code:?} {shown}"));
        }
    }
    asked
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
        request.facets = vec![one(random, &FACETS).to_owned(), one(random, &FACETS).to_owned()];
    }
    if random.chance(0.2) {
        request.order_by = one(random, &ORDERS).to_owned();
    }
    if random.chance(0.05) {
        request.page_size = random.number() as i32;
    }
    if random.chance(0.05) {
        request.page_token = text(random, &WORDS);
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

fn one<'a>(random: &mut Random, of: &[&'a str]) -> &'a str {
    of[random.below(of.len() as u64) as usize]
}

/// Some pieces, maltreated.
fn text(random: &mut Random, pieces: &[&str]) -> String {
    let mut text = String::new();
    for _ in 0..random.below(8) {
        let piece = one(random, pieces);
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
            0 => letters.insert(place, any(random)),
            1 if place < letters.len() => drop(letters.remove(place)),
            2 if place + 1 < letters.len() => letters.swap(place, place + 1),
            _ => letters.truncate(place),
        }
    }
    let text: String = letters.into_iter().collect();
    let longest = if random.chance(0.05) { BYTES + 10 } else { BYTES };
    text[..text.floor_char_boundary(longest)].to_owned()
}

/// Any character: a common one, one that does things to its neighbours, or any at all.
fn any(random: &mut Random) -> char {
    const STRANGE: [char; 12] = [
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
        1 => STRANGE[random.below(STRANGE.len() as u64) as usize],
        _ => char::from_u32(random.below(0x11_0000) as u32).unwrap_or('\u{fffd}'),
    }
}
