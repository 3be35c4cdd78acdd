//! A TCP proxy that injects network faults.

mod pump;

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::atomic::AtomicU64,
    time::Duration,
};

use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::{AbortHandle, JoinSet},
};

use crate::Random;
use pump::Pump;

/// Maximum number of connections; further ones wait in the accept queue.
const MAX_CONNECTIONS: usize = 1_024;
/// Delay after a failed `accept`, for example without free file descriptors.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(10);

/// Network faults; none by default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fault {
    /// Delay of all bytes, in each direction.
    pub latency: Duration,
    /// Maximum additional delay, random per read. The order is kept.
    pub jitter: Duration,
    /// Maximum size of a write in bytes; the actual sizes are random.
    pub slice_bytes: Option<usize>,
    /// Blocks all bytes and keeps connections open. Buffered bytes arrive once this is reset.
    pub stall: bool,
    /// As [`Fault::stall`], per connection, after this many bytes of both directions.
    pub stall_after_bytes: Option<u64>,
    /// Resets a connection after this many bytes of both directions.
    pub cut_after_bytes: Option<u64>,
    /// Resets new connections immediately.
    pub refuse: bool,
}

/// A TCP proxy in front of a server. Buffers at most a megabyte per direction of a connection, then stops
/// reading. Its connections end when it is dropped.
#[derive(Debug)]
pub struct FaultProxy {
    /// The address of the proxy.
    pub addr: SocketAddr,
    control: watch::Sender<Control>,
    accepting: AbortHandle,
}

#[derive(Debug, Clone, Copy, Default)]
struct Control {
    fault: Fault,
    /// Number of times that all connections have been reset.
    cuts: u64,
}

impl FaultProxy {
    /// Listens on a free port of the loopback interface, without faults. Random values depend only on
    /// the seed and the number of the connection.
    ///
    /// # Panics
    /// If no port is free.
    pub async fn start(target: SocketAddr, seed: u64) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let addr = listener.local_addr().expect("a listener has an address");
        let (control, controlled) = watch::channel(Control::default());
        let accepting = accept(listener, target, Random::seeded(seed), controlled);
        let accepting = tokio::spawn(accepting).abort_handle();
        Self { addr, control, accepting }
    }

    /// Replaces the faults, for open and new connections.
    pub fn set(&self, fault: Fault) {
        self.control.send_modify(|control| control.fault = fault);
    }

    /// Resets all open connections.
    pub fn cut(&self) {
        self.control.send_modify(|control| control.cuts += 1);
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(
    listener: TcpListener,
    target: SocketAddr,
    random: Random,
    control: watch::Receiver<Control>,
) {
    let mut connections = JoinSet::new(); // aborts them when this task is aborted
    let mut number = 0_u64;
    loop {
        tokio::select! {
            accepted = listener.accept(), if connections.len() < MAX_CONNECTIONS => {
                let Ok((client, _)) = accepted else {
                    tokio::time::sleep(ACCEPT_RETRY_DELAY).await;
                    continue;
                };
                number += 1;
                let random = random.branch(&number.to_string());
                connections.spawn(serve(client, target, random, control.clone()));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(
    mut client: TcpStream,
    target: SocketAddr,
    random: Random,
    mut control: watch::Receiver<Control>,
) {
    let Control { fault, cuts } = *control.borrow();
    // If the server is unreachable, the client sees a reset, as with other proxies.
    let server = if fault.refuse { None } else { TcpStream::connect(target).await.ok() };
    let Some(mut server) = server else {
        client.set_zero_linger().ok();
        return;
    };
    client.set_nodelay(true).ok();
    server.set_nodelay(true).ok();
    let passed = AtomicU64::new(0);
    let pump = |way: &str| Pump::new(random.branch(way), control.clone(), &passed);
    let (up, down) = (pump("up"), pump("down"));
    let (from_client, to_client) = client.split();
    let (from_server, to_server) = server.split();
    let flow = async {
        tokio::try_join!(up.run(from_client, to_server), down.run(from_server, to_client))
    };
    let in_order = tokio::select! {
        flown = flow => flown.is_ok(),
        _ = control.wait_for(|control| control.cuts != cuts) => false,
    };
    if !in_order {
        // Closes with RST instead of FIN.
        client.set_zero_linger().ok();
        server.set_zero_linger().ok();
    }
}
