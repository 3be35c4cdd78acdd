//! Whether we are ready, and how the services behind us are.
//!
//! We are ready once the catalogue has said that it serves, and stay so: a gateway that left the
//! balancer whenever the catalogue did could not tell anyone why, and its pages and streams would
//! be gone with it. How both services are at the moment is shown and gates nothing.

use std::time::Duration;

use chassis::CancellationToken;
use server::Health;
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};
use upstream::Upstream;

use crate::upstreams::Upstreams;

const EVERY: Duration = Duration::from_secs(2);
const WITHIN: Duration = Duration::from_secs(1);

/// Set once, when the catalogue is first heard of.
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
    health.set(FIRST_CONTACT, Err("the catalogue has not been heard of yet".to_owned()));
    health
}

/// Asks both every two seconds until `shutdown`.
pub(crate) async fn watch(health: Health, upstreams: Upstreams, shutdown: CancellationToken) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = shutdown.cancelled() => return,
        }
        let catalogue = ask(upstreams.raw_catalogue());
        let search = ask(upstreams.raw_search());
        let (catalogue, search) = tokio::join!(catalogue, search);
        if catalogue.is_ok() {
            health.set(FIRST_CONTACT, Ok(()));
        }
        health.note("catalogue", catalogue);
        health.note("search", search);
    }
}

async fn ask(upstream: &Upstream) -> Result<(), String> {
    let mut client = HealthClient::new(upstream.deadline(WITHIN));
    match client.check(HealthCheckRequest::default()).await {
        Ok(answer) if answer.get_ref().status() == ServingStatus::Serving => Ok(()),
        Ok(_) => Err("says that it is not serving".to_owned()),
        Err(status) => Err(status.message().to_owned()),
    }
}
