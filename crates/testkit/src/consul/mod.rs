//! Consul for tests: a real agent, and one that misbehaves by script.
//!
//! ```no_run
//! # async fn test() -> anyhow::Result<()> {
//! use testkit::{Consul, ConsulOptions, FakeConsul};
//! // One agent for all tests of a process; without Consul, the test is skipped, said aloud.
//! let Some(shared) = Consul::shared().await else { return Ok(()) };
//! // One of a test's own, which it may kill, freeze and empty.
//! let Some(own) = Consul::start(ConsulOptions::default()).await? else { return Ok(()) };
//! // One that is none, and is always there.
//! let fake = FakeConsul::start().await;
//! # Ok(())
//! # }
//! ```

mod agent;
mod fake;
mod guardian;

pub use agent::{Consul, ConsulOptions};
pub use fake::{ConsulFault, FakeConsul};
