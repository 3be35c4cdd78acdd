//! Circuit breaker: stops calls to a failing upstream, and probes whether it has recovered.
//!
//! A [`Breaker`] issues a [`Permit`] for each call, and decides by their outcomes. It makes no calls
//! itself, so that the policy can be tested alone, on a [`ManualClock`], and a load balancer can
//! check it before it selects an endpoint.
//!
//! ```
//! use breaker::{Breaker, Settings, State};
//!
//! let breaker = Breaker::new(Settings::default());
//! for _ in 0..5 {
//!     breaker.admit()?.record(false);
//! }
//! assert_eq!(breaker.state(), State::Open);
//! assert!(breaker.admit().is_err());
//! # Ok::<(), breaker::Rejected>(())
//! ```
//!
//! The rules are those of sony/gobreaker v2, replayed event by event in `tests/replay.rs`, with
//! additions: consecutive failures and slow calls also trip the breaker, the open time doubles with
//! jitter, and the slot of a probe is leased, so that a probe that hangs does not hold it forever.
//!
//! **Invariant:** a half-open breaker never has more than [`Probes::max`] probes in flight.
//! **Invariant:** an outcome only affects the state in which its call was admitted.
//! **Invariant:** a call that changes no state takes no lock, and is counted nevertheless.
//! **Invariant:** no lock is held while a hook runs, so a hook may call its breaker.
//!
//! Absent on purpose: gRPC. Callers classify responses as an [`Outcome`].

mod breaker;
mod clock;
mod fast_path;
mod machine;
mod open_times;
mod outcome;
mod probe_slots;
mod settings;
mod state;
mod sync;
mod window_counts;

pub use crate::{
    breaker::{Breaker, Builder, Permit},
    clock::{Clock, ManualClock, Monotonic},
    outcome::Outcome,
    settings::{Backoff, Probes, Settings, Slow, Trip, Window},
    state::{Cause, Rejected, Snapshot, State, Transition},
};
