//! The PROXY protocol: a header in which a proxy names the client, before anything else on the connection.
//!
//! Versions 1 and 2 of haproxy.org's `proxy-protocol.txt`. Nothing behind the header is read, so that TLS may follow.

use std::{io, net::SocketAddr};

use proxy_header::{ParseConfig, Protocol, ProxyHeader};
use tokio::io::{AsyncRead, AsyncReadExt as _};

/// Begins a header of version 2.
const SIGNATURE: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";
/// Length of a header of version 2 without addresses and additions, in bytes. The last two are the length of the rest.
const FIXED: usize = 16;
/// Maximum length of that rest, in bytes. Two IPv6 addresses take 36; additions, such as the names of a certificate,
/// follow.
const MAX_REST: usize = 4 << 10;
/// Maximum length of a header of version 1, in bytes.
const MAX_LINE: usize = 107;

/// Reads the header. Returns the client that it names; `None` if the proxy speaks for itself, or for a client without
/// an address.
///
/// # Errors
/// There is no valid header, or the connection fails.
pub(super) async fn read_client(
    stream: &mut (impl AsyncRead + Unpin),
) -> io::Result<Option<SocketAddr>> {
    // The shortest header of version 1 has as many.
    let mut header = vec![0; FIXED - 1];
    stream.read_exact(&mut header).await?;
    if header.starts_with(SIGNATURE) {
        header.push(stream.read_u8().await?);
        let rest = usize::from(u16::from_be_bytes([header[FIXED - 2], header[FIXED - 1]]));
        if rest > MAX_REST {
            return Err(invalid("the PROXY header is too long"));
        }
        header.resize(FIXED + rest, 0);
        stream.read_exact(&mut header[FIXED..]).await?;
    } else if header.starts_with(b"PROXY ") {
        while !header.ends_with(b"\r\n") && header.len() < MAX_LINE {
            header.push(stream.read_u8().await?);
        }
    }
    let config = ParseConfig { include_tlvs: false, ..ParseConfig::default() };
    match ProxyHeader::parse(&header, config) {
        Ok((parsed, length)) if length == header.len() => match parsed.proxied_address() {
            Some(address) if address.protocol != Protocol::Stream => {
                Err(invalid("the PROXY header is not of a TCP connection"))
            }
            address => Ok(address.map(|address| address.source)),
        },
        _ => Err(invalid("there is no valid PROXY header")),
    }
}

fn invalid(message: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tokio::io::AsyncWriteExt as _;

    use super::*;

    const CLIENT: [u8; 12] = [192, 0, 2, 7, 198, 51, 100, 1, 0x9c, 0x40, 1, 0xbb];

    /// A header of version 2.
    fn v2(command: u8, family: u8, rest: &[u8]) -> Vec<u8> {
        let length = u16::try_from(rest.len()).unwrap().to_be_bytes();
        [SIGNATURE, &[0x20 | command, family], &length, rest].concat()
    }

    fn ipv6() -> Vec<u8> {
        let mut addresses = [0; 36];
        addresses[..4].copy_from_slice(&[0x20, 1, 0xd, 0xb8]);
        addresses[15] = 9;
        addresses.into()
    }

    /// The client that these bytes name, and the bytes behind the header.
    async fn read(sent: &[u8], one_by_one: bool) -> io::Result<(Option<String>, Vec<u8>)> {
        let size = if one_by_one { 1 } else { 1 << 16 };
        let (mut peer, mut ours) = tokio::io::duplex(size);
        let sent = sent.to_owned();
        let sending = tokio::spawn(async move { peer.write_all(&sent).await });
        let client = read_client(&mut ours).await?;
        let mut rest = Vec::new();
        ours.read_to_end(&mut rest).await?;
        sending.await.unwrap()?;
        Ok((client.map(|client| client.to_string()), rest))
    }

    #[tokio::test]
    async fn the_client_is_the_one_that_the_header_names() {
        let tlvs = [&CLIENT[..], &[0x02, 0, 1, b'a'], &[0xe0, 0, 2, 1, 2]].concat();
        let ipv6 = ipv6();
        let unix = [0; 216];
        let cases: [(Vec<u8>, Option<&str>); 10] = [
            (v2(1, 0x11, &CLIENT), Some("192.0.2.7:40000")),
            (v2(1, 0x11, &tlvs), Some("192.0.2.7:40000")),
            (v2(1, 0x21, &ipv6), Some("[2001:db8::9]:0")),
            (v2(0, 0x00, &[]), None),
            (v2(0, 0x11, &CLIENT), None),
            (v2(1, 0x31, &unix), None),
            (v2(1, 0x00, &[1, 2, 3]), None),
            (b"PROXY TCP4 192.0.2.7 198.51.100.1 40000 443\r\n".to_vec(), Some("192.0.2.7:40000")),
            (b"PROXY TCP6 2001:db8::9 ::1 1 2\r\n".to_vec(), Some("[2001:db8::9]:1")),
            (b"PROXY UNKNOWN\r\n".to_vec(), None),
        ];
        for (header, client) in cases {
            let sent = [&header[..], b"GET /\r\n"].concat();
            for one_by_one in [false, true] {
                let (read, rest) = read(&sent, one_by_one).await.unwrap();
                assert_eq!(read.as_deref(), client, "{header:?}");
                assert_eq!(rest, b"GET /\r\n");
            }
        }
    }

    #[tokio::test]
    async fn what_is_no_header_is_refused() {
        let oversized = v2(1, 0x11, &[0; MAX_REST + 1]);
        let line = format!("PROXY TCP4 {} 198.51.100.1 1 2\r\n", "1".repeat(100));
        let cases: [Vec<u8>; 10] = [
            b"GET / HTTP/1.1\r\nhost: x\r\n\r\n".to_vec(),
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
            [0x16, 3, 1].repeat(10),
            b"PROXY TCP4 192.0.2.7 198.51.100.1 99999 443\r\n".to_vec(),
            b"PROXY TCP5 192.0.2.7 198.51.100.1 1 2\r\n".to_vec(),
            line.into_bytes(),
            v2(2, 0x11, &CLIENT),
            v2(1, 0x12, &CLIENT),
            v2(1, 0x11, &CLIENT[..11]),
            oversized,
        ];
        for sent in cases {
            let error = read(&sent, false).await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{sent:?}");
        }
    }

    #[tokio::test]
    async fn a_truncated_header_is_refused() {
        for header in [v2(1, 0x21, &ipv6()), b"PROXY TCP4 192.0.2.7 198.51.100.1 1 2\r\n".to_vec()]
        {
            for length in 0..header.len() {
                let error = read(&header[..length], false).await.unwrap_err();
                assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "{length}");
            }
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_sent_is_a_fault(
            command in any::<u8>(), family in any::<u8>(), sent in proptest::collection::vec(any::<u8>(), 0..300),
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(async {
                let _ = read(&sent, false).await;
                let _ = read(&v2(command & 0xf, family, &sent), false).await;
                let _ = read(&[b"PROXY ", &sent[..]].concat(), false).await;
            });
        }
    }
}
