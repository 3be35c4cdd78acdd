//! The interface of the client stack's layers.

use crate::{call::Call, response::CallResult};

/// A layer of the stack, with all layers below it.
///
/// Like [`tower::Service`], but the call is borrowed: a retry sends it again without a copy, and the
/// future is not boxed.
pub(crate) trait CallService: Send + Sync + 'static {
    fn call(&self, call: &mut Call) -> impl Future<Output = CallResult> + Send;
}
