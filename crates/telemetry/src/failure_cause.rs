//! The cause of a failed call, for its one log line.

use std::{
    borrow::Cow,
    sync::{Arc, OnceLock},
};

/// Why a server call failed. A handler puts a clone into its response's extensions and sets the cause,
/// then or while it streams the body; the server's layer logs it with the failed call.
#[derive(Debug, Clone, Default)]
pub struct FailureCause(Arc<OnceLock<Cause>>);

#[derive(Debug)]
pub(crate) struct Cause {
    pub(crate) reason: Option<Cow<'static, str>>,
    pub(crate) error: String,
}

impl FailureCause {
    /// A cause that is known with the headers. `reason` is the machine-readable reason of the response,
    /// and `error` is for operators only.
    pub fn new(reason: impl Into<Cow<'static, str>>, error: impl Into<String>) -> Self {
        let cause = Self::default();
        cause.set(reason, error);
        cause
    }

    /// Sets the cause, unless it is set already.
    pub fn set(&self, reason: impl Into<Cow<'static, str>>, error: impl Into<String>) {
        self.0.set(Cause { reason: Some(reason.into()), error: error.into() }).ok();
    }

    /// Sets the error of a body that failed, unless the handler has set a cause.
    pub(crate) fn set_body_error(&self, error: &impl std::fmt::Display) {
        self.0.get_or_init(|| Cause { reason: None, error: error.to_string() });
    }

    pub(crate) fn get(&self) -> Option<&Cause> {
        self.0.get()
    }
}
