//! Which endpoint takes the next call.

use super::endpoint::Endpoint;

/// The less loaded of two endpoints (power of two choices: Mitzenmacher 2001), taken by `turn` from
/// those whose breakers are closed. When more than half are open, all are taken from: then it is
/// more likely our own view that is wrong, and someone must be asked (Envoy's panic threshold).
pub(super) fn pick(endpoints: &[Endpoint], turn: usize) -> &Endpoint {
    // Nothing to choose, and so no breaker to ask.
    if let [only] = endpoints {
        return only;
    }
    let well = endpoints.iter().filter(|endpoint| endpoint.is_well()).count();
    let ignore_breakers = well * 2 < endpoints.len();
    let count = if ignore_breakers { endpoints.len() } else { well };
    let nth = |index: usize| {
        let mut eligible = endpoints.iter().filter(|one| ignore_breakers || one.is_well());
        // A breaker may open between counting and taking; any endpoint will do then.
        eligible.nth(index % count.max(1)).unwrap_or(&endpoints[0])
    };
    let (one, other) = (nth(turn), nth(turn + 1 + turn / count.max(1) % count.max(2)));
    if other.load() < one.load() { other } else { one }
}

#[cfg(test)]
mod tests {
    use breaker::Outcome;

    use super::*;

    fn endpoints(count: u16) -> Vec<Endpoint> {
        (1..=count).map(|port| Endpoint::new(&format!("127.0.0.1:{port}"))).collect()
    }

    fn open(endpoint: &Endpoint) {
        while let Ok(permit) = endpoint.breaker.admit() {
            permit.record(Outcome::Failure);
        }
    }

    fn is(one: &Endpoint, other: &Endpoint) -> bool {
        std::ptr::eq(one, other)
    }

    #[tokio::test]
    async fn calls_are_spread_and_the_busy_avoided() {
        let endpoints = endpoints(3);
        for wanted in &endpoints {
            assert!((0..9).any(|turn| is(pick(&endpoints, turn), wanted)));
        }
        let _busy: Vec<_> = (0..10).map(|_| endpoints[1].enter()).collect();
        let to_busy = (0..90).filter(|turn| is(pick(&endpoints, *turn), &endpoints[1])).count();
        assert!(to_busy < 20, "{to_busy}");
    }

    #[tokio::test]
    async fn an_open_endpoint_is_left_out_until_most_are_open() {
        let endpoints = endpoints(3);
        open(&endpoints[0]);
        assert!((0..30).all(|turn| !is(pick(&endpoints, turn), &endpoints[0])));
        open(&endpoints[1]);
        assert!((0..30).any(|turn| is(pick(&endpoints, turn), &endpoints[0])));
    }
}
