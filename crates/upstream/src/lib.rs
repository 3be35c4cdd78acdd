//! Client of another service, over gRPC.
//!
//! An [`Upstream`] is a transport: pass it to a generated client, or send encoded requests. A call
//! passes these modules from top to bottom, and none imports one above it:
//!
//! | module | its part of a call |
//! |---|---|
//! | `upstream` | determines the deadline and the method, records telemetry |
//! | `deadline` | ends the call at its deadline, and sends the time left upstream |
//! | `retry` | retries a failed call that may be repeated, within a budget |
//! | `hedge` | sends a slow read to a second endpoint, if the settings say so |
//! | `service_breaker` | rejects calls while every endpoint fails |
//! | `balance` | picks the better of two connected endpoints, except ejected ones |
//! | `attempt` | sends the request to that endpoint and reads the response |
//! | `response`, `in_flight` | the response, and the record of the attempt until its end |
//! | `pool` | endpoints with their breakers and load, and their connections, by lane |
//! | `connection` | HTTP/2 connections and the exchanges on them |
//! | `call` | the vocabulary of all layers: the call, its completion, errors |
//!
//! For operators `report` and `events` have the state of endpoints and breakers and its latest changes,
//! `journal` the attempts of one request, and `direct` asks a single endpoint.
//!
//! `stack` composes the layers. A *lane* is the set of connections that belong to one thread (see
//! `pool::lane`); a call uses its own thread's lane.
//!
//! **Invariant:** a call ends. It has a deadline, or at least its response's headers have one, and a
//! service that cannot be reached returns UNAVAILABLE with a reason.
//! **Invariant:** a call that the server may have executed is sent again only if its contract or its
//! caller says that this does no harm.

mod attempt;
mod balance;
mod call;
mod call_service;
mod connection;
mod counters;
mod deadline;
mod direct;
mod events;
mod gauges;
mod hedge;
mod in_flight;
pub mod journal;
pub mod latency;
mod message;
mod pool;
mod report;
mod response;
mod retry;
mod service_breaker;
mod settings;
mod stack;
pub mod tls;
mod upstream;

pub use call::Idempotent;
pub use contract::Methods;
pub use events::{Subject, UpstreamEvent};
pub use message::{unary_message, unary_request};
pub use report::{BreakerReport, EndpointReport, UpstreamReport, endpoint_address, registry};
pub use response::ResponseBody;
pub use settings::Settings;
pub use upstream::Upstream;
