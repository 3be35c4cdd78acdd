//! Which endpoint takes the next call.

use std::sync::Arc;

use breaker::Permit;
use tokio::time::Instant;

use super::{connections::Connections, endpoint::Endpoint, lane::Lane};

/// An endpoint, by its connections, and its breaker's leave to ask it. One that is asked although its
/// breaker is open is asked without.
#[derive(Debug)]
pub(crate) struct Picked {
    pub(crate) lane: Arc<Lane>,
    pub(crate) connections: Arc<Connections>,
    pub(crate) permit: Option<Permit>,
    /// When it was picked.
    pub(crate) at: Instant,
}

/// The better of two endpoints (power of two choices: Mitzenmacher 2001) out of those that are
/// connected; of those that have not failed this call yet, if there are any.
///
/// An endpoint whose breaker is open is left out, or gets this call as its probe if it is time for
/// one. But when more than half are left out, all are in again: then it is more likely our own view
/// that is wrong, and somebody must be asked (Envoy's panic threshold).
pub(super) fn pick(
    lane: &Arc<Lane>,
    tried: &[u64],
    all_are_well: bool,
    now: Instant,
) -> Option<Picked> {
    let ready = lane.ready();
    // The common case looks at two endpoints, however many there are.
    if all_are_well && tried.is_empty() {
        let best = better(&ready, now)?;
        if best.is_connected() {
            return Some(leave(lane, best, now));
        }
    }
    let connected: Vec<_> = ready.iter().filter(|one| one.is_connected()).cloned().collect();
    let fresh = |one: &&Arc<Connections>| !tried.contains(&one.endpoint.number);
    let mut well: Vec<_> = connected.iter().filter(|one| one.endpoint.is_well()).cloned().collect();
    if well.len() < connected.len() {
        let ill = connected.iter().filter(|one| !one.endpoint.is_well()).filter(fresh);
        for connections in ill {
            if let Some(permit) = connections.endpoint.probe(now) {
                return Some(Picked { permit: Some(permit), ..picked(lane, connections, now) });
            }
        }
    }
    if are_mostly_ill(connected.iter().map(|one| &*one.endpoint)) {
        well = connected;
    }
    let untried: Vec<_> = well.iter().filter(fresh).cloned().collect();
    let candidates = if untried.is_empty() { &well } else { &untried };
    better(candidates, now).map(|best| leave(lane, best, now))
}

/// Whether more than half of these would be left out, so that none is.
pub(crate) fn are_mostly_ill<'a>(connected: impl Iterator<Item = &'a Endpoint>) -> bool {
    let (mut all, mut well) = (0, 0);
    for endpoint in connected {
        all += 1;
        well += usize::from(endpoint.is_well());
    }
    well * 2 < all
}

/// The cheaper of two that chance has chosen; near enough counts as the same, so that noise does not
/// send everybody to one.
fn better(candidates: &[Arc<Connections>], now: Instant) -> Option<&Arc<Connections>> {
    if candidates.len() < 2 {
        return candidates.first();
    }
    let (one, other) = two_below(candidates.len());
    let (one, other) = (&candidates[one], &candidates[other]);
    Some(if other.endpoint.cost(now) < one.endpoint.cost(now) * 0.8 { other } else { one })
}

/// Draws two different numbers below `count`, which is at least two.
fn two_below(count: usize) -> (usize, usize) {
    let (one, other) = (fastrand::usize(..count), fastrand::usize(..count - 1));
    (one, if other >= one { other + 1 } else { other })
}

fn leave(lane: &Arc<Lane>, connections: &Arc<Connections>, now: Instant) -> Picked {
    let permit = connections.endpoint.breaker.admit().ok();
    Picked { permit, ..picked(lane, connections, now) }
}

fn picked(lane: &Arc<Lane>, connections: &Arc<Connections>, now: Instant) -> Picked {
    let (lane, connections) = (Arc::clone(lane), Arc::clone(connections));
    Picked { lane, connections, permit: None, at: now }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_even_and_differ() {
        let mut seen = [0; 3];
        for _ in 0..3_000 {
            let (one, other) = two_below(3);
            assert_ne!(one, other);
            seen[one] += 1;
            seen[other] += 1;
        }
        assert!(seen.iter().all(|count| (1_800..2_200).contains(count)), "{seen:?}");
    }
}
