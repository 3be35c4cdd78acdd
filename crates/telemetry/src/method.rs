//! The names of methods, as labels: only what the contract knows is one, so that strangers cannot
//! make labels, and none is copied for it.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// Every name, with its number.
static NAMES: Mutex<Option<HashMap<&'static str, usize>>> = Mutex::new(None);

/// How many messages go each way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One in, one out.
    Unary,
    /// One in, many out.
    ServerStream,
    /// Many in, one out.
    ClientStream,
    /// Many in, many out.
    Both,
}

impl Shape {
    /// Of a method whose requests, whose answers stream.
    #[must_use]
    pub fn of(requests_stream: bool, answers_stream: bool) -> Self {
        match (requests_stream, answers_stream) {
            (false, false) => Self::Unary,
            (false, true) => Self::ServerStream,
            (true, false) => Self::ClientStream,
            (true, true) => Self::Both,
        }
    }

    pub(crate) fn streams(self) -> bool {
        self != Self::Unary
    }

    /// As grpc-prometheus has it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unary => "unary",
            Self::ServerStream => "server_stream",
            Self::ClientStream => "client_stream",
            Self::Both => "bidi_stream",
        }
    }
}

/// A method as spans and metrics name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Method {
    /// `package.Service/Method`.
    pub(crate) name: &'static str,
    /// From 1 up, in the order in which methods became known; 0 is [`Method::OTHER`].
    pub(crate) number: usize,
    /// How it is called.
    pub(crate) shape: Shape,
    /// It is asked all the time by whoever looks whether we are well: a trace of it tells nothing.
    pub(crate) is_probe: bool,
}

impl Method {
    /// Whatever is no method of ours.
    pub const OTHER: Self = Self { name: "other", number: 0, shape: Shape::Unary, is_probe: false };

    /// The method with this path, such as `/package.Service/Method`. Paths are kept until the process
    /// ends: only those of a contract may come here.
    #[must_use]
    pub fn of_contract(path: &str, shape: Shape) -> Self {
        let name = path.trim_start_matches('/');
        let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
        let names = names.get_or_insert_default();
        let known = names.get_key_value(name).map(|(name, number)| (*name, *number));
        let (name, number) = known.unwrap_or_else(|| {
            let (name, number): (&'static str, _) = (name.to_owned().leak(), names.len() + 1);
            names.insert(name, number);
            (name, number)
        });
        Self { name, number, shape, is_probe: name.starts_with("grpc.health.") }
    }

    /// The service and the method.
    pub(crate) fn parts(self) -> (&'static str, &'static str) {
        self.name.split_once('/').unwrap_or(("other", self.name))
    }
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
    fn a_name_is_kept_once() {
        let one = Method::of_contract("/a.v1.S/Get", Shape::Unary);
        let other = Method::of_contract("a.v1.S/Get", Shape::Unary);
        assert!(std::ptr::eq(one.name, other.name));
        assert_eq!(one.parts(), ("a.v1.S", "Get"));
        assert_eq!(Method::OTHER.parts(), ("other", "other"));
        assert!(Method::of_contract("/grpc.health.v1.Health/Check", Shape::Unary).is_probe);
    }
}
