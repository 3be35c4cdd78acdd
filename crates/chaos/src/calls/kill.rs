//! Kills one of three replicas repeatedly.

use std::time::Duration;

use testkit::Figure;

use super::system::{REPLICAS, System, read};
use crate::{RunConfig, load::Load};

const RATE: f64 = 500.0;
const TIMEOUT: Duration = Duration::from_secs(5);

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let mut system = System::start(false, config.seed()).await?;
    let channel = system.channel()?;
    let load = Load::start(RATE, move |_| read(channel.clone(), TIMEOUT));
    let mut random = config.random("replica and time");
    let (kills, mut killed) = (config.count(20), 0);
    for _ in 0..kills {
        let victim = random.below(REPLICAS as u64) as usize;
        tokio::time::sleep(Duration::from_millis(200 + random.below(500))).await;
        killed += u64::from(system.catalogues[victim].kill());
        tokio::time::sleep(Duration::from_millis(200 + random.below(500))).await;
        system.catalogues[victim].restart().await?;
        system.until_connected(victim).await;
    }
    let seconds = load.elapsed().as_secs_f64();
    let calls = load.stop(TIMEOUT).await?;
    Ok(vec![
        Figure::exactly("kills", killed, kills),
        Figure::at_least("reads", calls.count() as f64, seconds * RATE / 2.0),
        Figure::exactly(format!("reads failed {}", calls.codes()), calls.failed().count(), 0),
    ])
}
