//! Keeps a slot connected to its endpoint.

use std::{error::Error, mem, sync::Arc, time::Duration};

use backoff::Backoff;
use tokio::time::{Instant, sleep};

use super::{
    connections::Connections,
    slot::{LiveConnection, Slot, State},
};
use crate::{
    connection::{ConnectError, Connection, connect},
    tls::ClientTls,
};

/// Delays before reconnecting. They grow by half, so that an outage is prolonged by at most half, to a
/// maximum at which a restarted endpoint is connected within a second.
const BACKOFF: Backoff =
    Backoff::new(Duration::from_millis(20), Duration::from_millis(800)).with_factor(1.5);
/// A connection that lasted longer resets the backoff. Short, because replicas of a rolling restart may
/// each live for less than a second; an endpoint that closes each connection is still not flooded.
const STABLE_AFTER: Duration = Duration::from_millis(100);

/// For this long after a connection was lost, an endpoint that refuses connections counts as
/// restarting: calls without another endpoint wait for it instead of failing.
const RESTART_TIME: Duration = Duration::from_secs(1);

/// Called after each change of a slot's state.
pub(super) type OnChange = Arc<dyn Fn() + Send + Sync>;

/// Connects slot number `slot`, and again whenever its connection is lost, until the task is aborted.
pub(super) async fn keep_connected(
    connections: Arc<Connections>,
    slot: usize,
    tls: Option<ClientTls>,
    on_change: OnChange,
) {
    let mut backoff = BACKOFF;
    let (endpoint, slot) = (&connections.endpoint, &connections.slots[slot]);
    let address = &endpoint.info.address;
    let set = |state| {
        slot.set(state);
        on_change();
    };
    // Also when the lane's runtime ends or the endpoint is removed: nothing drives the connection then.
    let _closed = CloseOnDrop(slot);
    let mut failing = false;
    let mut lost_at: Option<Instant> = None;
    loop {
        match connect(address, tls.as_ref()).await {
            Ok(Connection { requests, mut closed }) => {
                let since = Instant::now();
                endpoint.connected();
                set(State::Live(LiveConnection::new(requests)));
                failing = false;
                tracing::debug!(endpoint = address, "connected");
                // A connection may accept no more requests while its streams are still open.
                let error = loop {
                    tokio::select! {
                        ended = &mut closed => break ended.ok().and_then(Result::err),
                        // The notification may be about the previous connection.
                        () = slot.found_closed.notified() => if slot.is_closed() { break None },
                    }
                };
                endpoint.record_error("connection lost");
                set(State::Connecting);
                lost_at = Some(Instant::now());
                let error = error.as_ref().map(|error| error as &dyn Error);
                tracing::info!(endpoint = address, error, "connection lost");
                if since.elapsed() >= STABLE_AFTER {
                    backoff.reset();
                    continue;
                }
            }
            Err(error) => {
                // A silent endpoint may be alive; all other errors are refusals.
                let silent = matches!(error, ConnectError::Silent);
                let error = format!("{:#}", anyhow::Error::new(error));
                if !mem::replace(&mut failing, true) {
                    tracing::warn!(endpoint = address, error, "endpoint cannot be reached");
                }
                endpoint.record_error(error);
                let restarting = lost_at.is_some_and(|lost_at| lost_at.elapsed() < RESTART_TIME);
                if !silent && !restarting {
                    set(State::Refused);
                }
            }
        }
        sleep(backoff.next_delay()).await;
    }
}

/// Removes the connection from its slot.
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
    use crate::pool::endpoint::Endpoint;

    #[tokio::test]
    async fn a_notification_about_one_connection_does_not_close_the_next() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let info = discovery::Endpoint::at(listener.local_addr().unwrap().to_string());
        let settings = breaker::Settings::default();
        let endpoint =
            Arc::new(Endpoint::new("test", info, settings, Arc::default(), Arc::default()));
        let endpoint = Arc::new(Connections::new(endpoint, &crate::Settings::default(), None));
        endpoint.slots[0].found_closed.notify_one();
        let reconnecting = keep_connected(Arc::clone(&endpoint), 0, None, Arc::new(|| {}));
        let reconnecting = tokio::spawn(reconnecting);
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
        reconnecting.abort();
    }

    #[test]
    fn delays_grow_to_less_than_a_second() {
        let mut backoff = BACKOFF;
        let delays: Vec<_> = (0..40).map(|_| backoff.next_delay().as_millis()).collect();
        assert!((10..=20).contains(&delays[0]), "{delays:?}");
        assert!(delays[10..].iter().all(|delay| (400..=800).contains(delay)), "{delays:?}");
    }
}
