//! A load of reads: 200 per second, or 50 at a small scale, because other tests run at the same time.

use std::time::{Duration, Instant};

use proto::catalogue::v1::{GetProductRequest, catalogue_service_client::CatalogueServiceClient};
use testkit::Figure;
use tokio::{sync::mpsc, task::JoinHandle, time::MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use tonic::{Request, transport::Channel};

use super::shop::{PRODUCT, Shop};
use crate::RunConfig;

const INTERVAL: Duration = Duration::from_millis(5);
const INTERVAL_IN_TESTS: Duration = Duration::from_millis(20);
/// Generous, because the figure is whether calls succeed, on machines of any speed.
const DEADLINE: Duration = Duration::from_secs(10);

/// Running calls.
pub(super) struct Load {
    stop: CancellationToken,
    calling: JoinHandle<()>,
    outcomes: mpsc::UnboundedReceiver<Call>,
}

struct Call {
    began: Instant,
    failed: Option<String>,
}

impl Load {
    pub(super) fn start(shop: &Shop, config: &RunConfig) -> anyhow::Result<Self> {
        let interval = if config.scale() < 1.0 { INTERVAL_IN_TESTS } else { INTERVAL };
        let (calls, outcomes) = mpsc::unbounded_channel();
        let stop = CancellationToken::new();
        let calling = tokio::spawn(call(shop.channel()?, interval, calls, stop.clone()));
        Ok(Self { stop, calling, outcomes })
    }

    /// Stops the calls. Only calls that started in one of the `windows`, each a start and an end, may have
    /// failed.
    pub(super) async fn figures(
        mut self,
        windows: &[(Instant, Instant)],
    ) -> anyhow::Result<Vec<Figure>> {
        self.stop.cancel();
        self.calling.await?;
        let (mut made, mut failed) = (0_u64, 0_u64);
        while let Ok(call) = self.outcomes.try_recv() {
            made += 1;
            let is_expected = windows.iter().any(|(from, to)| (*from..*to).contains(&call.began));
            if let Some(status) = call.failed.filter(|_| !is_expected) {
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

/// Calls at a steady rate, independent of earlier calls.
async fn call(
    channel: Channel,
    interval: Duration,
    calls: mpsc::UnboundedSender<Call>,
    stop: CancellationToken,
) {
    let mut ticks = tokio::time::interval(interval);
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
