//! A client that reads one good product again and again.

use std::time::Duration;

use proto::catalogue::v1::{GetProductRequest, catalogue_service_client::CatalogueServiceClient};
use tokio::{task::JoinHandle, time::sleep};
use tokio_util::sync::CancellationToken;
use tonic::transport::Channel;

/// Pause between reads.
const PAUSE: Duration = Duration::from_millis(5);

/// The client, in a separate task.
pub(super) struct Reader {
    stop: CancellationToken,
    task: JoinHandle<Reads>,
}

/// How often it has read, and how often that failed.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Reads {
    pub(super) all: u64,
    pub(super) failed: u64,
}

impl Reader {
    /// Reads the product until it is stopped.
    pub(super) fn start(channel: Channel, product_id: &str) -> Self {
        let request = GetProductRequest { product_id: product_id.to_owned(), ..Default::default() };
        let (stop, mut client) = (CancellationToken::new(), CatalogueServiceClient::new(channel));
        let stopped = stop.clone();
        let task = tokio::spawn(async move {
            let mut reads = Reads::default();
            while !stopped.is_cancelled() {
                reads.all += 1;
                if let Err(failure) = client.get_product(request.clone()).await {
                    println!("a read failed: {failure}");
                    reads.failed += 1;
                }
                sleep(PAUSE).await;
            }
            reads
        });
        Self { stop, task }
    }

    pub(super) async fn stop(self) -> anyhow::Result<Reads> {
        self.stop.cancel();
        Ok(self.task.await?)
    }
}
