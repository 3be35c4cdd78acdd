//! What tests of the whole system need: the real programs as processes on free ports, a browser,
//! an HTTP client, and patience with a limit.
//!
//! Dev-only. **Invariant:** whatever a test starts ends with it, however the test ends.

mod browser;
mod fleet;
mod http_client;
mod process;
mod programs;
mod wait;

pub use browser::{Browser, Page};
pub use fleet::{Fleet, Service};
pub use http_client::{Answer, delete, get, get_page, patch, post};
pub use process::{Output, Process, run};
pub use programs::{program, repository, shared_data};
pub use wait::{until, until_within};
