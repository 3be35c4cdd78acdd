//! `GET /v1/availability`: the stock of some products, at first and after each change.

use std::{collections::BTreeSet, time::Duration};

use async_stream::stream;
use axum::{Extension, extract::State, response::Response};
use backoff::jitter;
use futures::{Stream, StreamExt as _};
use http::Uri;
use proto::catalogue::v1::{BatchGetProductsRequest, BatchGetProductsResponse};
use rpc::status::leaving;
use tokio::{sync::OwnedSemaphorePermit, time::sleep};
use tokio_util::sync::CancellationToken;

use super::{Event, product_ids, sent_stock::SentStock};
use crate::{
    json::Params,
    live::{FeedState, Subscription},
    problem::Problem,
    request_id::RequestId,
    state::AppState,
    upstreams::Upstreams,
};

const MAX_IDS: usize = 200;
/// The longest pause before products are read again after a failed read.
const MAX_RETRY_PAUSE: Duration = Duration::from_secs(3);

pub(super) async fn availability(
    State(state): State<AppState>,
    Extension(id): Extension<RequestId>,
    upstreams: Upstreams,
    uri: Uri,
) -> Result<Response, Problem> {
    let params = Params::parse(&uri, &["productId", "productIds", "variants", "prices"])?;
    let product_ids = ids_of(&params)?;
    let with_variants = flag(&params, "variants")?;
    let with_prices = flag(&params, "prices")?;
    let permit = super::acquire_stream(&state.live)?;
    // Subscribed before the first read, so that no change after it is missed.
    let subscription = state.live.subscribe(&product_ids);
    let sent = SentStock::new(&product_ids, with_variants, with_prices);
    let shutdown = state.shutdown;
    let stream =
        StockStream { upstreams, id, product_ids, sent, subscription, shutdown, _permit: permit };
    Ok(super::respond(stream.events()))
}

fn flag(params: &Params, name: &str) -> Result<bool, Problem> {
    match params.values(&[name])[..] {
        [] | ["false"] => Ok(false),
        ["true"] => Ok(true),
        _ => Err(Problem::invalid(name, "must be true or false")),
    }
}

fn ids_of(params: &Params) -> Result<Vec<String>, Problem> {
    let values = params.values(&["productId", "productIds"]);
    let distinct: BTreeSet<&str> = values.iter().copied().collect();
    match values.len() {
        0 => Err(Problem::invalid("productId", "is required, once for each product")),
        _ if distinct.len() > MAX_IDS => {
            Err(Problem::invalid("productId", format!("may be given {MAX_IDS} times at most")))
        }
        _ => {
            product_ids::check(values)?;
            Ok(distinct.into_iter().map(str::to_owned).collect())
        }
    }
}

/// One client's stream.
struct StockStream {
    upstreams: Upstreams,
    id: RequestId,
    product_ids: Vec<String>,
    sent: SentStock,
    subscription: Subscription,
    shutdown: CancellationToken,
    _permit: OwnedSemaphorePermit,
}

impl StockStream {
    fn events(mut self) -> impl Stream<Item = Event> + Send {
        stream! {
            // The generation of the feed at the last read.
            let mut read_at = None;
            let mut first = true;
            // Whether the client's latest information is that its stock may be outdated.
            let mut is_stale = false;
            loop {
                let feed = *self.subscription.status.borrow_and_update();
                let is_due = read_at != Some(feed.generation) && feed.state != FeedState::Down;
                let mut failed = false;
                // The first read does not depend on the feed.
                if is_due || first {
                    first = false;
                    let Some(read) = self.shutdown.run_until_cancelled(self.read()).await else {
                        break;
                    };
                    match read {
                        Ok(products) => {
                            read_at = Some(feed.generation);
                            let confirm = std::mem::take(&mut is_stale);
                            for event in self.sent.on_read(products, confirm) {
                                yield event;
                            }
                        }
                        Err(_) => failed = true,
                    }
                }
                if (failed || feed.state == FeedState::Down) && !is_stale {
                    is_stale = true;
                    yield Event::new("stale", "{}", "");
                }
                // While the feed is down, the next read waits for its return.
                let retry = failed && feed.state != FeedState::Down;
                tokio::select! {
                    update = self.subscription.updates.next() => match update {
                        Some(Ok(update)) => {
                            for event in self.sent.on_update(&update, false) {
                                yield event;
                            }
                        }
                        // Updates were lost: read the products again.
                        Some(Err(_)) => read_at = None,
                        // The feed's task has ended before this stream.
                        None => break,
                    },
                    changed = self.subscription.status.changed() => if changed.is_err() {
                        break;
                    },
                    () = sleep(jitter(MAX_RETRY_PAUSE, 2.0 / 3.0)), if retry => {}
                    () = self.shutdown.cancelled() => break,
                }
            }
            yield super::problem(leaving(), &self.id, "");
        }
    }

    async fn read(&self) -> Result<BatchGetProductsResponse, tonic::Status> {
        let _turn = self.subscription.read_permit().await;
        let request =
            BatchGetProductsRequest { product_ids: self.product_ids.clone(), ..Default::default() };
        Ok(self.upstreams.catalogue().batch_get_products(request).await?.into_inner())
    }
}
