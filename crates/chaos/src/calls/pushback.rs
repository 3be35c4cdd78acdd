//! A server that sends a retry pushback.

use std::time::{Duration, Instant};

use testkit::{Figure, fake::Reply, until};
use tonic::Code;

use super::balanced::{Balanced, read};
use crate::RunConfig;

const TIMEOUT: Duration = Duration::from_secs(5);
/// The pushback sent.
const PUSHBACK_MS: u128 = 300;

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let balanced = Balanced::start(1, Reply::Ok).await;
    let fake = &balanced.fakes[0];
    let (mut least, mut most) = (u128::MAX, 0);
    for _ in 0..config.count(10) {
        fake.set(Reply::Pushback(Code::Unavailable, "300"));
        let before = fake.calls();
        let began = Instant::now();
        let refused = until("the first attempt", async || {
            (fake.calls() > before).then(|| fake.set(Reply::Ok))
        });
        let (result, ()) = tokio::join!(read(balanced.upstream.clone(), TIMEOUT), refused);
        result?;
        let waited = began.elapsed().as_millis();
        (least, most) = (least.min(waited), most.max(waited));
    }
    let mut retried = 0;
    for pushback in ["-1", "soon", "", "1e3"] {
        fake.set(Reply::Pushback(Code::Unavailable, pushback));
        let before = fake.calls();
        read(balanced.upstream.clone(), TIMEOUT).await.ok();
        retried += fake.calls() - before - 1;
    }
    Ok(vec![
        Figure::at_least("shortest wait with a pushback of 300 ms, ms", least, PUSHBACK_MS),
        Figure::at_most("longest wait, ms", most, PUSHBACK_MS + 20),
        Figure::exactly("retries after -1 or an invalid pushback", retried, 0),
    ])
}
