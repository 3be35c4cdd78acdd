//! The gateway: the public API and the storefront, on one port.
//!
//! A request is either gRPC (or gRPC-web, or Connect), which is forwarded as raw bytes, or web traffic, which is
//! handled here with calls to the catalogue and the search service.
//!
//! | module | content |
//! |---|---|
//! | `config` | all settings, with their flags and environment variables |
//! | `start` | builds and starts the server |
//! | `protocol` | routes a request by its protocol: gRPC, gRPC-web, Connect or web |
//! | `connect` | the Connect protocol, translated to gRPC |
//! | `proxy` | forwards gRPC calls without decoding them |
//! | `imports` | imports of files: spool, download, progress |
//! | `transfers` | files over HTTP: imports and exports |
//! | `whole_files` | the limit of exports that are made as a whole |
//! | `rate_limits` | limits on the rate of web requests |
//! | `web_layer` | the middleware around all web routes: problems and security headers |
//! | `json` | the JSON API and its OpenAPI document |
//! | `live`, `events`, `event_stream` | live stock: one watch of the change feed, many server-sent event streams |
//! | `agents` | shopping agents: UCP over REST, and MCP |
//! | `crawlers` | robots.txt, sitemap, llms.txt |
//! | `media` | pictures from a directory |
//! | `ops` | the state of the deployment and the latest requests, for `/ops` |
//! | `pages` | the storefront, the desk for merchandisers, and `/ops` for whoever is on call |
//! | `prices` | the prices of a product and its variants |
//! | `problem`, `errors` | error responses (RFC 9457), and the table of their reasons |
//! | `state` | `AppState`, the state of all web handlers |
//! | `upstreams`, `encoded` | clients of the upstream services, typed or for encoded messages |
//! | `contract` | the contract as a value: its methods, the fields of their messages, its OpenAPI document |
//! | `actor`, `request_id` | the headers `x-actor` and `x-request-id` |
//! | `health` | readiness, and the state of the upstreams |
//!
//! A web handler takes `State<AppState>` or, for calls that carry the request's id, the extractor
//! `Upstreams`. It returns `Result<impl IntoResponse, Problem>`; `?` converts a `tonic::Status` into a
//! `Problem`, which `web_layer` renders as JSON, or as a page for a browser.

mod access_log;
mod actor;
mod agents;
mod base_url;
mod client_address;
mod config;
mod connect;
mod contract;
mod cors;
mod crawlers;
mod encoded;
mod errors;
mod event_stream;
mod events;
mod health;
mod import_args;
mod imports;
mod json;
mod live;
mod media;
mod ops;
mod pages;
mod parameter;
mod prices;
mod problem;
mod protocol;
mod proxy;
mod rate_limits;
mod representation;
mod request_id;
mod request_metadata;
mod same_site;
mod security_headers;
mod start;
mod state;
mod transfers;
mod upstreams;
mod web_layer;
mod whole_files;

pub use chassis::Running;
pub use config::Config;
pub use contract::Contract;
pub use errors::{Reason, reasons};
pub use import_args::ImportArgs;
pub use start::{start, start_with};
