//! The choice of an endpoint for a call.

use std::sync::Arc;

use tokio::time::Instant;

use crate::pool::{Connections, Endpoint, Lane, PickedEndpoint};

/// The better of two connected endpoints (power of two choices: Mitzenmacher 2001), preferably of
/// those that have not failed this call. If the call `streams`, one with room on a
/// connection.
///
/// An endpoint with an open breaker is ejected, or gets this call as its probe when one is due. But if
/// more than half are ejected, the breakers are ignored: our own view is then more likely wrong than
/// most endpoints (Envoy's panic threshold).
pub(super) fn pick(
    lane: &Arc<Lane>,
    failed: &[u64],
    streams: bool,
    all_breakers_closed: bool,
    now: Instant,
) -> Option<PickedEndpoint> {
    let accepts = |one: &Connections| one.is_connected() && (!streams || one.has_room_for_stream());
    let ready = lane.ready();
    // The common case compares two endpoints, however many there are.
    if all_breakers_closed && failed.is_empty() {
        let best = better(&ready, now)?;
        if accepts(best) {
            return admit(lane, best, streams, now);
        }
    }
    let connected: Vec<_> = ready.iter().filter(|one| accepts(one)).cloned().collect();
    let not_failed = |one: &&Arc<Connections>| !failed.contains(&one.endpoint.number);
    let closed = connected.iter().filter(|one| one.endpoint.breaker_is_closed());
    let mut closed: Vec<_> = closed.cloned().collect();
    if closed.len() < connected.len() {
        let open = connected.iter().filter(|one| !one.endpoint.breaker_is_closed());
        for connections in open.filter(not_failed) {
            if let Some(permit) = connections.endpoint.probe(now) {
                let picked = picked(lane, connections, streams, now)?;
                return Some(PickedEndpoint { permit: Some(permit), ..picked });
            }
        }
    }
    if panic_threshold_reached(connected.iter().map(|one| &*one.endpoint)) {
        closed = connected;
    }
    let untried: Vec<_> = closed.iter().filter(not_failed).cloned().collect();
    let candidates = if untried.is_empty() { &closed } else { &untried };
    better(candidates, now).and_then(|best| admit(lane, best, streams, now))
}

/// Whether more than half of the connected endpoints have open breakers, so that none is ejected.
pub(crate) fn panic_threshold_reached<'a>(connected: impl Iterator<Item = &'a Endpoint>) -> bool {
    let (mut all, mut closed) = (0, 0);
    for endpoint in connected {
        all += 1;
        closed += usize::from(endpoint.breaker_is_closed());
    }
    closed * 2 < all
}

/// The cheaper of two random candidates. A difference of less than a fifth is ignored, so that noise
/// does not send all callers to one endpoint.
fn better(candidates: &[Arc<Connections>], now: Instant) -> Option<&Arc<Connections>> {
    if candidates.len() < 2 {
        return candidates.first();
    }
    let (one, other) = two_below(candidates.len());
    let (one, other) = (&candidates[one], &candidates[other]);
    Some(if other.endpoint.cost(now) < one.endpoint.cost(now) * 0.8 { other } else { one })
}

/// Two different random numbers below `count`, which is at least two.
fn two_below(count: usize) -> (usize, usize) {
    let (one, other) = (fastrand::usize(..count), fastrand::usize(..count - 1));
    (one, if other >= one { other + 1 } else { other })
}

fn admit(
    lane: &Arc<Lane>,
    connections: &Arc<Connections>,
    streams: bool,
    now: Instant,
) -> Option<PickedEndpoint> {
    let picked = picked(lane, connections, streams, now)?;
    Some(PickedEndpoint { permit: connections.endpoint.breaker.admit().ok(), ..picked })
}

/// The endpoint, with a place for a streaming call. `None` if there is no place any more.
fn picked(
    lane: &Arc<Lane>,
    connections: &Arc<Connections>,
    streams: bool,
    now: Instant,
) -> Option<PickedEndpoint> {
    let place = if streams { Some(connections.open_stream()?) } else { None };
    Some(PickedEndpoint { place, ..PickedEndpoint::new(lane, connections, now) })
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
