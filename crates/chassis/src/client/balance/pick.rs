//! Which endpoint takes the next call.

use std::sync::Arc;

use breaker::Permit;
use tokio::time::Instant;

use super::endpoint::Endpoint;
use crate::random;

/// An endpoint, and its breaker's leave to ask it. One that is asked although its breaker is open is
/// asked without.
#[derive(Debug)]
pub(crate) struct Picked {
    pub(crate) endpoint: Arc<Endpoint>,
    pub(crate) permit: Option<Permit>,
}

/// The better of two endpoints (power of two choices: Mitzenmacher 2001) out of those that are
/// connected; of those that have not failed this call yet, if there are any.
///
/// An endpoint whose breaker is open is left out, or gets this call as its probe if it is time for
/// one. But when more than half are left out, all are in again: then it is more likely our own view
/// that is wrong, and somebody must be asked (Envoy's panic threshold).
pub(super) fn pick(
    ready: &[Arc<Endpoint>],
    tried: &[u64],
    all_are_well: bool,
    now: Instant,
) -> Option<Picked> {
    // The common case looks at two endpoints, however many there are.
    if all_are_well && tried.is_empty() {
        let best = better(ready, now)?;
        if best.is_connected() {
            return Some(leave(best));
        }
    }
    let connected: Vec<_> = ready.iter().filter(|one| one.is_connected()).cloned().collect();
    let fresh = |one: &&Arc<Endpoint>| !tried.contains(&one.number);
    let mut well: Vec<_> = connected.iter().filter(|one| one.is_well()).cloned().collect();
    if well.len() < connected.len() {
        let ill = connected.iter().filter(|one| !one.is_well()).filter(fresh);
        for endpoint in ill {
            if let Some(permit) = endpoint.probe(now) {
                return Some(Picked { endpoint: Arc::clone(endpoint), permit: Some(permit) });
            }
        }
    }
    if are_mostly_ill(&connected) {
        well = connected;
    }
    let untried: Vec<_> = well.iter().filter(fresh).cloned().collect();
    let candidates = if untried.is_empty() { &well } else { &untried };
    better(candidates, now).map(leave)
}

/// Whether more than half of these would be left out, so that none is.
pub(crate) fn are_mostly_ill<'a>(connected: impl IntoIterator<Item = &'a Arc<Endpoint>>) -> bool {
    let (mut all, mut well) = (0, 0);
    for endpoint in connected {
        all += 1;
        well += usize::from(endpoint.is_well());
    }
    well * 2 < all
}

/// The cheaper of two that chance has chosen; near enough counts as the same, so that noise does not
/// send everybody to one.
fn better(candidates: &[Arc<Endpoint>], now: Instant) -> Option<&Arc<Endpoint>> {
    if candidates.len() < 2 {
        return candidates.first();
    }
    let (one, other) = random::two_below(candidates.len());
    let (one, other) = (&candidates[one], &candidates[other]);
    Some(if other.cost(now) < one.cost(now) * 0.8 { other } else { one })
}

fn leave(endpoint: &Arc<Endpoint>) -> Picked {
    let permit = endpoint.breaker.admit().ok();
    Picked { endpoint: Arc::clone(endpoint), permit }
}
