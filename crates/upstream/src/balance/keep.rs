//! Keeps one connection to an endpoint.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use backoff::Backoff;
use tokio::time::{Instant, sleep};

use super::{
    connections::Connections,
    pool::Pool,
    slot::{Slot, State},
};
use crate::{
    connection::{ConnectError, Connection, connect},
    tls::ClientTls,
};

/// Delays before reconnecting. Each is half as long again as the one before, so that an endpoint that
/// is back has been away for at most that much longer; the longest is short, so that it is found
/// within a second.
const BACKOFF: Backoff =
    Backoff::new(Duration::from_millis(20), Duration::from_millis(800)).with_factor(1.5);
/// A connection that lasted so long was a good one: what comes after it begins anew. Short, since
/// replicas that are restarted one after the other may each come and go within a second; one that
/// closes whatever it accepts is still left alone between tries.
const GOOD: Duration = Duration::from_millis(100);

/// For so long after it was lost, one that refuses us is taken for one that is being restarted: calls
/// that have nobody else wait for it rather than fail.
const BACK_WITHIN: Duration = Duration::from_secs(1);

/// Connects, and again whenever the connection is lost, until the pool is gone.
pub(super) async fn connected(
    pool: Weak<Pool>,
    connections: Arc<Connections>,
    slot: usize,
    tls: Option<ClientTls>,
) {
    let mut backoff = BACKOFF;
    let (endpoint, slot) = (&connections.endpoint, &connections.slots[slot]);
    let tell = |state| {
        slot.set(state);
        if let Some(pool) = pool.upgrade() {
            pool.look();
        }
    };
    // Also when the lane's runtime ends, or the endpoint is gone: nobody drives the connection then.
    let _closed = CloseOnDrop(slot);
    let mut known = true;
    let mut lost: Option<Instant> = None;
    loop {
        match connect(&endpoint.about.address, tls.as_ref()).await {
            Ok(Connection { requests, mut closed }) => {
                let since = Instant::now();
                endpoint.revive();
                tell(State::Live(requests));
                known = true;
                tracing::debug!(endpoint = endpoint.about.address, "connected");
                // A connection whose streams go on ends later, but takes no more requests.
                let ended = loop {
                    tokio::select! {
                        ended = &mut closed => break ended.ok().and_then(Result::err),
                        // What is said of the connection before this one may come late.
                        () = slot.gone.notified() => if slot.is_closed() { break None },
                    }
                };
                tell(State::Hopeful);
                lost = Some(Instant::now());
                let error = ended.as_ref().map(|error| error as &dyn std::error::Error);
                tracing::info!(endpoint = endpoint.about.address, error, "a connection was lost");
                endpoint.note("the connection was lost");
                if since.elapsed() >= GOOD {
                    backoff.reset();
                    continue;
                }
            }
            Err(error) => {
                if std::mem::replace(&mut known, false) {
                    let address = &endpoint.about.address;
                    tracing::warn!(endpoint = address, %error, "an endpoint cannot be reached");
                }
                endpoint.note(format!("cannot be reached: {error}"));
                // One that is silent may be alive; all others have said no.
                let may_be_back = lost.is_some_and(|lost| lost.elapsed() < BACK_WITHIN);
                if !matches!(error, ConnectError::Silent) && !may_be_back {
                    tell(State::Refused);
                }
            }
        }
        sleep(backoff.next_delay()).await;
    }
}

/// Takes the connection out of its slot.
struct CloseOnDrop<'a>(&'a Slot);

impl Drop for CloseOnDrop<'_> {
    fn drop(&mut self) {
        self.0.set(State::Refused);
    }
}

#[cfg(test)]
mod tests {
    use tokio::{net::TcpListener, task::yield_now, time::timeout};

    use super::*;
    use crate::balance::endpoint::Endpoint;

    #[tokio::test]
    async fn what_is_said_of_one_connection_is_not_held_against_the_next() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let about = discovery::Endpoint::at(listener.local_addr().unwrap().to_string());
        let settings = breaker::Settings::default();
        let endpoint = Arc::new(Endpoint::new("test", about, settings, Arc::default()));
        let endpoint = Arc::new(Connections::new(endpoint, 1, None));
        endpoint.slots[0].gone.notify_one();
        let keeping = tokio::spawn(connected(Weak::new(), Arc::clone(&endpoint), 0, None));
        let (stream, _) = listener.accept().await.unwrap();
        tokio::spawn(async move {
            let mut server = h2::server::handshake(stream).await.unwrap();
            while server.accept().await.is_some() {}
        });
        let live = async {
            while !endpoint.is_connected() {
                yield_now().await;
            }
        };
        timeout(Duration::from_secs(20), live).await.expect("it stays connected");
        for _ in 0..100 {
            yield_now().await;
            assert!(endpoint.is_connected());
        }
        keeping.abort();
    }

    #[test]
    fn delays_grow_to_less_than_a_second() {
        let mut backoff = BACKOFF;
        let delays: Vec<_> = (0..40).map(|_| backoff.next_delay().as_millis()).collect();
        assert!((10..=20).contains(&delays[0]), "{delays:?}");
        assert!(delays[10..].iter().all(|delay| (400..=800).contains(delay)), "{delays:?}");
    }
}
