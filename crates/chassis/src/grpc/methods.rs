//! What there is to call, as the contract's descriptors have it.

use std::{collections::HashMap, sync::Arc};

use prost::Message as _;
use prost_types::{FileDescriptorSet, method_options::IdempotencyLevel};
use telemetry::Shape;

/// How a method is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One message in, one out. So is taken whatever is not known.
    Unary,
    /// One message in, and what comes out ends by itself.
    ServerStream,
    /// Messages in, and one or more out.
    ClientStream,
    /// Goes on as long as someone reads: its name begins with `Watch`, or it is reflection.
    Watch,
}

impl Kind {
    /// Whether a request is one message.
    pub(crate) fn takes_one(self) -> bool {
        self != Self::ClientStream
    }
}

/// Methods by their paths. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Methods(Arc<HashMap<String, Method>>);

/// A method as a server knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Method {
    /// From 1 up, below [`Methods::count`]; 0 is whatever is not known.
    pub(crate) number: usize,
    pub(crate) kind: Kind,
    /// Whether the contract says that it has no side effects (`idempotency_level`).
    pub(crate) is_read: bool,
    /// As spans and metrics name it.
    pub(crate) label: telemetry::Method,
    /// Its index among the methods that are served ahead of the general stack.
    pub(crate) unary: Option<usize>,
}

impl Method {
    const UNKNOWN: Self = Self {
        number: 0,
        kind: Kind::Unary,
        is_read: false,
        label: telemetry::Method::OTHER,
        unary: None,
    };
}

impl Methods {
    /// The methods in encoded descriptor sets.
    ///
    /// # Panics
    /// When one is none: they are compiled in.
    pub(crate) fn of(descriptors: &[&[u8]]) -> Self {
        let mut methods = HashMap::new();
        for encoded in descriptors {
            let set = FileDescriptorSet::decode(*encoded).expect("a compiled descriptor set");
            for file in &set.file {
                for service in &file.service {
                    for method in &service.method {
                        let package = file.package();
                        let path = format!("/{package}.{}/{}", service.name(), method.name());
                        let number = methods.len() + 1;
                        let kind = kind(method);
                        let shape = Shape::of(method.client_streaming(), method.server_streaming());
                        let label = telemetry::Method::of_contract(&path, shape);
                        let is_read = has_no_side_effects(method);
                        let method = Method { number, kind, is_read, label, unary: None };
                        methods.entry(path).or_insert(method);
                    }
                }
            }
        }
        Self(Arc::new(methods))
    }

    /// The same methods, of which those with these paths are served ahead of the general stack.
    ///
    /// # Panics
    /// When one of them is not a unary method of the contract.
    pub(crate) fn with_unary(&self, paths: &[&str]) -> Self {
        let mut methods = HashMap::clone(&self.0);
        for (index, path) in paths.iter().enumerate() {
            let method = methods.get_mut(*path).filter(|method| method.kind == Kind::Unary);
            method.expect("it is a unary method of the contract").unary = Some(index);
        }
        Self(Arc::new(methods))
    }

    /// The method with this path.
    pub(crate) fn find(&self, path: &str) -> Method {
        self.0.get(path).copied().unwrap_or(Method::UNKNOWN)
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len() + 1
    }
}

fn has_no_side_effects(method: &prost_types::MethodDescriptorProto) -> bool {
    let options = method.options.as_ref();
    options.is_some_and(|options| options.idempotency_level() == IdempotencyLevel::NoSideEffects)
}

fn kind(method: &prost_types::MethodDescriptorProto) -> Kind {
    let is_watch = method.name().starts_with("Watch") || method.name() == "ServerReflectionInfo";
    match (method.client_streaming(), method.server_streaming()) {
        (_, true) if is_watch => Kind::Watch,
        (true, _) => Kind::ClientStream,
        (false, true) => Kind::ServerStream,
        (false, false) => Kind::Unary,
    }
}

#[cfg(test)]
mod tests {
    use prost_types::{MethodDescriptorProto, MethodOptions};

    use super::*;

    #[test]
    fn methods_are_known_by_their_paths() {
        let methods = Methods::of(&[tonic_health::pb::FILE_DESCRIPTOR_SET]);
        assert_eq!(methods.find("/grpc.health.v1.Health/Check").kind, Kind::Unary);
        assert_eq!(methods.find("/grpc.health.v1.Health/Watch").kind, Kind::Watch);
        assert_eq!(methods.find("/no.such/Method"), Method::UNKNOWN);
        assert_eq!(methods.find("/grpc.health.v1.Health/Check").number, 1);
    }

    #[test]
    fn reads_are_those_the_contract_marks_free_of_side_effects() {
        let method = |name: &str, level: Option<IdempotencyLevel>| MethodDescriptorProto {
            name: Some(name.to_owned()),
            options: Some(MethodOptions {
                idempotency_level: level.map(Into::into),
                ..Default::default()
            }),
            ..Default::default()
        };
        let methods = Methods::of(&[&testkit::test_contract(vec![
            method("Get", Some(IdempotencyLevel::NoSideEffects)),
            method("Put", Some(IdempotencyLevel::Idempotent)),
            method("Add", None),
        ])]);
        let is_read = ["Get", "Put", "Add", "Other"]
            .map(|name| methods.find(&format!("/test.Service/{name}")).is_read);
        assert_eq!(is_read, [true, false, false, false]);
    }

    #[test]
    fn some_are_served_ahead_of_the_others() {
        let methods = Methods::of(&[tonic_health::pb::FILE_DESCRIPTOR_SET]);
        assert_eq!(methods.find("/grpc.health.v1.Health/Check").unary, None);
        let methods = methods.with_unary(&["/grpc.health.v1.Health/Check"]);
        assert_eq!(methods.find("/grpc.health.v1.Health/Check").unary, Some(0));
        assert_eq!(methods.find("/grpc.health.v1.Health/Watch").unary, None);
    }
}
