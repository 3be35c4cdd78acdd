//! A name becomes endpoints: where the replicas of a service are.
//!
//! A [`Target`] says how a service is found: a fixed list (`static://a:1,b:2`) or a DNS name
//! (`dns://name:port`), which is looked up again at every connect.

mod target;

pub use target::{Target, TargetError};
