//! The methods of a server, from the contract's descriptors.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::Arc,
};

use contract::Shape;

/// Groups of requests outside the contract, such as JSON and pages, that are timed together.
const HTTP_GROUPS: usize = 64;

/// How a method is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One message in, one out. Unknown methods count as unary.
    Unary,
    /// One message in, a finite stream out.
    ServerStream,
    /// A stream in, one or more messages out.
    ClientStream,
    /// An endless stream out.
    Watch,
    /// A body of any size in, by POST or PATCH, which its handler receives; other requests of the path are unary.
    Upload,
}

impl Kind {
    fn of(method: contract::Method) -> Self {
        match method.shape {
            _ if method.is_endless() => Self::Watch,
            Shape::ClientStream | Shape::Both => Self::ClientStream,
            Shape::ServerStream => Self::ServerStream,
            Shape::Unary => Self::Unary,
        }
    }
}

/// Methods by their paths. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Methods(Arc<Table>);

#[derive(Debug, Clone, Default)]
struct Table {
    by_path: HashMap<&'static str, Method>,
    /// Streams and uploads over HTTP: the paths before and behind an id.
    of_items: Vec<(&'static str, &'static str, Method)>,
}

/// A method of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Method {
    /// From 1 up; 0: unknown.
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
    const STREAM: Self = Self { kind: Kind::Watch, ..Self::UNKNOWN };
    const UPLOAD: Self = Self { kind: Kind::Upload, ..Self::UNKNOWN };

    /// Whether a request with this HTTP method is a single message.
    pub(crate) fn takes_one(&self, method: &http::Method) -> bool {
        !self.is_upload(method) && matches!(self.contract.shape, Shape::Unary | Shape::ServerStream)
    }

    /// Whether a request with this HTTP method has a body that its handler receives.
    fn is_upload(&self, method: &http::Method) -> bool {
        self.kind == Kind::Upload && (method == http::Method::POST || method == http::Method::PATCH)
    }

    /// Whether a request with this HTTP method counts among the calls under way, and not among the open streams.
    pub(crate) fn is_call(&self, method: &http::Method) -> bool {
        self.kind == Kind::Unary || (self.kind == Kind::Upload && !self.is_upload(method))
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
        Self(Arc::new(Table { by_path: methods, of_items: Vec::new() }))
    }

    /// The same methods, with the methods of these paths served ahead of the general stack.
    ///
    /// # Panics
    /// When one of them is not a unary method of the contract.
    pub(crate) fn with_unary(&self, paths: &[&str]) -> Self {
        let mut table = Table::clone(&self.0);
        for (index, path) in paths.iter().enumerate() {
            let method = table.by_path.get_mut(*path).filter(|method| method.kind == Kind::Unary);
            method.expect("it is a unary method of the contract").unary = Some(index);
        }
        Self(Arc::new(table))
    }

    /// The same methods, and streams over HTTP at these paths, which may have one id in braces.
    pub(crate) fn with_streams(&self, paths: &[&'static str]) -> Self {
        self.with(paths, Method::STREAM)
    }

    /// The same methods, and uploads over HTTP to these paths, which may have one id in braces.
    pub(crate) fn with_uploads(&self, paths: &[&'static str]) -> Self {
        self.with(paths, Method::UPLOAD)
    }

    fn with(&self, paths: &[&'static str], method: Method) -> Self {
        let mut table = Table::clone(&self.0);
        for path in paths {
            match path
                .split_once('{')
                .and_then(|(before, rest)| Some((before, rest.split_once('}')?.1)))
            {
                Some((before, behind)) => table.of_items.push((before, behind, method)),
                None => drop(table.by_path.insert(path, method)),
            }
        }
        Self(Arc::new(table))
    }

    /// The method with this path.
    pub(crate) fn find(&self, path: &str) -> Method {
        self.0.by_path.get(path).copied().unwrap_or_else(|| self.0.find_item(path))
    }

    /// The group of requests for comparing latencies: a method, or outside the contract the paths with the same first
    /// two segments and the same length, so that a list is not compared with one of its items. Two such groups may
    /// share a number.
    pub(crate) fn group(&self, method: &Method, path: &str) -> usize {
        if method.number > 0 {
            return method.number;
        }
        let mut hasher = DefaultHasher::new();
        let segments = path.split('/').skip(1);
        segments.clone().take(2).for_each(|segment| segment.hash(&mut hasher));
        segments.count().hash(&mut hasher);
        let group = usize::try_from(hasher.finish() % HTTP_GROUPS as u64).unwrap_or_default();
        self.0.by_path.len() + 1 + group
    }

    /// Number of groups: all are below it.
    pub(crate) fn groups(&self) -> usize {
        self.0.by_path.len() + 1 + HTTP_GROUPS
    }
}

impl Table {
    /// The method of a path that is not known as a whole.
    fn find_item(&self, path: &str) -> Method {
        let found = self.of_items.iter().find(|(before, behind, _)| {
            path.strip_prefix(before)
                .and_then(|rest| rest.strip_suffix(behind))
                .is_some_and(|id| !id.is_empty() && !id.contains('/'))
        });
        found.map_or(Method::UNKNOWN, |(.., method)| *method)
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
    fn streams_and_uploads_over_http_are_no_calls() {
        let methods = Methods::of(&[tonic_health::pb::FILE_DESCRIPTOR_SET])
            .with_streams(&["/v1/changes", "/v1/imports/{id}/events", "/v1/imports/{id}:undo"])
            .with_uploads(&["/v1/imports", "/v1/uploads/{id}"]);
        for path in ["/v1/changes", "/v1/imports/a/events", "/v1/imports/a:undo"] {
            assert!(!methods.find(path).is_call(&http::Method::GET), "{path}");
        }
        for path in [
            "/v1/imports/a",
            "/v1/imports/a:cancel",
            "/v1/imports//events",
            "/v1/imports/a/b/events",
        ] {
            assert_eq!(methods.find(path), Method::UNKNOWN, "{path}");
        }
        let upload = methods.find("/v1/imports");
        assert!(!upload.is_call(&http::Method::POST) && !upload.takes_one(&http::Method::POST));
        assert!(upload.is_call(&http::Method::GET) && upload.takes_one(&http::Method::GET));
        let piece = methods.find("/v1/uploads/a");
        assert!(!piece.is_call(&http::Method::PATCH) && !piece.takes_one(&http::Method::PATCH));
        assert!(piece.is_call(&http::Method::HEAD) && piece.takes_one(&http::Method::DELETE));
        assert_eq!(methods.find("/v1/uploads/a/b"), Method::UNKNOWN);
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
    fn a_list_and_its_items_are_timed_apart() {
        let methods = Methods::of(&[tonic_health::pb::FILE_DESCRIPTOR_SET]);
        let group = |path| methods.group(&methods.find(path), path);
        assert_eq!(group("/grpc.health.v1.Health/Check"), 1);
        assert_eq!(group("/v1/products/a"), group("/v1/products/b"));
        assert_ne!(group("/v1/products"), group("/v1/products/a"));
        assert_ne!(group("/v1/products"), group("/v1/search"));
        assert!(["/", "", "/v1/search"].iter().all(|path| group(path) < methods.groups()));
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
