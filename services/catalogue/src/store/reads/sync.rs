//! What threads share here, in one place so that a test can replace it.

pub(super) use std::sync::atomic::{AtomicU64, Ordering};
