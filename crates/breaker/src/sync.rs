//! What threads share. In one place, so that `tests/schedules` can put in its stead what tries every
//! order in which threads may run.

pub(crate) use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU32, AtomicU64, Ordering},
};
