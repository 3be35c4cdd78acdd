//! One endpoint of a service.

use std::fmt;

/// Address and metadata of one replica of a service.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Endpoint {
    /// Unique id, which differs from that of a later instance at the same address. The address
    /// itself for `static://` and `dns://`.
    pub id: String,
    /// `host:port`, with an IPv6 address in brackets.
    pub address: String,
    /// Relative weight for load balancing, at least 1.
    pub weight: u32,
    /// Tags of its registration; empty without a registry.
    pub tags: Vec<String>,
}

impl Endpoint {
    /// An endpoint with default metadata.
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
