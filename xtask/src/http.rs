//! Enough HTTP to ask a service on loopback how it is.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};

/// Nobody who is well needs longer on loopback.
const TIMEOUT: Duration = Duration::from_secs(1);
/// Bytes of an answer that are read; the rest is left.
const MAX_ANSWER: u64 = 4 << 20;

/// Asks `http://127.0.0.1:port{path}` and returns status and body.
///
/// Speaks HTTP/1.0, whose answers end with the connection and are never chunked.
///
/// # Errors
/// Nobody listens, no answer within a second, or an answer that is not HTTP.
pub(crate) fn get(port: u16, path: &str) -> Result<(u16, String)> {
    let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&addr, TIMEOUT)
        .with_context(|| format!("nothing answers on port {port}"))?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    write!(
        stream,
        "GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nAccept: application/json\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    stream.take(MAX_ANSWER).read_to_end(&mut answer).context("the answer does not end")?;
    parse(&String::from_utf8_lossy(&answer))
}

/// Like [`get`], for an answer that is JSON and good.
///
/// # Errors
/// As [`get`]; a status other than 200; a body that is not JSON.
pub(crate) fn get_json(port: u16, path: &str) -> Result<serde_json::Value> {
    let (status, body) = get(port, path)?;
    ensure!(status == 200, "{path} answers {status}: {}", body.trim());
    serde_json::from_str(&body).with_context(|| format!("{path} does not answer JSON"))
}

fn parse(answer: &str) -> Result<(u16, String)> {
    let (head, body) = answer.split_once("\r\n\r\n").context("the answer is not HTTP")?;
    let status = head.split_whitespace().nth(1).and_then(|status| status.parse().ok());
    Ok((status.context("the answer has no HTTP status")?, body.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn answers_are_split_into_status_and_body() {
        let (status, body) =
            parse("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 4\r\n\r\nwait").unwrap();
        assert_eq!((status, body.as_str()), (503, "wait"));
        assert!(parse("220 mail.example ESMTP").is_err());
    }

    #[test]
    fn a_port_nobody_listens_on_is_named() {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let error = get(port, "/readyz").unwrap_err();
        assert!(error.to_string().contains(&port.to_string()), "{error}");
    }
}
