//! Synchronization primitives. `tests/schedules` replaces this module by those of shuttle, to explore
//! thread schedules.

pub(crate) use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU32, AtomicU64, Ordering},
};
