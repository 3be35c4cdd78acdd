//! The validator of the Universal Commerce Protocol's documents for tests.

use std::{path::PathBuf, sync::OnceLock};

use crate::provision::Provision;

static UCP_SCHEMA: Provision = Provision {
    name: "ucp-schema",
    script: "ucp-schema",
    fix: "give this machine access to crates.io, or set UCP_SCHEMA to the program",
    found: OnceLock::new(),
};

/// The program. `None`, reported on standard error, if it cannot be compiled.
///
/// # Panics
/// With `CI=true` if it cannot be compiled.
pub fn ucp_schema() -> Option<PathBuf> {
    UCP_SCHEMA.find()
}
