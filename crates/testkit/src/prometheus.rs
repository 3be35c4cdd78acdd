//! Prometheus for tests.

use std::{path::PathBuf, sync::OnceLock};

use crate::provision::Provision;

static PROMETHEUS: Provision = Provision {
    name: "Prometheus",
    script: "prometheus",
    fix: "cargo xtask test, on Debian; otherwise install Prometheus, or set PROMETHEUS_BIN to the \
          directory of its programs",
    found: OnceLock::new(),
};

/// The directory of `prometheus` and `promtool`. `None`, reported on standard error, if there are none.
///
/// # Panics
/// With `CI=true` if there are none.
pub fn prometheus() -> Option<PathBuf> {
    PROMETHEUS.find()
}
