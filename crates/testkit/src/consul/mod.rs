//! Consul for tests: a real agent, and a fake one that injects faults.
//!
//! ```no_run
//! # async fn test() -> anyhow::Result<()> {
//! use testkit::{Consul, ConsulOptions, FakeConsul};
//! // An agent for all tests of a process; without Consul, the test is skipped.
//! let Some(shared) = Consul::shared().await else { return Ok(()) };
//! // A private agent, which the test may kill, freeze and empty.
//! let Some(own) = Consul::start(ConsulOptions::default()).await? else { return Ok(()) };
//! // A fake agent, which is always available.
//! let fake = FakeConsul::start().await;
//! # Ok(())
//! # }
//! ```

mod agent;
mod fake;
mod guardian;

pub use agent::{Consul, ConsulOptions};
pub use fake::{ConsulFault, FakeConsul};
