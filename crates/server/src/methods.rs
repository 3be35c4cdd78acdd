//! The methods of a server, from the contract's descriptors.

use std::{collections::HashMap, sync::Arc};

use contract::Shape;

/// How a method is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One message in, one out. Unknown methods count as unary.
    Unary,
    /// One message in, a finite stream out.
    ServerStream,
    /// A stream in, one or more messages out.
    ClientStream,
    /// An endless stream out: its name begins with `Watch`, or it is reflection.
    Watch,
}

impl Kind {
    fn of(method: contract::Method) -> Self {
        let (_, name) = method.parts();
        let is_watch = name.starts_with("Watch") || name == "ServerReflectionInfo";
        match method.shape {
            Shape::ServerStream | Shape::Both if is_watch => Self::Watch,
            Shape::ClientStream | Shape::Both => Self::ClientStream,
            Shape::ServerStream => Self::ServerStream,
            Shape::Unary => Self::Unary,
        }
    }
}

/// Methods by their paths. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Methods(Arc<HashMap<&'static str, Method>>);

/// A method of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Method {
    /// From 1 up, below [`Methods::count`]; 0: unknown.
    pub(crate) number: usize,
    pub(crate) kind: Kind,
    /// Its declaration in the contract.
    pub(crate) contract: contract::Method,
    /// Its index among the methods that are served ahead of the general stack.
    pub(crate) unary: Option<usize>,
}

impl Method {
    const UNKNOWN: Self =
        Self { number: 0, kind: Kind::Unary, contract: contract::Method::OTHER, unary: None };

    /// Whether a request is a single message.
    pub(crate) fn takes_one(&self) -> bool {
        matches!(self.contract.shape, Shape::Unary | Shape::ServerStream)
    }
}

impl Methods {
    /// The methods in encoded descriptor sets.
    ///
    /// # Panics
    /// When one cannot be decoded: they are compiled in.
    pub(crate) fn of(descriptors: &[&[u8]]) -> Self {
        let mut methods = HashMap::new();
        for declared in descriptors.iter().flat_map(|encoded| contract::declared(encoded)) {
            let (number, contract) = (methods.len() + 1, declared.method);
            let method = Method { number, kind: Kind::of(contract), contract, unary: None };
            methods.entry(contract.path).or_insert(method);
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

    /// The same methods, and streams over HTTP at these paths.
    pub(crate) fn with_streams(&self, paths: &[&'static str]) -> Self {
        let mut methods = HashMap::clone(&self.0);
        let stream = Method { kind: Kind::Watch, ..Method::UNKNOWN };
        methods.extend(paths.iter().map(|path| (*path, stream)));
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

#[cfg(test)]
mod tests {
    use prost_types::{MethodDescriptorProto, MethodOptions, method_options::IdempotencyLevel};

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
    fn reads_are_the_methods_marked_free_of_side_effects() {
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
        let is_read = ["Get", "Put", "Add", "Other"].map(|name| {
            methods.find(&format!("/test.Service/{name}")).contract.has_no_side_effects()
        });
        assert_eq!(is_read, [true, false, false, false]);
    }

    #[test]
    fn unary_handlers_are_found_by_index() {
        let methods = Methods::of(&[tonic_health::pb::FILE_DESCRIPTOR_SET]);
        assert_eq!(methods.find("/grpc.health.v1.Health/Check").unary, None);
        let methods = methods.with_unary(&["/grpc.health.v1.Health/Check"]);
        assert_eq!(methods.find("/grpc.health.v1.Health/Check").unary, Some(0));
        assert_eq!(methods.find("/grpc.health.v1.Health/Watch").unary, None);
    }
}
