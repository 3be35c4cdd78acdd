//! An instance of a service, as others are to know it.

use std::{net::SocketAddr, str::FromStr, time::Duration};

/// What is registered of a running service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// The name it is looked up by.
    pub service: String,
    /// Distinguishes it from all others, also from the one that ran here before.
    pub id: String,
    /// Where others reach it: a name or an IP address, without brackets.
    pub host: String,
    pub port: u16,
    pub tags: Vec<String>,
    pub check: Check,
}

/// How a registry finds out how an instance is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// It asks the instance's `grpc.health.v1` each `interval`.
    Grpc { interval: Duration, tls: bool },
    /// The instance says so itself, at least once in `ttl`.
    Ttl { ttl: Duration },
}

impl Instance {
    /// An instance with an id of its own.
    pub fn new(service: &str, at: &Advertised, check: Check) -> Self {
        // Without randomness the time of the start tells one run from the other.
        let unique = getrandom::u32().unwrap_or_else(|_| {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            now.unwrap_or_default().subsec_nanos()
        });
        let host: String =
            at.host.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        Self {
            service: service.to_owned(),
            id: format!("{service}-{host}-{}-{unique:08x}", at.port),
            host: at.host.clone(),
            port: at.port,
            tags: vec!["grpc".to_owned(), "v1".to_owned()],
            check,
        }
    }

    /// `host:port`, an IPv6 address in brackets.
    pub fn address(&self) -> String {
        host_and_port(&self.host, self.port)
    }
}

pub(crate) fn host_and_port(host: &str, port: u16) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

/// Where an instance says that it can be reached, as `host`, `host:port` or `[ipv6]:port`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advertise {
    host: String,
    port: Option<u16>,
}

/// An address that others can use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advertised {
    pub host: String,
    pub port: u16,
}

/// Why an instance has no address that others could use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdvertiseError {
    #[error("`{0}` is not an address that others can use: write host, host:port or [ipv6]:port")]
    Address(String),
    #[error(
        "listening on {0}, which is no address to call; set ADVERTISE_ADDR to the name or address \
         at which others reach this machine"
    )]
    Unspecified(SocketAddr),
}

impl Advertise {
    /// Where a server that listens on `listen` is reached.
    ///
    /// # Errors
    /// It listens on all addresses and nobody has said by which of them others come.
    pub fn of(said: Option<&Self>, listen: SocketAddr) -> Result<Advertised, AdvertiseError> {
        match said {
            Some(Self { host, port }) => {
                Ok(Advertised { host: host.clone(), port: port.unwrap_or(listen.port()) })
            }
            None if listen.ip().is_unspecified() => Err(AdvertiseError::Unspecified(listen)),
            None => Ok(Advertised { host: listen.ip().to_string(), port: listen.port() }),
        }
    }
}

impl FromStr for Advertise {
    type Err = AdvertiseError;

    fn from_str(text: &str) -> Result<Self, AdvertiseError> {
        let invalid = || AdvertiseError::Address(text.to_owned());
        if let Ok(addr) = text.parse::<SocketAddr>() {
            let (ip, port) = (addr.ip(), addr.port());
            let valid = !ip.is_unspecified() && port > 0;
            return if valid {
                Ok(Self { host: ip.to_string(), port: Some(port) })
            } else {
                Err(invalid())
            };
        }
        if let Ok(ip) = text.trim_matches(['[', ']']).parse::<std::net::IpAddr>() {
            let valid = !ip.is_unspecified();
            return valid.then(|| Self { host: ip.to_string(), port: None }).ok_or_else(invalid);
        }
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) => {
                let port = port.parse().ok().filter(|port| *port > 0).ok_or_else(invalid)?;
                (host, Some(port))
            }
            None => (text, None),
        };
        if host.is_empty()
            || !host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
        {
            return Err(invalid());
        }
        Ok(Self { host: host.to_owned(), port })
    }
}

impl std::fmt::Display for Advertise {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.port {
            Some(port) => f.write_str(&host_and_port(&self.host, port)),
            None => f.write_str(&self.host),
        }
    }
}

impl serde::Serialize for Advertise {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advertised(said: Option<&str>, listen: &str) -> Result<String, AdvertiseError> {
        let said = said.map(str::parse).transpose()?;
        let at = Advertise::of(said.as_ref(), listen.parse().unwrap())?;
        Ok(host_and_port(&at.host, at.port))
    }

    #[test]
    fn what_is_said_wins_over_where_it_listens() {
        for (said, wanted) in [
            (None, "10.0.0.7:50051"),
            (Some("shop.internal"), "shop.internal:50051"),
            (Some("shop.internal:7"), "shop.internal:7"),
            (Some("192.0.2.1"), "192.0.2.1:50051"),
            (Some("fd00::1"), "[fd00::1]:50051"),
            (Some("[fd00::1]:7"), "[fd00::1]:7"),
        ] {
            assert_eq!(advertised(said, "10.0.0.7:50051").unwrap(), wanted);
        }
    }

    #[test]
    fn nobody_can_call_everywhere() {
        let error = advertised(None, "0.0.0.0:50051").unwrap_err().to_string();
        assert!(error.contains("ADVERTISE_ADDR"), "{error}");
        for nonsense in ["", ":1", "0.0.0.0", "0.0.0.0:1", "a b", "a:0", "a:99999", "user@host:1"] {
            assert!(advertised(Some(nonsense), "[::]:1").is_err(), "{nonsense}");
        }
    }

    #[test]
    fn ids_are_unique_and_safe_in_a_path() {
        let at = Advertised { host: "fd00::1".to_owned(), port: 7 };
        let check = Check::Ttl { ttl: Duration::from_secs(1) };
        let (one, other) = (Instance::new("s", &at, check), Instance::new("s", &at, check));
        assert_ne!(one.id, other.id);
        assert!(one.id.starts_with("s-fd00--1-7-"), "{}", one.id);
        assert_eq!(one.address(), "[fd00::1]:7");
    }
}
