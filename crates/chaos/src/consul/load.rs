//! A load of reads: 200 per second, or 50 at a small scale, because other tests run at the same time.

use std::time::Duration;

use proto::catalogue::v1::{GetProductRequest, catalogue_service_client::CatalogueServiceClient};
use testkit::Figure;
use tonic::Request;

use super::shop::{PRODUCT, Shop};
use crate::{RunConfig, load::Load};

const RATE: f64 = 200.0;
const RATE_IN_TESTS: f64 = 50.0;
/// Generous, because the figure is whether calls succeed, on machines of any speed.
const DEADLINE: Duration = Duration::from_secs(10);

/// Starts reading the product through the gateway.
pub(super) fn start(shop: &Shop, config: &RunConfig) -> anyhow::Result<Load> {
    let channel = shop.channel()?;
    let rate = if config.scale() < 1.0 { RATE_IN_TESTS } else { RATE };
    Ok(Load::start(rate, move |_| {
        let mut client = CatalogueServiceClient::new(channel.clone());
        async move {
            let message =
                GetProductRequest { product_id: PRODUCT.to_owned(), ..Default::default() };
            let mut request = Request::new(message);
            request.set_timeout(DEADLINE);
            client.get_product(request).await.map(drop)
        }
    }))
}

/// Stops the calls. Only calls that started in one of the `windows`, each a start and an end since the start of
/// the load, may have failed.
pub(super) async fn figures(
    load: Load,
    windows: &[(Duration, Duration)],
) -> anyhow::Result<Vec<Figure>> {
    let calls = load.stop(DEADLINE * 2).await?;
    let is_unexpected = |at| !windows.iter().any(|(from, to)| (*from..*to).contains(&at));
    let failed: Vec<_> = calls.failed().filter(|(call, _)| is_unexpected(call.at)).collect();
    for (_, status) in failed.iter().take(3) {
        println!("failed: {status}");
    }
    Ok(vec![
        Figure::at_least("calls made", calls.count(), 20),
        Figure::exactly("calls failed", failed.len(), 0),
    ])
}
