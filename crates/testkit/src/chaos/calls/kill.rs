//! kill -9 of one of three, again and again.

use std::time::Duration;

use super::{
    load::Load,
    system::{REPLICAS, System, read},
};
use crate::{Figure, Setting};

const RATE: u32 = 500;
const WITHIN: Duration = Duration::from_secs(5);

pub(super) async fn run(setting: &Setting) -> anyhow::Result<Vec<Figure>> {
    let mut system = System::start(false, setting.seed()).await?;
    let channel = system.channel()?;
    let load = Load::start(RATE, move || read(channel.clone(), WITHIN));
    let mut random = setting.random("who and when");
    let kills = setting.count(20);
    for _ in 0..kills {
        let victim = random.below(REPLICAS as u64) as usize;
        tokio::time::sleep(Duration::from_millis(200 + random.below(500))).await;
        system.catalogues[victim].kill();
        tokio::time::sleep(Duration::from_millis(200 + random.below(500))).await;
        system.catalogues[victim].restart().await?;
        system.until_connected(victim).await;
    }
    let seconds = load.elapsed().as_secs();
    let samples = load.stop(Duration::from_secs(1)).await;
    Ok(vec![
        Figure::exactly("kills", kills, kills),
        Figure::at_least("reads", samples.count(), seconds * u64::from(RATE) / 2),
        Figure::exactly(format!("reads failed {}", samples.codes()), samples.failed(), 0),
    ])
}
