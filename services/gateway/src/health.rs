//! Readiness of the gateway, and the state of its upstreams.
//!
//! The gateway becomes ready when the catalogue has first reported that it serves, and then stays ready:
//! leaving the load balancer during an outage of the catalogue would take the pages, the streams and the
//! error responses away, too. The current state of both upstreams is reported without affecting
//! readiness.

use std::time::Duration;

use chassis::CancellationToken;
use server::Health;
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};
use upstream::Upstream;

use crate::upstreams::Upstreams;

const CHECK_INTERVAL: Duration = Duration::from_secs(2);
const CHECK_TIMEOUT: Duration = Duration::from_secs(1);

/// The readiness condition that is met at the catalogue's first success.
const FIRST_CONTACT: &str = "first-contact";

pub(crate) fn new() -> Health {
    let services = [
        "catalogue.v1.CatalogueService",
        "catalogue.v1.CategoryService",
        "catalogue.v1.StockService",
        "catalogue.v1.FeedService",
        "catalogue.v1.TransferService",
        "search.v1.SearchService",
        "search.v1.SearchAdminService",
    ];
    let health = Health::new(&services, &[FIRST_CONTACT]);
    health.set(FIRST_CONTACT, Err("the catalogue has not responded yet".to_owned()));
    health
}

/// Checks both upstreams every two seconds until `shutdown`.
pub(crate) async fn watch(health: Health, upstreams: Upstreams, shutdown: CancellationToken) {
    let mut ticks = tokio::time::interval(CHECK_INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = shutdown.cancelled() => return,
        }
        let catalogue = check(upstreams.raw_catalogue());
        let search = check(upstreams.raw_search());
        let (catalogue, search) = tokio::join!(catalogue, search);
        if catalogue.is_ok() {
            health.set(FIRST_CONTACT, Ok(()));
        }
        health.note("catalogue", catalogue);
        health.note("search", search);
    }
}

async fn check(upstream: &Upstream) -> Result<(), String> {
    let mut client = HealthClient::new(upstream.deadline(CHECK_TIMEOUT));
    match client.check(HealthCheckRequest::default()).await {
        Ok(response) if response.get_ref().status() == ServingStatus::Serving => Ok(()),
        Ok(_) => Err("reports that it is not serving".to_owned()),
        Err(status) => Err(status.message().to_owned()),
    }
}
