//! Further connections to an endpoint, for streaming calls: opened when the others are full of streams,
//! closed when they have had none for a while.

use std::{sync::Arc, time::Duration};

use backoff::Backoff;
use tokio::{task::JoinSet, time::sleep};

use super::{
    connections::Connections,
    reconnect::OnChange,
    slot::{LiveConnection, Slot, State},
};
use crate::{
    connection::{Connection, ConnectionLost, connect},
    tls::ClientTls,
};

/// Pauses after failed attempts. Short: streaming calls wait for the connection.
const BACKOFF: Backoff = Backoff::new(Duration::from_millis(20), Duration::from_millis(800));

/// The task of a connection, which ends when the connection is closed.
type Closed = tokio::task::JoinHandle<Result<(), ConnectionLost>>;

/// Opens a connection whenever one is wanted and all are full, until the task is aborted.
pub(super) async fn open_when_wanted(
    connections: Arc<Connections>,
    tls: Option<ClientTls>,
    idle: Duration,
    on_change: OnChange,
) {
    let address = &connections.endpoint.info.address;
    let mut open = JoinSet::new();
    let mut backoff = BACKOFF;
    loop {
        tokio::select! {
            () = connections.stream_wanted.notified() => {}
            Some(_) = open.join_next() => continue,
        }
        let unused = connections.stream_slots.iter().position(|slot| !slot.is_live());
        let Some(number) = unused.filter(|_| !connections.has_room_for_stream()) else { continue };
        match connect(address, tls.as_ref()).await {
            Ok(Connection { requests, closed }) => {
                backoff.reset();
                connections.stream_slots[number].set(State::Live(LiveConnection::new(requests)));
                tracing::debug!(endpoint = address, "connected for streams");
                let (connections, changed) = (Arc::clone(&connections), Arc::clone(&on_change));
                open.spawn(async move {
                    let slot = ClosedOnDrop(&connections.stream_slots[number]);
                    closed_or_idle(slot.0, closed, idle).await;
                    drop(slot);
                    changed();
                });
            }
            Err(error) => {
                let error = format!("{:#}", anyhow::Error::new(error));
                tracing::debug!(endpoint = address, error, "no further connection for streams");
                connections.endpoint.record_error(error);
                sleep(backoff.next_delay()).await;
            }
        }
        // Wakes the calls that wait, which want another connection if there is still no room.
        on_change();
    }
}

/// Returns when the connection is closed, or has no stream after `idle`.
async fn closed_or_idle(slot: &Slot, mut closed: Closed, idle: Duration) {
    loop {
        tokio::select! {
            _ = &mut closed => return,
            // The notification may be about the previous connection.
            () = slot.found_closed.notified() => if slot.is_closed() { return },
            () = sleep(idle) => if slot.close_unused() { return },
        }
    }
}

/// Removes the connection from its slot, also when the task is aborted.
struct ClosedOnDrop<'a>(&'a Slot);

impl Drop for ClosedOnDrop<'_> {
    fn drop(&mut self) {
        self.0.set(State::Connecting);
    }
}
