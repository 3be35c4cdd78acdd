//! From a target to its endpoints.

use crate::{Endpoint, Endpoints, Target};

/// Turns targets into endpoints. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Resolver {}

impl Resolver {
    /// Watches the endpoints of `target`, on the runtime this is called on.
    ///
    /// # Errors
    /// The target needs a registry, and there is none.
    pub fn watch(&self, target: &Target) -> Result<Endpoints, NoRegistry> {
        Ok(Endpoints::fixed(target.endpoints().iter().map(Endpoint::at)))
    }
}

/// A target that only a registry can resolve, where there is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is found through a registry, and there is none: set REGISTRY=consul://host:port")]
pub struct NoRegistry(pub Target);
