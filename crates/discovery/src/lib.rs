//! A name becomes endpoints: where the replicas of a service are.
//!
//! A [`Target`] says how a service is found: a fixed list (`static://a:1,b:2`) or a DNS name
//! (`dns://name:port`). A [`Resolver`] turns it into [`Endpoints`], a set that is watched: whoever
//! balances over it is told of each change, and can see how old the set is when nobody can be asked.

mod endpoint;
mod endpoints;
mod resolver;
mod source;
mod target;

pub use endpoint::Endpoint;
pub use endpoints::{Endpoints, Freshness, Publisher, Snapshot};
pub use resolver::{NoRegistry, Resolver};
pub use source::Source;
pub use target::{Target, TargetError};
