//! One connection: [`serve()`] detects its protocol and drives it to its end.

mod context;
mod cork;
mod frame_budget;
mod http1;
mod http2;
mod line_ends;
mod proxy_protocol;
mod receive;
mod request_watch;
mod serve;
mod service;
mod slot_body;
mod socket;
mod upgrade;

pub(crate) use context::ServerContext;
pub(crate) use serve::{Accepted, FINAL_GRACE, serve};
pub use upgrade::Upgrade;
