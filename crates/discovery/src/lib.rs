//! Service discovery: resolves services to endpoints, and registers instances.
//!
//! A [`Target`] is the address of a service: a fixed list (`static://a:1,b:2`), a DNS name
//! (`dns://name:port`), or a service in a registry (`consul://name`). A [`Resolver`] resolves it to
//! [`Endpoints`], a set that is updated in the background: load balancers subscribe to its changes,
//! and can read how stale it is while its [`Source`] fails. A [`Lease`] keeps an instance registered.
//! [`Args`] is the configuration, from which [`Discovery`] is built.
//!
//! Consul stays behind the trait [`Registry`].
//!
//! **Invariant:** a failing or empty response never empties a set of endpoints that was known.

mod age_metric;
mod args;
mod consul;
mod dns;
mod endpoint;
mod endpoints;
mod instance;
mod lease;
mod registry;
mod registry_source;
mod resolver;
mod target;
mod token_bucket;

pub use args::{Args, CheckKind, Discovery, RegistryAddress, RegistryAddressError};
pub use consul::Consul;
pub use endpoint::Endpoint;
pub use endpoints::{Endpoints, Freshness, Publisher, Snapshot, Source};
pub use instance::{Advertise, AdvertiseError, Advertised, Check, Instance};
pub use lease::{Lease, LeaseState};
pub use registry::{BlockingQuery, Listing, Query, Registration, Registry, RegistryError, Status};
pub use resolver::{NoRegistry, Resolver};
pub use target::{Target, TargetError};
