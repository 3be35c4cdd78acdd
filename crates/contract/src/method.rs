//! A method of the contract: its name, and how it may be called.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::{
    class::Class,
    scope::Scope,
    shape::{Idempotency, Shape},
};

/// Every path, with its number. Names become labels of metrics: only the names of a contract are kept, so that requests
/// cannot make new labels.
static PATHS: Mutex<Option<HashMap<&'static str, usize>>> = Mutex::new(None);

/// A method of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Method {
    /// `/package.Service/Method`.
    pub path: &'static str,
    /// From 1 up, in the order in which methods were read; 0 is [`Method::OTHER`].
    pub number: usize,
    /// Which direction streams.
    pub shape: Shape,
    /// Whether a call may be repeated.
    pub idempotency: Idempotency,
    /// The scope that a caller must hold (`option required_scope`); `None` for methods that are not ours, such as
    /// health checks.
    pub scope: Option<Scope>,
    /// The cost of its calls (`option rate_class`, or as it follows from shape and idempotency).
    pub class: Class,
    /// It is a health check: called all the time, so a trace of it tells nothing.
    pub is_probe: bool,
}

impl Method {
    /// Any method that is not in the contract.
    pub const OTHER: Self = Self {
        path: "/other",
        number: 0,
        shape: Shape::Unary,
        idempotency: Idempotency::Unknown,
        scope: None,
        class: Class::Write,
        is_probe: false,
    };

    /// The method with this path. Paths are kept until the process ends: only paths of a contract may be passed.
    pub(crate) fn of_contract(path: &str, shape: Shape, idempotency: Idempotency) -> Self {
        let mut paths = PATHS.lock().unwrap_or_else(PoisonError::into_inner);
        let paths = paths.get_or_insert_default();
        let known = paths.get_key_value(path).map(|(path, number)| (*path, *number));
        let (path, number) = known.unwrap_or_else(|| {
            let (path, number): (&'static str, _) = (path.to_owned().leak(), paths.len() + 1);
            paths.insert(path, number);
            (path, number)
        });
        let is_probe = path.starts_with("/grpc.health.");
        let class = Class::of(shape, idempotency, is_endless(path, shape));
        Self { path, number, shape, idempotency, scope: None, class, is_probe }
    }

    /// The name of spans and labels: `package.Service/Method`.
    pub fn name(self) -> &'static str {
        &self.path[1..]
    }

    /// The service and the method.
    pub fn parts(self) -> (&'static str, &'static str) {
        self.name().split_once('/').unwrap_or(("other", self.name()))
    }

    /// Whether the contract says that one message is answered with one message.
    pub fn is_unary(self) -> bool {
        self.number != 0 && self.shape == Shape::Unary
    }

    /// Whether its responses stream for as long as they are read: its name begins with `Watch`, or it is
    /// reflection.
    pub fn is_endless(self) -> bool {
        is_endless(self.path, self.shape)
    }

    /// Whether its requests stream.
    pub fn streams_in(self) -> bool {
        matches!(self.shape, Shape::ClientStream | Shape::Both)
    }

    /// Whether the contract says that a repeated call has the effect of one.
    pub fn is_idempotent(self) -> bool {
        self.idempotency >= Idempotency::Idempotent
    }

    /// Whether its calls are audited: it needs a scope for writes, and does not only read.
    pub fn is_audited(self) -> bool {
        self.scope.is_some_and(Scope::is_for_writes) && !self.has_no_side_effects()
    }

    /// Whether the contract says that it only reads.
    pub fn has_no_side_effects(self) -> bool {
        self.idempotency == Idempotency::NoSideEffects
    }
}

fn is_endless(path: &str, shape: Shape) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_watch = name.starts_with("Watch") || name == "ServerReflectionInfo";
    is_watch && matches!(shape, Shape::ServerStream | Shape::Both)
}

impl Default for Method {
    fn default() -> Self {
        Self::OTHER
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_kept_once() {
        let method = |path| Method::of_contract(path, Shape::Unary, Idempotency::Unknown);
        let (one, other) = (method("/a.v1.S/Get"), method("/a.v1.S/Get"));
        assert!(std::ptr::eq(one.path, other.path));
        assert_eq!(one, other);
        assert_eq!(one.parts(), ("a.v1.S", "Get"));
        assert_eq!(Method::OTHER.name(), "other");
        assert_eq!(Method::OTHER.parts(), ("other", "other"));
        assert!(method("/grpc.health.v1.Health/Check").is_probe);
    }
}
