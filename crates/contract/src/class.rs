//! Classes of methods: the cost of a call.

use crate::shape::{Idempotency, Shape};

/// The class of a method by the cost of its calls, for limits on their rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Reads one thing or a page.
    Read,
    /// Searches.
    Search,
    /// Writes.
    Write,
    /// Moves many products: a finite stream in either direction.
    Bulk,
    /// A stream that lasts as long as it is read.
    Stream,
}

impl Class {
    /// All classes.
    pub const ALL: [Self; 5] = [Self::Read, Self::Search, Self::Write, Self::Bulk, Self::Stream];

    /// Its name in the contract, in settings and in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Search => "search",
            Self::Write => "write",
            Self::Bulk => "bulk",
            Self::Stream => "stream",
        }
    }

    /// The class with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }

    /// The class of a method without one in its contract.
    pub(crate) fn of(shape: Shape, idempotency: Idempotency, is_endless: bool) -> Self {
        match shape {
            _ if is_endless => Self::Stream,
            Shape::ServerStream | Shape::ClientStream | Shape::Both => Self::Bulk,
            Shape::Unary if idempotency == Idempotency::NoSideEffects => Self::Read,
            Shape::Unary => Self::Write,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_follow_from_how_a_method_is_called() {
        let of = |shape, idempotency| Class::of(shape, idempotency, false);
        assert_eq!(of(Shape::Unary, Idempotency::NoSideEffects), Class::Read);
        assert_eq!(of(Shape::Unary, Idempotency::Idempotent), Class::Write);
        assert_eq!(of(Shape::ServerStream, Idempotency::NoSideEffects), Class::Bulk);
        assert_eq!(of(Shape::ClientStream, Idempotency::Unknown), Class::Bulk);
        let watch = Class::of(Shape::ServerStream, Idempotency::NoSideEffects, true);
        assert_eq!(watch, Class::Stream);
        assert!(Class::ALL.iter().all(|class| Class::named(class.name()) == Some(*class)));
    }
}
