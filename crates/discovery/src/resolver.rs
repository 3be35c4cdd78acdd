//! From a target to its endpoints.

use std::sync::Arc;

use crate::{Endpoint, Endpoints, Registry, Target, dns::Dns, follow::Follow, gauge};

/// Turns targets into endpoints. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Resolver {
    registry: Option<Arc<dyn Registry>>,
}

impl Resolver {
    /// One that asks `registry` for what is found through one.
    pub fn new(registry: Option<Arc<dyn Registry>>) -> Self {
        Self { registry }
    }

    /// Watches the endpoints of `target`, on the runtime this is called on.
    ///
    /// # Errors
    /// The target is found through a registry, and there is none.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn watch(&self, target: &Target) -> Result<Endpoints, NoRegistry> {
        let endpoints = match target {
            Target::Static(addresses) => Endpoints::fixed(addresses.iter().map(Endpoint::at)),
            Target::Dns(name) => Endpoints::watch(Dns { name: name.clone() }),
            Target::Consul(query) => {
                let registry = self.registry.clone().ok_or_else(|| NoRegistry(target.clone()))?;
                Endpoints::watch(Follow { registry, query: query.clone() })
            }
        };
        gauge::measure(&endpoints, target);
        Ok(endpoints)
    }
}

/// A target that only a registry can resolve, where there is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is found through a registry, and there is none: set REGISTRY=consul://host:port")]
pub struct NoRegistry(pub Target);
