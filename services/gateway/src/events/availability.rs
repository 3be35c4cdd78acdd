//! `GET /v1/availability`: the stock of some products, now and whenever it changes.

use std::{collections::BTreeSet, time::Duration};

use async_stream::stream;
use axum::{
    extract::State,
    response::{Response, sse::Event},
};
use backoff::jitter;
use futures::{Stream, StreamExt as _};
use http::Uri;
use proto::catalogue::v1::{BatchGetProductsRequest, BatchGetProductsResponse};
use rpc::status::leaving;
use tokio::{sync::OwnedSemaphorePermit, time::sleep};
use tokio_util::sync::CancellationToken;

use super::shown::Shown;
use crate::{
    json::Params,
    live::{FeedState, Subscription},
    problem::Problem,
    request_id::RequestId,
    state::AppState,
    upstreams::Upstreams,
};

const MAX_IDS: usize = 200;
const MAX_ID_LEN: usize = 128;
/// Maximum delay before products that could not be read are read again.
const READ_AGAIN: Duration = Duration::from_secs(3);

pub(crate) async fn availability(
    State(state): State<AppState>,
    axum::Extension(id): axum::Extension<RequestId>,
    upstreams: Upstreams,
    uri: Uri,
) -> Result<Response, Problem> {
    let params = Params::of(&uri, &["productId", "productIds", "variants"])?;
    let product_ids = product_ids(&params)?;
    let with_variants = match params.all(&["variants"])[..] {
        [] | ["false"] => false,
        ["true"] => true,
        _ => return Err(Problem::invalid("variants", "must be true or false")),
    };
    let slot = super::open(&state.live)?;
    // Before the first read: what changes after it must be heard.
    let subscription = state.live.subscribe(&product_ids);
    let shown = Shown::new(&product_ids, with_variants);
    let shutdown = state.shutdown;
    let reader = Reader { upstreams, id, product_ids, shown, subscription, shutdown, _slot: slot };
    Ok(super::respond(reader.events()))
}

fn product_ids(params: &Params) -> Result<Vec<String>, Problem> {
    let given = params.all(&["productId", "productIds"]);
    let distinct: BTreeSet<&str> = given.iter().copied().collect();
    match given.len() {
        0 => Err(Problem::invalid("productId", "is required, once for each product")),
        _ if distinct.len() > MAX_IDS => {
            Err(Problem::invalid("productId", format!("may be given {MAX_IDS} times at most")))
        }
        _ if given.iter().any(|id| id.is_empty() || id.len() > MAX_ID_LEN) => {
            let message = format!("must have 1 to {MAX_ID_LEN} characters");
            Err(Problem::invalid("productId", message))
        }
        _ => Ok(distinct.into_iter().map(str::to_owned).collect()),
    }
}

/// One stream while it is read.
struct Reader {
    upstreams: Upstreams,
    id: RequestId,
    product_ids: Vec<String>,
    shown: Shown,
    subscription: Subscription,
    shutdown: CancellationToken,
    _slot: OwnedSemaphorePermit,
}

impl Reader {
    fn events(mut self) -> impl Stream<Item = Event> + Send {
        stream! {
            // The generation of the link at which the products were last read.
            let mut read_at = None;
            let mut first = true;
            let mut told_stale = false;
            loop {
                let link = *self.subscription.status.borrow_and_update();
                let is_due = read_at != Some(link.generation) && link.state != FeedState::Down;
                let mut failed = false;
                // The first time they are read whatever is known of the link.
                if is_due || first {
                    first = false;
                    let Some(answer) = self.shutdown.run_until_cancelled(self.read()).await else {
                        yield super::problem(leaving(), &self.id);
                        return;
                    };
                    match answer {
                        Ok(answer) => {
                            read_at = Some(link.generation);
                            let again = std::mem::take(&mut told_stale);
                            for event in self.shown.read(answer, again) {
                                yield event;
                            }
                        }
                        Err(_) => failed = true,
                    }
                }
                if (failed || link.state == FeedState::Down) && !told_stale {
                    told_stale = true;
                    yield Event::default().event("stale").data("{}");
                }
                // While the link is down nobody knocks but the link itself.
                let again = failed && link.state != FeedState::Down;
                tokio::select! {
                    frame = self.subscription.updates.next() => match frame {
                        Some(Ok(frame)) => {
                            for event in self.shown.frame(&frame, false) {
                                yield event;
                            }
                        }
                        // Fell behind: what was missed is in the products.
                        Some(Err(_)) => read_at = None,
                        // Whoever followed the feed has gone before us.
                        None => {
                            yield super::problem(leaving(), &self.id);
                            return;
                        }
                    },
                    changed = self.subscription.status.changed() => if changed.is_err() {
                        yield super::problem(leaving(), &self.id);
                        return;
                    },
                    () = sleep(jitter(READ_AGAIN, 2.0 / 3.0)), if again => {}
                    () = self.shutdown.cancelled() => {
                        yield super::problem(leaving(), &self.id);
                        return;
                    }
                }
            }
        }
    }

    async fn read(&self) -> Result<BatchGetProductsResponse, tonic::Status> {
        let _turn = self.subscription.read_permit().await;
        let request =
            BatchGetProductsRequest { product_ids: self.product_ids.clone(), ..Default::default() };
        Ok(self.upstreams.catalogue().batch_get_products(request).await?.into_inner())
    }
}
