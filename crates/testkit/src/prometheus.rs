//! Prometheus for tests.

use std::{path::PathBuf, sync::OnceLock};

use crate::provision::Provision;

static PROMETHEUS: Provision = Provision {
    what: "Prometheus",
    script: "prometheus",
    cure: "cargo xtask test, on Debian; else install Prometheus, or set PROMETHEUS_BIN to the folder \
           of its programs",
    found: OnceLock::new(),
};

/// The folder with `prometheus` and `promtool`. Nothing, said aloud, where they cannot be had.
///
/// # Panics
/// With `CI=true` and nothing.
pub fn prometheus() -> Option<PathBuf> {
    PROMETHEUS.find()
}
