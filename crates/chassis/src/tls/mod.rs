//! TLS, on both sides: certificates from files, which may change while we run.
//!
//! rustls on ring; TLS 1.2 and 1.3. A server that is given a CA asks its callers for certificates of
//! it, and handlers find among the extensions of a request who that is ([`PeerIdentity`]).
//! **Invariant:** a connection goes on with what it began with, and one that is made after a file
//! has changed takes what is new; files that cannot be used are said and not taken.

mod client;
mod identity;
mod reload;
mod server;

pub use client::{ClientTls, UpstreamTlsArgs};
pub use identity::PeerIdentity;
pub(crate) use server::ServerTls;
pub use server::TlsArgs;

use std::{path::Path, sync::Arc};

use anyhow::{Context as _, ensure};
use tokio_rustls::rustls::{
    RootCertStore,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};

/// Where it is not said otherwise the process could have two, which rustls refuses to choose from.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// The certificates in a PEM file.
fn certificates(pem: &[u8], file: &Path) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let certificates = certificates.with_context(|| format!("{} is not PEM", file.display()))?;
    ensure!(!certificates.is_empty(), "{} has no certificate", file.display());
    Ok(certificates)
}

/// The private key in a PEM file.
fn private_key(pem: &[u8], file: &Path) -> anyhow::Result<PrivateKeyDer<'static>> {
    PrivateKeyDer::from_pem_slice(pem)
        .with_context(|| format!("{} has no private key in PEM", file.display()))
}

/// The certificates in a PEM file, as those who are believed.
fn roots(pem: &[u8], file: &Path) -> anyhow::Result<Arc<RootCertStore>> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(pem, file)? {
        let added = roots.add(certificate);
        added.with_context(|| format!("{} has a certificate of no use", file.display()))?;
    }
    Ok(Arc::new(roots))
}
