//! The atomics of [`super::stamps`], which `tests/schedules` replaces by those of shuttle.

pub(super) use std::sync::atomic::{AtomicU64, Ordering};
