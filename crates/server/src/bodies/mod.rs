//! Bodies of requests on their way in: how many are awaited, how slow they may be, and the memory that all take.
//!
//! A request takes its place among the calls under way when its body is whole, so that waiting for a
//! client takes nothing away from others.

mod buffer;
mod pace;

pub(crate) use self::{
    buffer::{BodyBuffer, Memory},
    pace::Pace,
};

use std::sync::Arc;

use tokio::time::Instant;

use crate::{
    overload::Refusal,
    peers::PeerUsage,
    quota::{Quota, Taken},
};

/// One connection gets this part of the bodies that may be awaited.
const PART_OF_CONNECTION: usize = 4;

/// Limits on request bodies that are still arriving.
#[derive(Debug, Clone, Copy, clap::Args, serde::Serialize)]
pub struct BodyArgs {
    /// Time for the body of a request to arrive whole, in seconds; for a message of a stream of requests, the
    /// time without a byte.
    #[arg(long, env = "BODY_TIMEOUT", value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub body_timeout: u64,

    /// Least average rate of an arriving body after 5 seconds, in bytes per second; 0: any.
    #[arg(long, env = "MIN_BODY_RATE", value_name = "BYTES", default_value_t = 500)]
    pub min_body_rate: usize,

    /// Maximum request bodies that are awaited at once. One connection gets a quarter of them.
    #[arg(long, env = "MAX_WAITING_BODIES", value_name = "N", default_value_t = 1_000)]
    pub max_waiting_bodies: usize,

    /// Maximum memory of all request bodies that arrive in pieces, in bytes.
    #[arg(long, env = "MAX_BUFFERED", value_name = "BYTES", default_value_t = 128 << 20)]
    pub max_buffered: usize,
}

impl Default for BodyArgs {
    fn default() -> Self {
        Self {
            body_timeout: 30,
            min_body_rate: 500,
            max_waiting_bodies: 1_000,
            max_buffered: 128 << 20,
        }
    }
}

/// The bodies that a server is receiving.
#[derive(Debug)]
pub(crate) struct Bodies {
    args: BodyArgs,
    waiting: Arc<Quota>,
    memory: Arc<Quota>,
}

/// The bodies of one connection.
#[derive(Debug)]
pub(crate) struct ConnectionBodies {
    server: Arc<Bodies>,
    waiting: Arc<Quota>,
    memory: Memory,
}

/// A place among the bodies that are awaited: of the connection, of its peer, and of all.
#[derive(Debug)]
pub(crate) struct WaitingBody {
    _places: [Taken; 3],
}

impl Bodies {
    pub(crate) fn new(args: BodyArgs) -> Self {
        Self {
            args,
            waiting: Quota::new(args.max_waiting_bodies),
            memory: Quota::new(args.max_buffered),
        }
    }

    /// The bodies of a connection of `peer`.
    pub(crate) fn of_connection(self: &Arc<Self>, peer: Arc<PeerUsage>) -> ConnectionBodies {
        ConnectionBodies {
            server: Arc::clone(self),
            waiting: Quota::new((self.args.max_waiting_bodies / PART_OF_CONNECTION).max(1)),
            memory: Memory { total: Arc::clone(&self.memory), peer },
        }
    }
}

impl ConnectionBodies {
    /// Memory for the bodies of this connection.
    pub(crate) fn memory(&self) -> &Memory {
        &self.memory
    }

    /// The time limits of a body from now on.
    pub(crate) fn pace(&self, deadline: Option<Instant>) -> Pace {
        Pace::new(&self.server.args, deadline)
    }

    /// A place for a body that has not arrived whole.
    ///
    /// # Errors
    /// The connection, its peer or all peers together await too many.
    pub(crate) fn wait(&self) -> Result<WaitingBody, Refusal> {
        let of_connection = self.waiting.take(1).ok_or(Refusal::PeerLimit)?;
        let of_peer = self.memory.peer.bodies.take(1).ok_or(Refusal::PeerLimit)?;
        let of_all = self.server.waiting.take(1).ok_or(Refusal::WaitingBodies)?;
        Ok(WaitingBody { _places: [of_connection, of_peer, of_all] })
    }
}
