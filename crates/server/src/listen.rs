//! Several listeners on one port, and none on a port that is taken.

use std::{io, net::SocketAddr, net::TcpListener};

use socket2::{Domain, Protocol, SockAddr, Socket, Type};

const BACKLOG: i32 = 1_024;

/// `count` listeners on `addr`, among which the kernel spreads connections.
///
/// SO_REUSEPORT would let a second process of the same user share the port in silence, so a plain
/// bind goes first and fails if anyone listens there. For port 0 the kernel picks one that nobody
/// has, shared or not.
pub(super) fn share(addr: SocketAddr, count: usize) -> io::Result<Vec<TcpListener>> {
    if addr.port() != 0 {
        socket(addr)?.bind(&SockAddr::from(addr))?;
    }
    let first = listener(addr)?;
    let addr = first.local_addr()?;
    let others = (1..count).map(|_| listener(addr));
    std::iter::once(Ok(first)).chain(others).collect()
}

fn listener(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = socket(addr)?;
    socket.set_reuse_port(true)?;
    socket.bind(&SockAddr::from(addr))?;
    socket.listen(BACKLOG)?;
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}

fn socket(addr: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
    // Connections of a server that has just stopped linger on the port and harm nobody.
    socket.set_reuse_address(true)?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_shared_by_its_own_threads_and_nobody_else() {
        let ours = share("127.0.0.1:0".parse().unwrap(), 3).unwrap();
        let addr = ours[0].local_addr().unwrap();
        assert!(ours.iter().all(|listener| listener.local_addr().unwrap() == addr));
        assert_eq!(share(addr, 1).unwrap_err().kind(), io::ErrorKind::AddrInUse);
        drop(ours);
        assert!(share(addr, 1).is_ok());
    }
}
