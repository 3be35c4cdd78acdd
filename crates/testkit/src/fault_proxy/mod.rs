//! A network that misbehaves on demand.

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

/// Connections at once; more wait to be accepted.
const MAX_CONNECTIONS: usize = 1_024;
/// After an `accept` that fails, as when files run out.
const PAUSE: Duration = Duration::from_millis(10);

/// What is wrong with the network. By default nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fault {
    /// How much later everything arrives, each way.
    pub latency: Duration,
    /// Up to so much later still, drawn anew for whatever is read at once. Order is kept.
    pub jitter: Duration,
    /// Everything is written in pieces of at most so many bytes, their lengths drawn.
    pub slice_bytes: Option<usize>,
    /// Nothing arrives, connections stay. What is under way waits, and arrives afterwards.
    pub stall: bool,
    /// As [`Fault::stall`], for a connection of which so many bytes have passed, both ways together.
    pub stall_after_bytes: Option<u64>,
    /// A connection is reset once so many bytes of it have passed, both ways together.
    pub cut_after_bytes: Option<u64>,
    /// New connections are reset as soon as they are made.
    pub refuse: bool,
}

/// A TCP proxy before a server. Holds at most a megabyte of each direction of a connection; who
/// sends more waits. Its connections end when it is dropped.
#[derive(Debug)]
pub struct FaultProxy {
    /// Where to connect instead.
    pub addr: SocketAddr,
    control: watch::Sender<Control>,
    accepting: AbortHandle,
}

#[derive(Debug, Clone, Copy, Default)]
struct Control {
    fault: Fault,
    /// How often all connections have been cut.
    cuts: u64,
}

impl FaultProxy {
    /// Listens on a free port of the loopback interface, for now without fault. What is left to
    /// chance depends on the seed and the number of the connection.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn start(target: SocketAddr, seed: u64) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let addr = listener.local_addr().expect("a listener has an address");
        let (control, controlled) = watch::channel(Control::default());
        let accepting = accept(listener, target, Random::seeded(seed), controlled);
        let accepting = tokio::spawn(accepting).abort_handle();
        Self { addr, control, accepting }
    }

    /// From now on this is wrong, and nothing else. Open connections feel it too.
    pub fn set(&self, fault: Fault) {
        self.control.send_modify(|control| control.fault = fault);
    }

    /// Resets all connections now. New ones are not concerned.
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
    let mut connections = JoinSet::new(); // ends them when we are ended
    let mut number = 0_u64;
    loop {
        tokio::select! {
            accepted = listener.accept(), if connections.len() < MAX_CONNECTIONS => {
                let Ok((client, _)) = accepted else {
                    tokio::time::sleep(PAUSE).await;
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
    // A server that is not there looks as one does behind any proxy.
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
        // Closed like this, a connection is reset instead of finished.
        client.set_zero_linger().ok();
        server.set_zero_linger().ok();
    }
}
