//! One holder of a credential that calls ten times as often as it may.

use std::time::Duration;

use anyhow::Result;
use testkit::Figure;
use tonic::Code;

use super::shop::Shop;
use crate::RunConfig;

/// Calls that a holder of a credential may make each second, and in a burst.
const LIMIT: u64 = 50;
const TIME: Duration = Duration::from_secs(30);

pub(super) async fn run(config: &RunConfig) -> Result<Vec<Figure>> {
    let limit = format!("--limit-key=read={LIMIT}/s+{LIMIT}");
    let shop = Shop::open(&[&limit]).await?;
    let (other, flooder) = (shop.client(Some("other")).await?, shop.client(Some("flooder")).await?);
    let time = config.time(TIME).max(Duration::from_secs(1));
    let quiet = other.quiet(config).await;
    let (flood, beside) = quiet.beside(flooder.calls(10.0 * LIMIT as f64, time)).await;
    let (served, refused) = (flood.succeeded().count() as u64, flood.failed().count());
    let strange =
        flood.failed().filter(|(_, status)| status.code() != Code::ResourceExhausted).count();
    println!("of the flood {served} calls were served and {refused} refused");
    // The burst, and the calls up to the end of the last one.
    let ended = flood.all.iter().map(|call| call.at + call.took).max().unwrap_or_default();
    let allowed = LIMIT + (LIMIT as f64 * ended.as_secs_f64()).ceil() as u64;
    let mut figures = vec![
        Figure::at_least("flood: served", served, LIMIT),
        Figure::at_most("flood: served beyond the limit", served.saturating_sub(allowed), 0),
        Figure::at_least("flood: refused", refused, 1),
        Figure::exactly("flood: other errors", strange, 0),
    ];
    figures.extend(beside);
    Ok(figures)
}
