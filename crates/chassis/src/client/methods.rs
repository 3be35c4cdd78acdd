//! What a contract says of its methods.

use std::{collections::HashMap, sync::Arc};

use prost::Message as _;
use prost_types::{FileDescriptorSet, MethodDescriptorProto, method_options::IdempotencyLevel};
use telemetry::Shape;

/// The one method that every service has, and whose contract is not ours to complete.
const HEALTH_CHECK: &str = "/grpc.health.v1.Health/Check";

/// The methods of a contract, by path. Cheap to clone.
///
/// Whether a call may be sent again is for the contract to say, by `option idempotency_level`:
/// NO_SIDE_EFFECTS or IDEMPOTENT. A method that says nothing is taken for one that writes.
#[derive(Debug, Clone)]
pub struct Methods(Arc<HashMap<String, Method>>);

/// What is known of a method. By default the least.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Method {
    /// One message in, one out.
    pub(super) unary: bool,
    /// Its requests stream.
    pub(super) streams_in: bool,
    /// Once or twice is the same.
    pub(super) idempotent: bool,
    /// It has no side effects at all.
    pub(super) reads: bool,
    /// As spans and metrics name it.
    pub(super) label: telemetry::Method,
}

impl Methods {
    /// Those of an encoded `FileDescriptorSet`.
    ///
    /// # Panics
    /// When it is none: it is compiled into the program.
    #[must_use]
    pub fn of(descriptors: &[u8]) -> Self {
        let files = FileDescriptorSet::decode(descriptors).expect("descriptors are well-formed");
        let mut methods = HashMap::new();
        for file in &files.file {
            for service in &file.service {
                for method in &service.method {
                    let (package, service, name) = (file.package(), service.name(), method.name());
                    let path = format!("/{package}.{service}/{name}");
                    let method = Method::of(&path, method);
                    methods.insert(path, method);
                }
            }
        }
        Self::with_health(methods)
    }

    pub(super) fn get(&self, path: &str) -> Method {
        self.0.get(path).copied().unwrap_or_default()
    }

    fn with_health(mut methods: HashMap<String, Method>) -> Self {
        let label = telemetry::Method::of_contract(HEALTH_CHECK, Shape::Unary);
        let check = Method { unary: true, idempotent: true, label, ..Method::default() };
        methods.insert(HEALTH_CHECK.to_owned(), check);
        Self(Arc::new(methods))
    }
}

impl Default for Methods {
    fn default() -> Self {
        Self::with_health(HashMap::new())
    }
}

impl Method {
    fn of(path: &str, method: &MethodDescriptorProto) -> Self {
        let options = method.options.as_ref();
        let level = options.map(|options| options.idempotency_level()).unwrap_or_default();
        let shape = Shape::of(method.client_streaming(), method.server_streaming());
        Self {
            unary: !method.client_streaming() && !method.server_streaming(),
            streams_in: method.client_streaming(),
            idempotent: level != IdempotencyLevel::IdempotencyUnknown,
            reads: level == IdempotencyLevel::NoSideEffects,
            label: telemetry::Method::of_contract(path, shape),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_said_is_known() {
        let methods = Methods::of(tonic_health::pb::FILE_DESCRIPTOR_SET);
        let watch = methods.get("/grpc.health.v1.Health/Watch");
        assert_eq!(
            Method { label: Method::default().label, ..watch },
            Method::default(),
            "it streams, and says nothing of being idempotent"
        );
        assert!(methods.get(HEALTH_CHECK).idempotent && methods.get(HEALTH_CHECK).unary);
        assert_eq!(methods.get("/test.Service/Unknown"), Method::default());
    }
}
