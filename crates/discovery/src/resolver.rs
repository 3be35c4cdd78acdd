//! Resolves targets to endpoints.

use std::sync::Arc;

use crate::{
    Endpoint, Endpoints, Registry, Target, age_metric, dns::DnsSource,
    registry_source::RegistrySource,
};

/// Resolves targets to endpoints. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Resolver {
    registry: Option<Arc<dyn Registry>>,
}

impl Resolver {
    /// A resolver that uses `registry` for `consul://` targets.
    pub fn new(registry: Option<Arc<dyn Registry>>) -> Self {
        Self { registry }
    }

    /// Watches the endpoints of `target`, in a task on the current runtime.
    ///
    /// # Errors
    /// If the target requires a registry, and none is configured.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn watch(&self, target: &Target) -> Result<Endpoints, NoRegistry> {
        let endpoints = match target {
            Target::Static(addresses) => Endpoints::fixed(addresses.iter().map(Endpoint::at)),
            Target::Dns(name) => Endpoints::watch(DnsSource { name: name.clone() }),
            Target::Consul(query) => {
                let registry = self.registry.clone().ok_or_else(|| NoRegistry(target.clone()))?;
                Endpoints::watch(RegistrySource { registry, query: query.clone() })
            }
        };
        age_metric::register(&endpoints, target);
        Ok(endpoints)
    }
}

/// A `consul://` target without a configured registry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} requires a registry, and none is configured: set REGISTRY=consul://host:port")]
pub struct NoRegistry(pub Target);
