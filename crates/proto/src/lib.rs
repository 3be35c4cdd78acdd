//! The contract in Rust: generated messages, clients and servers, and the few conversions that
//! every user of them needs.
//!
//! Everything under `generated` is made from `proto/` by `cargo xtask codegen`. Messages convert to
//! and from JSON by the proto3 mapping, through serde; fields with default values are written too,
//! so that a stock of 0 is there to be read.

mod codec;
pub mod json;
pub mod money;
pub mod position;

pub use codec::{
    ERROR_DOMAIN, EncodedCodec, EncodedEncoder, MESSAGE_INVALID, RequestCodec, RequestDecoder,
    message_invalid,
};

/// `catalogue.v1`: products, categories, stock, the change feed, transfer in bulk.
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

/// `search.v1`: finding products by words.
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

/// The types of `google.*` that the contract uses.
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
