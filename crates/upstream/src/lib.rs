//! The way to another service.
//!
//! An [`Upstream`] is a gRPC transport: give it to a generated client, or requests as bytes. A call
//! passes, in this order, the layers that `stack` puts together:
//!
//! | layer | what it sees to |
//! |---|---|
//! | `deadline` | the call ends in time, and says upstream how much time is left |
//! | `retry` | what failed and may be asked again is, within a budget |
//! | `hedge` | a read that is late is asked elsewhere as well, if that is wanted |
//! | `guard` | nobody is asked while every endpoint is bad |
//! | `balance` | the better of two connected endpoints, none that its own breaker has ejected |
//! | `connection` | HTTP/2, connected ahead of calls, kept alive |
//!
//! **Invariant:** a call ends. It has a deadline, or at least its headers have, and a service that
//! cannot be reached answers UNAVAILABLE with a reason.
//! **Invariant:** a call that may have been heard is sent again only if its contract, or its caller,
//! says that this does no harm.

mod answer;
mod attempt;
mod balance;
mod call;
mod classify;
mod connection;
mod deadline;
mod exchange;
mod guard;
mod hedge;
mod message;
mod metrics;
mod outgoing;
mod report;
mod response;
mod retry;
mod settings;
mod stack;
pub mod tls;
mod upstream;

pub use call::Idempotent;
pub use contract::Methods;
pub use message::{unary_message, unary_request};
pub use report::{BreakerReport, EndpointReport, UpstreamReport, registry};
pub use response::ResponseBody;
pub use settings::Settings;
pub use upstream::Upstream;
