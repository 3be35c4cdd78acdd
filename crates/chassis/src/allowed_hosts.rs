//! The hosts under which a port may be addressed: the guard against DNS rebinding.
//!
//! A page of `evil.example` becomes a page of this server's origin once that name resolves to this
//! server's address. Its requests still carry `Host: evil.example`, so a server that knows its own
//! names can refuse them.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, Uri, uri::Authority};

/// The hosts under which a port may be addressed. Ports are not compared.
///
/// Always allowed: `localhost`, names under it, loopback addresses, and the address the port listens on.
/// A port that listens on all addresses allows any address, and names without a dot, such as `gateway`
/// between containers: an attacker's DNS cannot serve either.
#[derive(Debug, Clone)]
pub struct AllowedHosts {
    listen: IpAddr,
    /// In lower case.
    names: Vec<String>,
    any: bool,
}

/// Why a request is refused for its host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostError {
    /// No host, more than one, or one that cannot be read.
    Invalid,
    /// Another host than the allowed ones.
    NotAllowed(String),
}

impl AllowedHosts {
    /// The hosts of a port that listens on `listen`, and `names` in addition; `*` allows all.
    pub fn new(listen: SocketAddr, names: &[String]) -> Self {
        Self {
            listen: listen.ip().to_canonical(),
            names: names.iter().map(|name| name.to_ascii_lowercase()).collect(),
            any: names.iter().any(|name| name == "*"),
        }
    }

    /// Checks the host of a request: `:authority` or that of an absolute address, and the header `Host`.
    ///
    /// # Errors
    /// A request without exactly one host, or with one that is not allowed.
    pub fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), HostError> {
        let host = server::host(headers).map_err(|_| HostError::Invalid)?;
        if host.is_none() && uri.authority().is_none() {
            return Err(HostError::Invalid);
        }
        if let Some(authority) = uri.authority() {
            self.check_authority(authority)?;
        }
        match host {
            None => Ok(()),
            Some(host) => {
                let host = Authority::try_from(host.as_bytes()).map_err(|_| HostError::Invalid)?;
                self.check_authority(&host)
            }
        }
    }

    fn check_authority(&self, authority: &Authority) -> Result<(), HostError> {
        if authority.as_str().contains('@') {
            return Err(HostError::Invalid);
        }
        match self.allows(authority.host()) {
            true => Ok(()),
            false => Err(HostError::NotAllowed(authority.host().to_owned())),
        }
    }

    fn allows(&self, host: &str) -> bool {
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        if let Ok(address) = bare.parse::<IpAddr>() {
            let address = address.to_canonical();
            return self.any
                || address.is_loopback()
                || self.listen.is_unspecified()
                || address == self.listen
                || self.names.iter().any(|name| name == host);
        }
        let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
        self.any
            || host == "localhost"
            || host.ends_with(".localhost")
            || self.listen.is_unspecified() && !host.contains('.') && !host.is_empty()
            || self.names.contains(&host)
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, header};

    use super::*;

    fn check(listen: &str, names: &[&str], hosts: &[&str]) -> Result<(), HostError> {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(header::HOST, HeaderValue::from_str(host).unwrap());
        }
        AllowedHosts::new(listen.parse().unwrap(), &names).check(&Uri::from_static("/"), &headers)
    }

    #[test]
    fn loopback_and_the_listening_address_are_allowed() {
        for host in ["localhost", "LOCALHOST:8080", "shop.localhost", "127.0.0.1:1", "[::1]:8080"] {
            assert_eq!(check("127.0.0.1:80", &[], &[host]), Ok(()), "{host}");
        }
        assert_eq!(check("10.0.0.7:80", &[], &["10.0.0.7"]), Ok(()));
        for host in ["evil.example", "10.0.0.7", "gateway", "localhost.evil.example", "127.0.0.1.x"]
        {
            assert!(check("127.0.0.1:80", &[], &[host]).is_err(), "{host}");
        }
    }

    #[test]
    fn port_on_all_addresses_allows_what_dns_cannot_serve() {
        for host in ["10.0.0.7:80", "[2001:db8::1]", "gateway:8080"] {
            assert_eq!(check("0.0.0.0:80", &[], &[host]), Ok(()), "{host}");
        }
        let refused = Err(HostError::NotAllowed("evil.example".to_owned()));
        assert_eq!(check("0.0.0.0:80", &[], &["evil.example:80"]), refused);
    }

    #[test]
    fn names_are_added_and_compared_without_case() {
        let names = &["Shop.example"];
        for host in ["shop.EXAMPLE", "shop.example.:443"] {
            assert_eq!(check("127.0.0.1:80", names, &[host]), Ok(()), "{host}");
        }
        assert!(check("127.0.0.1:80", names, &["a.shop.example"]).is_err());
        assert_eq!(check("127.0.0.1:80", &["*"], &["evil.example"]), Ok(()));
    }

    #[test]
    fn request_has_exactly_one_host() {
        let all = ["*"];
        for hosts in [&[][..], &["localhost", "localhost"], &["a b"], &["user@localhost"]] {
            assert_eq!(check("127.0.0.1:80", &all, hosts), Err(HostError::Invalid), "{hosts:?}");
        }
    }
}
