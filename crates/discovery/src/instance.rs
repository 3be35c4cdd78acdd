//! A service instance to register, and the address it advertises.

use std::{net::SocketAddr, str::FromStr, time::Duration};

/// The registration of a running service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Name of the service.
    pub service: String,
    /// Unique id, which differs from that of an earlier instance at the same address.
    pub id: String,
    /// Host name or IP address, without brackets.
    pub host: String,
    pub port: u16,
    pub tags: Vec<String>,
    pub check: Check,
}

/// Health check of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// The registry calls the instance's `grpc.health.v1` each `interval`.
    Grpc { interval: Duration, tls: bool },
    /// The instance reports its status, at least once per `ttl`.
    Ttl { ttl: Duration },
}

impl Instance {
    /// An instance with a new id.
    pub fn new(service: &str, at: &Advertised, check: Check) -> Self {
        let unique = fastrand::u32(..);
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

    /// `host:port`, with an IPv6 address in brackets.
    pub fn address(&self) -> String {
        host_and_port(&self.host, self.port)
    }
}

pub(crate) fn host_and_port(host: &str, port: u16) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

/// Setting for the advertised address: `host`, `host:port` or `[ipv6]:port`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advertise {
    host: String,
    port: Option<u16>,
}

/// The advertised address of an instance, which other machines can connect to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advertised {
    pub host: String,
    pub port: u16,
}

/// Error of finding an address to advertise.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdvertiseError {
    #[error("`{0}` is not a reachable address: use host, host:port or [ipv6]:port")]
    Address(String),
    #[error(
        "the listen address {0} is not reachable from other machines; set ADVERTISE_ADDR to the \
         host name or address of this machine"
    )]
    Unspecified(SocketAddr),
}

impl Advertise {
    /// The advertised address of a server that listens on `listen`, given the optional setting.
    ///
    /// # Errors
    /// If the server listens on all addresses, and there is no setting.
    pub fn of(message: Option<&Self>, listen: SocketAddr) -> Result<Advertised, AdvertiseError> {
        match message {
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

    fn advertised(message: Option<&str>, listen: &str) -> Result<String, AdvertiseError> {
        let message = message.map(str::parse).transpose()?;
        let at = Advertise::of(message.as_ref(), listen.parse().unwrap())?;
        Ok(host_and_port(&at.host, at.port))
    }

    #[test]
    fn the_setting_overrides_the_listen_address() {
        for (message, wanted) in [
            (None, "10.0.0.7:50051"),
            (Some("shop.internal"), "shop.internal:50051"),
            (Some("shop.internal:7"), "shop.internal:7"),
            (Some("192.0.2.1"), "192.0.2.1:50051"),
            (Some("fd00::1"), "[fd00::1]:50051"),
            (Some("[fd00::1]:7"), "[fd00::1]:7"),
        ] {
            assert_eq!(advertised(message, "10.0.0.7:50051").unwrap(), wanted);
        }
    }

    #[test]
    fn unspecified_addresses_are_rejected() {
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
