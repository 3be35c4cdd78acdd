//! Minimal HTTP client for services on loopback.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};

const TIMEOUT: Duration = Duration::from_secs(1);
/// Maximum size of a response in bytes; the rest is discarded.
const MAX_RESPONSE: u64 = 4 << 20;

/// Requests `http://127.0.0.1:port{path}`, and returns status and body.
///
/// Uses HTTP/1.0, whose responses end with the connection and are never chunked.
///
/// # Errors
/// If the connection fails, the response times out, or is not HTTP.
pub(crate) fn get(port: u16, path: &str) -> Result<(u16, String)> {
    let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&addr, TIMEOUT)
        .with_context(|| format!("connecting to port {port}"))?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    write!(
        stream,
        "GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nAccept: application/json\r\n\r\n"
    )?;
    let mut response = Vec::new();
    stream.take(MAX_RESPONSE).read_to_end(&mut response).context("reading the response")?;
    parse(&String::from_utf8_lossy(&response))
}

/// As [`get`], for a successful response in JSON.
///
/// # Errors
/// As [`get`], a status other than 200, or a body that is not JSON.
pub(crate) fn get_json(port: u16, path: &str) -> Result<serde_json::Value> {
    let (status, body) = get(port, path)?;
    ensure!(status == 200, "{path} responds with {status}: {}", body.trim());
    serde_json::from_str(&body).with_context(|| format!("the response of {path} is not JSON"))
}

fn parse(response: &str) -> Result<(u16, String)> {
    let (head, body) = response.split_once("\r\n\r\n").context("the response is not HTTP")?;
    let status = head.split_whitespace().nth(1).and_then(|status| status.parse().ok());
    Ok((status.context("the response has no HTTP status")?, body.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn responses_are_split_into_status_and_body() {
        let (status, body) =
            parse("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 4\r\n\r\nwait").unwrap();
        assert_eq!((status, body.as_str()), (503, "wait"));
        assert!(parse("220 mail.example ESMTP").is_err());
    }

    #[test]
    fn a_closed_port_is_named() {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let error = get(port, "/readyz").unwrap_err();
        assert!(error.to_string().contains(&port.to_string()), "{error}");
    }
}
