//! A server that says when to come back.

use std::time::{Duration, Instant};

use tonic::Code;

use super::balanced::{Balanced, read};
use crate::{Figure, Setting, fake::Reply, until};

const WITHIN: Duration = Duration::from_secs(5);
const ASKED_MS: u128 = 300;

pub(super) async fn run(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let balanced = Balanced::start(1, Reply::Ok).await;
    let fake = &balanced.fakes[0];
    let (mut least, mut most) = (u128::MAX, 0);
    for _ in 0..setting.count(10) {
        fake.set(Reply::Pushback(Code::Unavailable, "300"));
        let before = fake.calls();
        let began = Instant::now();
        let refused = until("the first attempt", async || {
            (fake.calls() > before).then(|| fake.set(Reply::Ok))
        });
        let (answer, ()) = tokio::join!(read(balanced.upstream.clone(), WITHIN), refused);
        answer?;
        let waited = began.elapsed().as_millis();
        (least, most) = (least.min(waited), most.max(waited));
    }
    let mut retried = 0;
    for pushback in ["-1", "soon", "", "1e3"] {
        fake.set(Reply::Pushback(Code::Unavailable, pushback));
        let before = fake.calls();
        read(balanced.upstream.clone(), WITHIN).await.ok();
        retried += fake.calls() - before - 1;
    }
    Ok(vec![
        Figure::at_least("shortest wait of 300 asked for, ms", least, ASKED_MS),
        Figure::at_most("longest wait, ms", most, ASKED_MS + 20),
        Figure::exactly("retries after -1 or garbage", retried, 0),
    ])
}
