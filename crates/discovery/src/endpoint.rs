//! One replica of a service.

use std::fmt;

/// Where a replica of a service answers, and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Endpoint {
    /// Names this instance and no other, also of those that come after it at the same address. For
    /// `static://` and `dns://` the address does.
    pub id: String,
    /// Where to connect to, as `host:port`; an IPv6 address in brackets.
    pub address: String,
    /// Its share beside others, at least 1.
    pub weight: u32,
    /// What its service registered it with; none but from a registry.
    pub tags: Vec<String>,
}

impl Endpoint {
    /// An endpoint of which nothing is known but its address.
    pub fn at(address: impl Into<String>) -> Self {
        let address = address.into();
        Self { id: address.clone(), address, weight: 1, tags: Vec::new() }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address)
    }
}
