//! Test environment: the real programs as processes on free ports, a browser, an HTTP client,
//! PostgreSQL, Consul, Prometheus, an OpenTelemetry collector, a network with faults, the host of a
//! feed, and fake upstreams.
//!
//! Dev-only. **Invariant:** everything that a test starts ends with the test, even if the test is killed.

mod browser;
mod certificates;
mod collector;
mod consul;
mod descriptors;
pub mod fake;
mod fake_issuer;
mod fake_keys;
mod fault_proxy;
mod feed_files;
mod feed_host;
mod figure;
mod fleet;
mod grpc_client;
pub mod http2_peer;
mod http_client;
mod import_files;
mod json_schema;
mod kubernetes;
mod nginx;
mod ports;
mod postgres;
mod process;
mod programs;
mod prometheus;
mod provision;
mod random;
mod ready_response;
mod schemathesis;
mod skip;
mod token_issuer;
mod ucp_schema;
mod wait;

pub use browser::{Browser, Page};
pub use certificates::{Ca, Certificates, ca};
pub use collector::Collector;
pub use consul::{Consul, ConsulFault, ConsulOptions, FakeConsul};
pub use descriptors::test_contract;
pub use fake_issuer::FakeIssuer;
pub use fake_keys::FakeKeys;
pub use fault_proxy::{Fault, FaultProxy};
pub use feed_files::{FeedContents, FeedFile, feed_product, import_feed_products};
pub use feed_host::{FeedHost, FeedRequests};
pub use figure::Figure;
pub use fleet::{Fleet, Service};
pub use grpc_client::{GrpcClient, GrpcResponse};
pub use http_client::{HttpClient, HttpResponse, delete, get, get_page, patch, post, request};
pub use http2_peer::Http2Peer;
pub use import_files::{Damage, FileRow, ImportFile};
pub use json_schema::{JsonSchema, acp_schema};
pub use kubernetes::kubernetes;
pub use nginx::Nginx;
pub use ports::{are_free, free_ports};
pub use postgres::{Database, Options as PostgresOptions, Postgres, PostgresServer, Shutdown};
pub use process::{Output, Process, cpu_seconds, peak_bytes, run};
pub use programs::{program, repository, shared_data};
pub use prometheus::prometheus;
pub use random::Random;
pub use ready_response::ready_response;
pub use schemathesis::Schemathesis;
pub use skip::skip;
pub use token_issuer::TokenIssuer;
pub use ucp_schema::ucp_schema;
pub use wait::{until, until_within};
