//! Free ports of the loopback interface.

use std::{
    net::TcpListener,
    sync::atomic::{AtomicU16, Ordering},
};

/// Returns the first of `count` consecutive free ports, distinct for each call in this process. They lie
/// below the range of outgoing connections: while a server restarts, a client that connects to it could
/// otherwise be given the server's port as its own.
///
/// # Panics
/// If none of a thousand candidates is free.
pub fn free_ports(count: u16) -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Each process starts at another offset, so that two parallel processes seldom try the same ports.
    let start = (std::process::id() % 1_000) as u16 * 10;
    (0..1_000)
        .map(|_| 20_000 + (start + NEXT.fetch_add(count, Ordering::Relaxed)) % 12_000)
        .find(|first| are_free(*first, count))
        .expect("free ports between 20000 and 32000")
}

/// Whether `count` consecutive ports from `first` have no listener.
pub fn are_free(first: u16, count: u16) -> bool {
    (first..first + count).all(|port| TcpListener::bind(("127.0.0.1", port)).is_ok())
}
