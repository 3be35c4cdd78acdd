//! The address of the client, for the logs.

use std::net::IpAddr;

/// The client's address, as an extension of each request of the web and of streaming gRPC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);
