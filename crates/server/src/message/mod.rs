//! The messages in gRPC bodies: their framing, checks of requests, bodies of responses.

mod check;
mod framing;
mod response_body;

pub(crate) use check::{CheckedBody, MessageRules};
pub(crate) use framing::Framing;
pub(crate) use response_body::{ResponseBody, limited, too_large};
