//! Certificates of an authority, as PEM files in a temporary directory.

use std::path::PathBuf;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, SanType};
use tempfile::TempDir;

/// An authority that issues certificates.
pub type Ca = CertifiedIssuer<'static, KeyPair>;

/// A new authority with this name.
///
/// # Panics
/// If the system gives no random bytes.
pub fn ca(name: &str) -> Ca {
    let mut params = CertificateParams::new(Vec::new()).expect("there are no names to be wrong");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    let key = KeyPair::generate().expect("a key can be made");
    CertifiedIssuer::self_signed(params, key).expect("it signs itself")
}

/// A directory of certificates: `ca.pem`, and `NAME.pem` with `NAME.key` for each that is issued.
#[derive(Debug)]
pub struct Certificates(TempDir);

impl Certificates {
    /// A directory with the authority and a server certificate of it for 127.0.0.1: `server`.
    ///
    /// # Panics
    /// If the files cannot be written.
    pub fn of(ca: &Ca) -> Self {
        let these = Self(tempfile::tempdir().expect("a temporary directory"));
        these.put_authority(ca);
        these
    }

    /// Writes the authority and a new server certificate of it.
    ///
    /// # Panics
    /// If the files cannot be written.
    pub fn put_authority(&self, ca: &Ca) {
        std::fs::write(self.file("ca.pem"), ca.pem()).expect("the directory is writable");
        self.issue(ca, "server", "127.0.0.1", None);
    }

    /// Issues a certificate with a DNS name, or address, and possibly a URI such as a SPIFFE id.
    ///
    /// # Panics
    /// If a name is malformed, or the files cannot be written.
    pub fn issue(&self, ca: &Ca, name: &str, dns: &str, uri: Option<&str>) {
        let mut params = CertificateParams::new(vec![dns.to_owned()]).expect("a name");
        params.distinguished_name.push(DnType::CommonName, name);
        let uri = uri.map(|uri| SanType::URI(uri.try_into().expect("a URI")));
        params.subject_alt_names.extend(uri);
        let key = KeyPair::generate().expect("a key can be made");
        let certificate = params.signed_by(&key, ca).expect("the authority can sign");
        for (ending, text) in [("pem", certificate.pem()), ("key", key.serialize_pem())] {
            let file = self.file(&format!("{name}.{ending}"));
            std::fs::write(file, text).expect("the directory is writable");
        }
    }

    /// The path of a file.
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}
