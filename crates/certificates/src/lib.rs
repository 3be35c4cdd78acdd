//! Certificates and keys from PEM files, reloaded when the files change, for rustls on ring.
//!
//! **Invariant:** a connection keeps the configuration it began with; connections after a change use the new
//! one. Unusable files are logged, and the last valid ones stay in use.

mod reload;

pub use reload::Reloading;

use std::{path::Path, sync::Arc};

use anyhow::{Context as _, ensure};
use tokio_rustls::rustls::{
    RootCertStore,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};

/// The cryptography provider, explicit because rustls refuses to choose between two in a process.
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// The certificates in a PEM file.
///
/// # Errors
/// It is not PEM, or has none.
pub fn chain(pem: &[u8], file: &Path) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let certificates = certificates.with_context(|| format!("{} is not PEM", file.display()))?;
    ensure!(!certificates.is_empty(), "{} has no certificate", file.display());
    Ok(certificates)
}

/// The private key in a PEM file.
///
/// # Errors
/// It has none.
pub fn private_key(pem: &[u8], file: &Path) -> anyhow::Result<PrivateKeyDer<'static>> {
    PrivateKeyDer::from_pem_slice(pem)
        .with_context(|| format!("{} has no private key in PEM", file.display()))
}

/// The certificates in a PEM file, as trusted roots.
///
/// # Errors
/// It is not PEM, has none, or one cannot be a root.
pub fn roots(pem: &[u8], file: &Path) -> anyhow::Result<Arc<RootCertStore>> {
    let mut roots = RootCertStore::empty();
    for certificate in chain(pem, file)? {
        let added = roots.add(certificate);
        added.with_context(|| format!("{} has an unusable certificate", file.display()))?;
    }
    Ok(Arc::new(roots))
}
