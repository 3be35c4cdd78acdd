//! A name becomes endpoints: where the replicas of a service are.
//!
//! A [`Target`] says how a service is found: a fixed list (`static://a:1,b:2`), a DNS name
//! (`dns://name:port`), or a name that a registry knows (`consul://name`). A [`Resolver`] turns it
//! into [`Endpoints`], a set that is watched: whoever balances over it is told of each change, and can
//! see how old the set is when nobody can be asked. A [`Lease`] keeps an instance registered, so that
//! others find it. [`Args`] are the settings, and [`Discovery`] what they come to.
//!
//! Consul stays behind the trait [`Registry`].
//!
//! **Invariant:** a set once known is never emptied for want of an answer.

mod args;
mod backoff;
mod bucket;
mod consul;
mod dns;
mod endpoint;
mod endpoints;
mod follow;
mod gauge;
mod instance;
mod lease;
mod registry;
mod resolver;
mod source;
mod target;

pub use args::{Args, CheckKind, Discovery, RegistryAddress, RegistryAddressError};
pub use consul::Consul;
pub use endpoint::Endpoint;
pub use endpoints::{Endpoints, Freshness, Publisher, Snapshot};
pub use instance::{Advertise, AdvertiseError, Advertised, Check, Instance};
pub use lease::{Lease, Standing};
pub use registry::{Listing, Newer, Query, Registered, Registry, RegistryError, Status};
pub use resolver::{NoRegistry, Resolver};
pub use source::Source;
pub use target::{Target, TargetError};
