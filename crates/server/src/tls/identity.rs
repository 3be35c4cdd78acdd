//! The identity of a client, by its certificate.

use x509_parser::{
    extensions::GeneralName,
    prelude::{FromDer as _, X509Certificate},
};

/// The names in a client's verified certificate; an extension of its requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerIdentity {
    /// The URI names, of which a `spiffe://` one is a workload's (SPIFFE X.509-SVID).
    pub uris: Vec<String>,
    /// The host names.
    pub dns_names: Vec<String>,
    /// The common name.
    pub common_name: Option<String>,
}

impl PeerIdentity {
    /// The workload's SPIFFE id, if the certificate is an X.509-SVID: it then has exactly one URI.
    pub fn spiffe_id(&self) -> Option<&str> {
        match &self.uris[..] {
            [only] if only.starts_with("spiffe://") => Some(only),
            _ => None,
        }
    }

    /// The names by which settings give it rights: its SPIFFE id, then its host names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.spiffe_id().into_iter().chain(self.dns_names.iter().map(String::as_str))
    }

    /// The names in a certificate; none if it cannot be parsed.
    pub(super) fn of(certificate: &[u8]) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
        let common_name = certificate.subject().iter_common_name().next();
        let common_name = common_name.and_then(|name| name.as_str().ok()).map(str::to_owned);
        let mut identity = Self { uris: Vec::new(), dns_names: Vec::new(), common_name };
        if let Ok(Some(names)) = certificate.subject_alternative_name() {
            for name in &names.value.general_names {
                match name {
                    GeneralName::URI(uri) => identity.uris.push((*uri).to_owned()),
                    GeneralName::DNSName(name) => identity.dns_names.push((*name).to_owned()),
                    _ => {}
                }
            }
        }
        Some(identity)
    }
}
