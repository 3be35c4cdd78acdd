//! The edge: everything a caller sees, on one public port.
//!
//! What arrives is either gRPC (or gRPC-web), which is forwarded as raw bytes, or web traffic,
//! which is answered here from typed calls to the catalogue and the search service.
//!
//! | where | what |
//! |---|---|
//! | `config` | every setting, with its flag and environment variable |
//! | `actor`, `request_id` | who asks, and the id that follows what is asked |
//! | `contract` | the methods of the contract and the fields of their requests |
//! | `state` | `state::AppState`: what every web handler is given |
//! | `upstreams`, `encoded` | clients of the services behind us, typed or for encoded messages |
//! | `front` | tells gRPC from web traffic |
//! | `proxy` | gRPC, forwarded without being decoded |
//! | `edge` | what every web answer gets: request id, security headers, one log line, problems |
//! | `problem` | an error on its way to the caller (RFC 9457) |
//! | `json` | the JSON API and its OpenAPI document |
//! | `live`, `events` | stock as it changes: one upstream watch, many server-sent event streams |
//! | `media` | pictures from a folder |
//! | `pages` | the storefront, rendered here |
//! | `health` | whether we are ready, and what we depend on |
//!
//! A web handler takes `State<AppState>` or, for calls that carry the request's id, the extractor
//! `upstreams::Upstreams`; it answers `Result<impl IntoResponse, Problem>`, and `?` turns a
//! `tonic::Status` into the `problem::Problem` it stands for. `edge` renders a problem: as JSON,
//! or through `pages::problem_page` for a browser that asked for a page.

mod actor;
mod config;
mod contract;
mod edge;
mod encoded;
mod events;
mod front;
mod health;
mod json;
mod live;
mod media;
mod pages;
mod problem;
mod proxy;
mod request_id;
mod start;
mod state;
mod upstreams;

pub use chassis::Running;
pub use config::Config;
pub use start::start;
