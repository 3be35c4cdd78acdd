//! What there is to call, as the contract's descriptors have it.

use std::{collections::HashMap, sync::Arc};

use prost::Message as _;
use prost_types::FileDescriptorSet;

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
pub(crate) struct Methods(Arc<HashMap<String, Kind>>);

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
                        methods.insert(path, kind(method));
                    }
                }
            }
        }
        Self(Arc::new(methods))
    }

    pub(crate) fn kind(&self, path: &str) -> Kind {
        self.0.get(path).copied().unwrap_or(Kind::Unary)
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
        assert_eq!(methods.kind("/grpc.health.v1.Health/Check"), Kind::Unary);
        assert_eq!(methods.kind("/grpc.health.v1.Health/Watch"), Kind::Watch);
        assert_eq!(methods.kind("/no.such/Method"), Kind::Unary);
    }
}
