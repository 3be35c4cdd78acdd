//! A write as its caller describes it, and how its response is made.

use std::sync::Arc;

use audit::WriteCall;

use crate::{domain::Tree, store::changes::FeedPosition};

/// The actor, the idempotency key and the mode of a write.
#[derive(Debug, Clone, Default)]
pub(crate) struct WriteContext {
    /// Recorded with each change. Empty if the client names none.
    pub(crate) actor: String,
    /// Its event of the audit trail; `None` for writes that the service makes for itself.
    pub(crate) audit: Option<WriteCall>,
    /// Makes retries safe: a repeated request gets the stored response.
    pub(crate) request: Option<RequestKey>,
    /// Run the write and return its response, but roll it back.
    pub(crate) validate_only: bool,
}

impl WriteContext {
    /// Sets the resource of the write, for the audit trail.
    pub(crate) fn name_resource(&self, id: &str) {
        if let Some(call) = &self.audit {
            call.set_resource(id);
        }
    }
}

/// The resource of a write, for the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    /// The id of the resource; empty to leave it as the request names it.
    pub(crate) resource: String,
    /// The product's revision; 0 without a product.
    pub(crate) revision: i64,
    /// How many products; 0 if nothing was written.
    pub(crate) count: i32,
}

impl Written {
    /// One resource.
    pub(crate) fn of(resource: &str, revision: i64) -> Self {
        Self { resource: resource.to_owned(), revision, count: 1 }
    }
}

/// The identity of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestKey {
    /// The client's `request_id`, unique to one write.
    pub(crate) id: String,
    /// A digest of the request, to detect an id that is reused for another one.
    pub(crate) fingerprint: [u8; 32],
}

/// A write with a `T` as result and an `A` as response.
///
/// The response to a write with a [`RequestKey`] is stored as bytes, to be returned again when the
/// request is repeated. Only the three functions know its encoding.
pub(crate) struct Write<T, A = T> {
    pub(crate) context: WriteContext,
    pub(crate) to_response: fn(T, &AfterWrite) -> A,
    pub(crate) written: fn(&A) -> Written,
    pub(crate) encode: fn(&A) -> Vec<u8>,
    /// None if the bytes are not an encoded response.
    pub(crate) decode: fn(&[u8]) -> Option<A>,
}

/// Implemented by hand: a derive would demand that `T` and `A` are `Clone`.
impl<T, A> Clone for Write<T, A> {
    fn clone(&self) -> Self {
        let Self { context, to_response, written, encode, decode } = self;
        Self {
            context: context.clone(),
            to_response: *to_response,
            written: *written,
            encode: *encode,
            decode: *decode,
        }
    }
}

/// The state that a write leads to.
#[derive(Debug)]
pub(crate) struct AfterWrite {
    pub(crate) tree: Arc<Tree>,
    /// A read that has reached this position shows the write.
    pub(crate) position: FeedPosition,
}

impl<T> Write<T> {
    /// A write without an idempotency key, with its result as response.
    pub(crate) fn plain(context: WriteContext) -> Self {
        Self {
            context,
            to_response: |value, _| value,
            written: |_| Written::of("", 0),
            encode: |_| Vec::new(),
            decode: |_| None,
        }
    }

    /// A write that the service makes by itself, without an actor.
    pub(in crate::store) fn internal() -> Self {
        Self::plain(WriteContext::default())
    }
}
