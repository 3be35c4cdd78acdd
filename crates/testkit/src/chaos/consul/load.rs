//! Shoppers who ask for a product, 200 times a second; in a test, where all is slower and much runs at
//! once, 50 times.

use std::time::{Duration, Instant};

use proto::catalogue::v1::{GetProductRequest, catalogue_service_client::CatalogueServiceClient};
use tokio::{sync::mpsc, task::JoinHandle, time::MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use tonic::{Request, transport::Channel};

use super::shop::{PRODUCT, Shop};
use crate::{Figure, Setting};

const EVERY: Duration = Duration::from_millis(5);
const EVERY_IN_A_TEST: Duration = Duration::from_millis(20);
/// Generous: what is measured is whether calls succeed, on machines of any speed.
const DEADLINE: Duration = Duration::from_secs(10);

/// Calls that go on until they are counted.
pub(super) struct Load {
    stop: CancellationToken,
    calling: JoinHandle<()>,
    failures: mpsc::UnboundedReceiver<Call>,
}

struct Call {
    began: Instant,
    failed: Option<String>,
}

impl Load {
    pub(super) fn start(shop: &Shop, setting: &Setting) -> anyhow::Result<Self> {
        let every = if setting.scale() < 1.0 { EVERY_IN_A_TEST } else { EVERY };
        let (calls, failures) = mpsc::unbounded_channel();
        let stop = CancellationToken::new();
        let calling = tokio::spawn(call(shop.channel()?, every, calls, stop.clone()));
        Ok(Self { stop, calling, failures })
    }

    /// Ends the calls. None may have failed that began outside of `windows`, each a begin and an end.
    pub(super) async fn figures(
        mut self,
        windows: &[(Instant, Instant)],
    ) -> anyhow::Result<Vec<Figure>> {
        self.stop.cancel();
        self.calling.await?;
        let (mut made, mut failed) = (0_u64, 0_u64);
        while let Ok(call) = self.failures.try_recv() {
            made += 1;
            let excused = windows.iter().any(|(from, to)| (*from..*to).contains(&call.began));
            if let Some(status) = call.failed.filter(|_| !excused) {
                failed += 1;
                if failed <= 3 {
                    println!("failed: {status}");
                }
            }
        }
        Ok(vec![
            Figure::at_least("calls made", made, 20),
            Figure::exactly("calls failed", failed, 0),
        ])
    }
}

/// Calls at its pace, whatever becomes of the calls before.
async fn call(
    channel: Channel,
    every: Duration,
    calls: mpsc::UnboundedSender<Call>,
    stop: CancellationToken,
) {
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut tasks = tokio::task::JoinSet::new();
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = stop.cancelled() => break,
        }
        while tasks.try_join_next().is_some() {}
        let (mut client, calls) = (CatalogueServiceClient::new(channel.clone()), calls.clone());
        tasks.spawn(async move {
            let message =
                GetProductRequest { product_id: PRODUCT.to_owned(), ..Default::default() };
            let mut request = Request::new(message);
            request.set_timeout(DEADLINE);
            let began = Instant::now();
            let failed = client.get_product(request).await.err().map(|it| it.to_string());
            calls.send(Call { began, failed }).ok();
        });
    }
    tasks.join_all().await;
}
