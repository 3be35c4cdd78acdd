//! Shares of peer addresses: none takes more than a part of the server's connections, streams and bodies.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use access::network_of;

use crate::quota::{Quota, Taken};

/// Limits of the server of which each peer address gets a share.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Totals {
    pub(crate) connections: usize,
    pub(crate) streams: usize,
    /// Bodies that are awaited.
    pub(crate) bodies: usize,
    /// Bytes of bodies in memory.
    pub(crate) buffered: usize,
}

/// The usage of one peer address.
#[derive(Debug)]
pub(crate) struct PeerUsage {
    connections: Arc<Quota>,
    pub(crate) streams: Arc<Quota>,
    pub(crate) bodies: Arc<Quota>,
    pub(crate) buffered: Arc<Quota>,
}

/// The usage of all peers that are connected. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Peers {
    limits: Totals,
    connected: Arc<Mutex<HashMap<IpAddr, Arc<PeerUsage>>>>,
}

/// A place among the connections of a peer; released when dropped.
#[derive(Debug)]
pub(crate) struct PeerConnection {
    peers: Peers,
    network: IpAddr,
    usage: Arc<PeerUsage>,
    /// `None` once it has ended.
    place: Option<Taken>,
}

impl Peers {
    /// Each peer gets `percent` of `totals`, at least one of each; 0: everything.
    pub(crate) fn new(totals: Totals, percent: u8) -> Self {
        let share = |total: usize| match percent {
            0 => usize::MAX,
            percent => (total / 100 * usize::from(percent)
                + total % 100 * usize::from(percent) / 100)
                .max(1),
        };
        let limits = Totals {
            connections: share(totals.connections),
            streams: share(totals.streams),
            bodies: share(totals.bodies),
            buffered: share(totals.buffered),
        };
        Self { limits, connected: Arc::default() }
    }

    /// Counts a connection of `peer`. `None` if it has its share already.
    pub(crate) fn connect(&self, peer: IpAddr) -> Option<PeerConnection> {
        let network = network_of(peer);
        // Held until the connection counts, so that its peer is not forgotten meanwhile.
        let mut connected = self.lock();
        let usage = Arc::clone(connected.entry(network).or_insert_with(|| {
            Arc::new(PeerUsage {
                connections: Quota::new(self.limits.connections),
                streams: Quota::new(self.limits.streams),
                bodies: Quota::new(self.limits.bodies),
                buffered: Quota::new(self.limits.buffered),
            })
        }));
        let place = Some(usage.connections.take(1)?);
        Some(PeerConnection { peers: self.clone(), network, usage, place })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, Arc<PeerUsage>>> {
        self.connected.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PeerConnection {
    pub(crate) fn usage(&self) -> Arc<PeerUsage> {
        Arc::clone(&self.usage)
    }
}

impl Drop for PeerConnection {
    fn drop(&mut self) {
        // Under the lock: no connection comes between the last one's end and the removal.
        let mut connected = self.peers.lock();
        self.place = None;
        if self.usage.connections.taken() == 0 {
            connected.remove(&self.network);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOTALS: Totals = Totals { connections: 4, streams: 1_050, bodies: 1, buffered: 100 };

    #[test]
    fn a_peer_gets_its_share_and_leaves_the_rest_to_others() {
        let peers = Peers::new(TOTALS, 50);
        let peer = |address: &str| peers.connect(address.parse().unwrap());
        let first = peer("192.0.2.1").expect("the first");
        let _second = peer("::ffff:192.0.2.1").expect("the second, of the same address");
        assert!(peer("192.0.2.1").is_none());
        let _other = peer("192.0.2.2").expect("another address");
        let usage = first.usage();
        let streams = usage.streams.take(525);
        assert!(streams.is_some() && usage.streams.take(1).is_none());
        assert!(usage.bodies.take(1).is_some(), "a share is never nothing");
        drop(first);
        assert!(peer("192.0.2.1").is_some());
    }

    #[test]
    fn addresses_of_one_ipv6_network_share() {
        let peers = Peers::new(TOTALS, 25);
        let peer = |address: &str| peers.connect(address.parse().unwrap());
        let _first = peer("2001:db8::1").expect("the first");
        assert!(peer("2001:db8::ffff:1").is_none());
        assert!(peer("2001:db8:0:1::1").is_some());
    }

    #[test]
    fn peers_without_connections_are_forgotten() {
        let peers = Peers::new(TOTALS, 0);
        let many = [(); 9].map(|()| peers.connect("192.0.2.1".parse().unwrap()).expect("no limit"));
        drop(many);
        assert!(peers.lock().is_empty());
    }
}
