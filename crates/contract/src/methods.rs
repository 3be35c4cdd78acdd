//! The methods of a contract, found by path.

use std::{collections::HashMap, sync::Arc};

use crate::{
    declared,
    method::Method,
    shape::{Idempotency, Shape},
};

/// Every server has this method, and its contract, which is not ours, does not say that it is
/// idempotent.
const HEALTH_CHECK: &str = "/grpc.health.v1.Health/Check";

/// The methods of a contract, by path such as `/package.Service/Method`, for its clients. Always
/// includes the health check. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Methods(Arc<HashMap<&'static str, Method>>);

impl Methods {
    /// The methods of an encoded `FileDescriptorSet`.
    ///
    /// # Panics
    /// If `descriptors` cannot be decoded: they are compiled into the program.
    #[must_use]
    pub fn of(descriptors: &[u8]) -> Self {
        Self::with_health(declared(descriptors).into_iter().map(|declared| declared.method))
    }

    /// The method with this path; [`Method::OTHER`] if the contract has none.
    pub fn get(&self, path: &str) -> Method {
        self.0.get(path).copied().unwrap_or_default()
    }

    fn with_health(methods: impl Iterator<Item = Method>) -> Self {
        let check = Method::of_contract(HEALTH_CHECK, Shape::Unary, Idempotency::Idempotent);
        Self(Arc::new(methods.chain([check]).map(|method| (method.path, method)).collect()))
    }
}

impl Default for Methods {
    fn default() -> Self {
        Self::with_health(std::iter::empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_have_only_declared_properties() {
        let methods = Methods::of(tonic_health::pb::FILE_DESCRIPTOR_SET);
        let watch = methods.get("/grpc.health.v1.Health/Watch");
        assert_eq!(watch.shape, Shape::ServerStream);
        assert!(!watch.is_unary() && !watch.is_idempotent());
        let check = methods.get(HEALTH_CHECK);
        assert!(check.is_idempotent() && check.is_unary() && !check.has_no_side_effects());
        assert_eq!(Methods::default().get(HEALTH_CHECK), check);
        let unknown = methods.get("/test.Service/Unknown");
        assert_eq!(unknown, Method::OTHER);
        assert!(!unknown.is_unary() && !unknown.is_idempotent());
    }
}
