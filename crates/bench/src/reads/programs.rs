//! The directory of our services, and their features.

use std::{path::PathBuf, process::Command};

use anyhow::{Context as _, Result};

/// The flag of the catalogue's cache of encoded products, in bytes; 0 disables it. A catalogue without
/// this flag is measured as one without cache.
pub(crate) const PRODUCT_CACHE: &str = "--product-cache";

/// The services to measure.
#[derive(Debug)]
pub(crate) struct Programs {
    dir: PathBuf,
    has_product_cache: bool,
}

impl Programs {
    /// The services in `dir`.
    ///
    /// # Errors
    /// There is no catalogue.
    pub(crate) fn find(dir: PathBuf) -> Result<Self> {
        let catalogue = dir.join("catalogue");
        let help = Command::new(&catalogue).arg("--help").output();
        let help = help.with_context(|| format!("starting {}", catalogue.display()))?;
        let has_product_cache = String::from_utf8_lossy(&help.stdout).contains(PRODUCT_CACHE);
        Ok(Self { dir, has_product_cache })
    }

    /// Whether the catalogue has the flag [`PRODUCT_CACHE`].
    pub(crate) fn has_product_cache(&self) -> bool {
        self.has_product_cache
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.dir.join(name).display().to_string()
    }
}
