//! What a write is asked to be, and how its result is told.

use std::sync::Arc;

use proto::position::Position;

use crate::domain::Tree;

/// Who writes, whether again, and whether for real.
#[derive(Debug, Clone, Default)]
pub(crate) struct WriteContext {
    /// Kept with each change. Empty when nobody says who they are.
    pub(crate) actor: String,
    /// Makes trying again safe.
    pub(crate) request: Option<RequestKey>,
    /// Do everything, answer as it would be, and change nothing.
    pub(crate) validate_only: bool,
}

/// Which request a write was asked for with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestKey {
    /// Chosen by the caller, for one write.
    pub(crate) id: String,
    /// A digest of what was asked: tells the same request from another one with its id.
    pub(crate) fingerprint: [u8; 32],
}

/// A write that comes to a `T` and is answered with an `A`.
///
/// The answer to a write with a [`RequestKey`] is kept as bytes, for whoever asks again: the three
/// functions are the only ones that know what it looks like.
pub(crate) struct Write<T, A = T> {
    pub(crate) context: WriteContext,
    pub(crate) tell: fn(T, &Done) -> A,
    pub(crate) keep: fn(&A) -> Vec<u8>,
    /// None if it is not an answer.
    pub(crate) recall: fn(&[u8]) -> Option<A>,
}

/// Whatever `T` and `A` are: there are only functions of them in it.
impl<T, A> Clone for Write<T, A> {
    fn clone(&self) -> Self {
        let Self { context, tell, keep, recall } = self;
        Self { context: context.clone(), tell: *tell, keep: *keep, recall: *recall }
    }
}

/// The state a write leads to.
#[derive(Debug)]
pub(crate) struct Done {
    /// The categories as the write leaves them.
    pub(crate) tree: Arc<Tree>,
    /// A reader who has come as far sees the write.
    pub(crate) position: Position,
}

impl<T> Write<T> {
    /// A write that nobody asks for twice; its result is its answer.
    pub(crate) fn plain(actor: String, validate_only: bool) -> Self {
        let context = WriteContext { actor, request: None, validate_only };
        Self { context, tell: |value, _done| value, keep: |_| Vec::new(), recall: |_| None }
    }

    /// A write of our own: it is no one's change of a product.
    pub(super) fn housekeeping() -> Self {
        Self::plain(String::new(), false)
    }
}
