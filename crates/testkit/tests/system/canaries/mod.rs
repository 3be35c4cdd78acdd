//! Property: no anonymous response on any surface has a word of data that anonymous callers may not see.
//!
//! Canaries, which are random words, are planted in every text of hidden products, in their pasts, in categories
//! that only they use, in actors, queries and settings, and as the costs of what is for sale. Then every method that anonymous callers may call is
//! called over every protocol, with values that look for them. Methods and their fields are read from the
//! contract and from the OpenAPI document: a new one is covered by itself.

mod plant;
mod rpc;
mod streams;
mod web;

use std::{
    collections::BTreeSet,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use testkit::Random;

use crate::access::Restricted;
use plant::Planted;

/// A word of public data: responses with it show that the surfaces answer at all.
const PUBLIC: &str = "openmug";

/// The canaries, and the number of responses that were read.
pub(super) struct Canaries {
    random: Mutex<Random>,
    words: Mutex<BTreeSet<String>>,
    /// Amounts, which are text in JSON and varints in messages.
    amounts: Mutex<Vec<u64>>,
    answers: AtomicUsize,
    public_answers: AtomicUsize,
}

impl Canaries {
    fn new(seed: u64) -> Self {
        Self {
            random: Mutex::new(Random::seeded(seed)),
            words: Mutex::default(),
            amounts: Mutex::default(),
            answers: AtomicUsize::new(0),
            public_answers: AtomicUsize::new(0),
        }
    }

    /// A new canary: twelve letters that stand nowhere else.
    fn word(&self) -> String {
        let mut random = self.random.lock().unwrap();
        let letters = (0..10).map(|_| char::from(b'a' + random.below(26) as u8));
        let word: String = "zq".chars().chain(letters).collect();
        self.words.lock().unwrap().insert(word.clone());
        word
    }

    /// A new amount: ten digits that stand nowhere else.
    fn amount(&self) -> u64 {
        let amount = 5_000_000_000 + self.random.lock().unwrap().below(4_999_999_999);
        self.amounts.lock().unwrap().push(amount);
        amount
    }

    /// Asserts that a response has no canary but the ones in its request.
    fn check(&self, surface: &str, asked: &str, answer: &[u8]) {
        let text = String::from_utf8_lossy(answer).to_lowercase();
        self.answers.fetch_add(1, Ordering::Relaxed);
        if text.contains(PUBLIC) {
            self.public_answers.fetch_add(1, Ordering::Relaxed);
        }
        for word in self.words.lock().unwrap().iter() {
            let is_leak = text.contains(word.as_str()) && !asked.contains(word.as_str());
            assert!(!is_leak, "{surface} asked with {asked:?} has the canary {word}: {text}");
        }
        for amount in self.amounts.lock().unwrap().iter() {
            let varint = varint(*amount);
            let is_leak = text.contains(&amount.to_string())
                || answer.windows(varint.len()).any(|bytes| bytes == varint);
            assert!(!is_leak, "{surface} asked with {asked:?} has the cost {amount}: {text}");
        }
    }
}

/// An integer as it is in messages.
fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// Request values that search for hidden data.
fn probes(planted: &Planted) -> Vec<String> {
    let Planted { draft, archived, deleted, name, sku, category, .. } = planted;
    let prefix: String = name.chars().take(5).collect();
    [
        draft.clone(),
        archived.clone(),
        deleted.clone(),
        planted.once_draft.clone(),
        sku.clone(),
        category.clone(),
        name.clone(),
        prefix,
        "status = DRAFT OR status = ACTIVE".to_owned(),
        format!("{PUBLIC} mug"),
        "1".to_owned(),
        "true".to_owned(),
    ]
    .into()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_anonymous_answer_has_a_canary() {
    let seed = std::env::var("CANARY_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| u64::from(std::process::id()));
    eprintln!("CANARY_SEED={seed}");
    let canaries = Canaries::new(seed);
    let (system, _) = Restricted::start().await;
    let ids = plant::Ids::draw(&canaries);
    let streams = streams::open(&system, &ids).await;
    let planted = plant::plant(&system, &canaries, ids).await;
    let probes = probes(&planted);
    web::read(&system, &canaries, &planted, &probes).await;
    rpc::read(&system, &canaries, &planted, &probes).await;
    streams.check(&canaries).await;
    let answers = canaries.answers.load(Ordering::Relaxed);
    let public = canaries.public_answers.load(Ordering::Relaxed);
    assert!(answers > 1_000 && public > 100, "{public} of {answers} answers show what is public");
}
