//! Circuit breaking: when to stop calling what does not answer, and when to try again.
//!
//! A [`Breaker`] watches outcomes and decides who may pass; a [`BreakerLayer`] puts one in front
//! of any tower service. The two are apart so that the policy can be tested alone, on a
//! [`ManualClock`], and used without the layer, as a balancer's gate.
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
//! The rules are those of sony/gobreaker v2, replayed event by event in `tests/replay.rs`, and
//! beyond them: consecutive failures and slow calls also trip, open time doubles with jitter, and
//! a probe's place is leased, so that a probe that hangs cannot hold it for ever.
//!
//! **Invariant:** a half-open breaker never has more than [`Probes::max`] leases out.
//! **Invariant:** an outcome only touches the state it was admitted in.
//! **Invariant:** a call that changes nothing takes no lock, and is counted all the same.
//! **Invariant:** no lock is held while a hook runs, so a hook may call the breaker it watches.
//!
//! Absent on purpose: gRPC. Which answers are failures is for a [`Classify`] to say.

mod backoff;
mod breaker;
mod classify;
mod clock;
mod fast;
mod layer;
mod machine;
mod outcome;
mod permit;
mod settings;
mod slots;
mod state;
mod sync;
mod tally;

pub use crate::{
    breaker::{Breaker, Builder},
    classify::{ByResult, Classify},
    clock::{Clock, ManualClock, Monotonic},
    layer::{BreakerLayer, Guarded},
    outcome::Outcome,
    permit::Permit,
    settings::{Backoff, Probes, Settings, Slow, Trip, Window},
    state::{Rejected, Snapshot, State, Transition},
};
