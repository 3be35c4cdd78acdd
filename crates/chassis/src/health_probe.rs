//! The subcommand `health`: queries the admin port of the running service for its readiness. For container images,
//! which have no shell and no `curl`.

use std::{
    io::{Read as _, Write as _},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    process::exit,
    time::Duration,
};

use anyhow::{Context as _, bail};
use clap::Command;

pub(crate) const NAME: &str = "health";

/// Time for the connection, and for each read of the response.
const TIMEOUT: Duration = Duration::from_secs(3);
/// Limit of the response, in bytes.
const MAX_RESPONSE: u64 = 64 * 1024;

pub(crate) fn command() -> Command {
    Command::new(NAME)
        .about("Ask the running service on its admin port whether it is ready: exit with 0 or 1")
}

/// Prints the readiness report of the service with the admin port `admin`, and exits with 0 if it is ready.
pub(crate) fn exit_with(name: &str, admin: SocketAddr) -> ! {
    let ready = report(admin).map(|(ready, report)| {
        println!("{report}");
        ready
    });
    let ready = ready.unwrap_or_else(|error| {
        eprintln!("{name}: {error:#}");
        false
    });
    exit(i32::from(!ready))
}

/// Whether the service is ready, and its report.
fn report(admin: SocketAddr) -> anyhow::Result<(bool, String)> {
    let addr = reachable(admin);
    let answer = (|| {
        let mut stream = TcpStream::connect_timeout(&addr, TIMEOUT)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.set_write_timeout(Some(TIMEOUT))?;
        let request = format!("GET /readyz HTTP/1.1\r\nhost: {addr}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.take(MAX_RESPONSE).read_to_string(&mut answer)?;
        Ok::<_, std::io::Error>(answer)
    })()
    .with_context(|| format!("the admin port {addr} does not answer"))?;
    let Some((head, body)) = answer.split_once("\r\n\r\n") else {
        bail!("the admin port {addr} does not speak HTTP");
    };
    Ok((head.split_ascii_whitespace().nth(1) == Some("200"), body.trim().to_owned()))
}

/// The address to connect to: loopback for a port that is bound on all addresses.
fn reachable(admin: SocketAddr) -> SocketAddr {
    let ip = match admin.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, admin.port())
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// The result for a server that sends `response` to its first request.
    fn report_of(response: &'static str) -> anyhow::Result<(bool, String)> {
        let listener = TcpListener::bind("0.0.0.0:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 1024];
            let read = stream.read(&mut request).unwrap();
            stream.write_all(response.as_bytes()).unwrap();
            String::from_utf8_lossy(&request[..read]).into_owned()
        });
        let report = report(addr);
        let request = server.join().unwrap();
        assert!(request.starts_with("GET /readyz HTTP/1.1\r\nhost: 127.0.0.1:"), "{request}");
        report
    }

    #[test]
    fn readiness_is_the_status_of_the_response() {
        let ready = report_of("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").unwrap();
        assert_eq!(ready, (true, "{}".to_owned()));
        let (ready, report) = report_of("HTTP/1.1 503 x\r\n\r\n{\"ready\":false}").unwrap();
        assert!(!ready);
        assert_eq!(report, "{\"ready\":false}");
        report_of("hello").unwrap_err();
    }

    #[test]
    fn port_without_a_service_is_an_error() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        drop(listener);
        let error = format!("{:#}", report(addr).unwrap_err());
        assert!(error.contains("does not answer"), "{error}");
    }
}
