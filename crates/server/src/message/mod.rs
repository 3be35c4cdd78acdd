//! The messages in gRPC bodies: their framing and compression, checks of requests, bodies of responses.

mod check;
mod framing;
pub(crate) mod gzip;
mod response_body;
mod whole_messages;

pub(crate) use check::{CheckedBody, MessageRules};
pub(crate) use framing::Framing;
pub(crate) use response_body::{ResponseBody, limited, too_large};
pub(crate) use whole_messages::WholeMessages;
