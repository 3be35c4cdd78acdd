//! Several listeners on one port, which no other process may share.

use std::{io, net::SocketAddr, net::TcpListener};

use socket2::{Domain, Protocol, SockAddr, Socket, Type};

const BACKLOG: i32 = 1_024;

/// Binds `count` listeners to `addr`; the kernel spreads connections over them.
///
/// SO_REUSEPORT alone would let a second process of the same user share the port silently, so a plain
/// bind comes first, which fails if the port is in use. For port 0 the kernel picks an unused one.
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
    // Connections of a stopped server in TIME_WAIT do not block the port.
    socket.set_reuse_address(true)?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_shared_only_within_the_process() {
        let ours = share("127.0.0.1:0".parse().unwrap(), 3).unwrap();
        let addr = ours[0].local_addr().unwrap();
        assert!(ours.iter().all(|listener| listener.local_addr().unwrap() == addr));
        assert_eq!(share(addr, 1).unwrap_err().kind(), io::ErrorKind::AddrInUse);
        drop(ours);
        assert!(share(addr, 1).is_ok());
    }
}
