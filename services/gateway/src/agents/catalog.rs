//! The three operations of the catalogue capability, by which both transports answer.

use serde_json::{Map, Value};

use super::{
    detail, envelope,
    envelope::Failure,
    lookup,
    request::{self, Detail, Lookup, Search},
    search,
};
use crate::upstreams::Upstreams;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Search,
    Lookup,
    Product,
}

impl Operation {
    pub(super) fn capability(self) -> &'static str {
        match self {
            Self::Search => envelope::SEARCH,
            Self::Lookup | Self::Product => envelope::LOOKUP,
        }
    }

    /// Answers a request. `base` is the gateway's public address.
    ///
    /// # Errors
    /// A request that is refused, or a service that fails.
    pub(super) async fn call(
        self,
        upstreams: &Upstreams,
        base: &str,
        request: Map<String, Value>,
    ) -> Result<Value, Failure> {
        match self {
            Self::Search => {
                search::search(upstreams, base, request::read::<Search>(request)?).await
            }
            Self::Lookup => {
                lookup::lookup(upstreams, base, request::read::<Lookup>(request)?).await
            }
            Self::Product => detail::get(upstreams, base, request::read::<Detail>(request)?).await,
        }
    }
}
