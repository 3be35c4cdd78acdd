//! The contract in Rust: generated messages, clients and servers, and conversions that their users
//! share.
//!
//! `cargo xtask codegen` generates `src/generated` from `proto/`. Messages convert to and from JSON by
//! the proto3 mapping, through serde. Default values are written as well, so that a stock of 0 appears.

mod codec;
pub mod json;
pub mod money;
pub mod position;
pub mod time;

pub use codec::{
    ERROR_DOMAIN, EncodedCodec, EncodedEncoder, MESSAGE_INVALID, RequestCodec, RequestDecoder,
    message_invalid,
};

/// `catalogue.v1`: products, categories, stock, the change feed, bulk import and export.
pub mod catalogue {
    #[allow(
        unreachable_pub,
        clippy::all,
        clippy::allow_attributes_without_reason,
        reason = "generated"
    )]
    pub mod v1 {
        include!("generated/catalogue.v1.rs");
        include!("generated/catalogue.v1.serde.rs");
    }
}

/// `search.v1`: full-text search and its administration.
pub mod search {
    #[allow(
        unreachable_pub,
        clippy::all,
        clippy::allow_attributes_without_reason,
        reason = "generated"
    )]
    pub mod v1 {
        include!("generated/search.v1.rs");
        include!("generated/search.v1.serde.rs");
    }
}

/// The `google.*` types of the contract.
pub mod google {
    #[allow(
        unreachable_pub,
        clippy::all,
        clippy::allow_attributes_without_reason,
        reason = "generated"
    )]
    pub mod r#type {
        include!("generated/google.r#type.rs");
        include!("generated/google.r#type.serde.rs");
    }
}

/// The compiled contract, for gRPC server reflection.
pub const DESCRIPTORS: &[u8] = include_bytes!("generated/descriptors.bin");
