//! Shared by gRPC clients and servers: the framing and compression of messages, deadlines, statuses with reasons, and
//! bodies received from h2.

pub mod deadline;
pub mod frame;
pub mod gzip;
pub mod received;
pub mod status;
