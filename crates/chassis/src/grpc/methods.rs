//! What there is to call, as the contract's descriptors have it.

use std::{collections::HashMap, sync::Arc};

use prost::Message as _;
use prost_types::FileDescriptorSet;
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

#[derive(Debug, Clone, Copy)]
struct Method {
    /// From 1 up; 0 is whatever is not known.
    number: usize,
    kind: Kind,
    /// As spans and metrics name it.
    label: telemetry::Method,
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
                        methods.entry(path).or_insert(Method { number, kind, label });
                    }
                }
            }
        }
        Self(Arc::new(methods))
    }

    /// The number of a method, below [`Methods::count`], and how it is called.
    pub(crate) fn find(&self, path: &str) -> (usize, Kind) {
        let method = self.0.get(path);
        method.map_or((0, Kind::Unary), |method| (method.number, method.kind))
    }

    pub(crate) fn kind_and_label(&self, path: &str) -> (Kind, telemetry::Method) {
        let method = self.0.get(path);
        method.map_or((Kind::Unary, telemetry::Method::OTHER), |it| (it.kind, it.label))
    }

    pub(crate) fn label(&self, path: &str) -> telemetry::Method {
        self.kind_and_label(path).1
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len() + 1
    }
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
    use super::*;

    #[test]
    fn methods_are_known_by_their_paths() {
        let methods = Methods::of(&[tonic_health::pb::FILE_DESCRIPTOR_SET]);
        assert_eq!(methods.find("/grpc.health.v1.Health/Check").1, Kind::Unary);
        assert_eq!(methods.find("/grpc.health.v1.Health/Watch").1, Kind::Watch);
        assert_eq!(methods.find("/no.such/Method"), (0, Kind::Unary));
        assert_eq!(methods.find("/grpc.health.v1.Health/Check").0, 1);
    }
}
