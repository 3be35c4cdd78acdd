//! The rights of client certificates, by the names in them.

use std::{fmt, str::FromStr, sync::Arc};

use contract::Scope;

use crate::{caller::CertificateRecord, scopes::Scopes};

/// Maximum length of a name, in bytes: with its kind it is the actor of writes.
const MAX_NAME: usize = 116;

/// The rights that the settings give a name: `spiffe://shop/import=write:products+read:drafts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCertificate {
    record: Arc<CertificateRecord>,
    /// It is a service of the deployment.
    is_service: bool,
}

impl ClientCertificate {
    pub(crate) fn is_service(&self) -> bool {
        self.is_service
    }
}

/// The role that a connection's client certificate gives its peer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum CertificateRole {
    /// Without one, or with one that the settings do not name.
    #[default]
    None,
    /// A service of the deployment.
    Service,
    /// A client with rights.
    Client(Arc<CertificateRecord>),
}

/// The role of a certificate with these names: its SPIFFE id first.
pub(crate) fn role<'a>(
    known: &[ClientCertificate],
    names: impl IntoIterator<Item = &'a str>,
) -> CertificateRole {
    for name in names {
        let found = known.iter().find(|it| it.record.name.eq_ignore_ascii_case(name));
        match found {
            None => {}
            Some(found) if found.is_service => return CertificateRole::Service,
            Some(found) => return CertificateRole::Client(Arc::clone(&found.record)),
        }
    }
    CertificateRole::None
}

impl FromStr for ClientCertificate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, scopes) = text.rsplit_once('=').ok_or(
            "must be NAME=SCOPE, such as spiffe://shop/import=write:products+read:drafts, or NAME=service",
        )?;
        let is_name = name.bytes().all(|byte| byte.is_ascii_graphic());
        if name.is_empty() || name.len() > MAX_NAME || !is_name {
            return Err(format!("the name must have 1 to {MAX_NAME} printable characters"));
        }
        let is_service = scopes == Scope::Service.name();
        let scopes = match is_service {
            true => Scopes::ALL,
            false => Scopes::of_key(scopes.split('+')).map_err(|unknown| {
                format!("`{unknown}` is none of {}, service", Scopes::grantable())
            })?,
        };
        let record = CertificateRecord { name: name.to_owned(), scopes };
        Ok(Self { record: Arc::new(record), is_service })
    }
}

impl fmt::Display for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scopes: Vec<_> = match self.is_service {
            true => vec![Scope::Service.name()],
            false => self.record.scopes.names().collect(),
        };
        write!(f, "{}={}", self.record.name, scopes.join("+"))
    }
}

impl serde::Serialize for ClientCertificate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_has_the_role_of_its_first_known_name() {
        let known = ["spiffe://shop/import=write:products+read:drafts", "gateway.internal=service"];
        let known = known.map(|text| text.parse::<ClientCertificate>().unwrap());
        let role = |names: &[&str]| role(&known, names.iter().copied());
        let CertificateRole::Client(import) = role(&["spiffe://shop/import", "x.internal"]) else {
            panic!("it is known")
        };
        let scopes: Vec<_> = import.scopes.names().collect();
        assert_eq!(scopes, ["read", "read:drafts", "write:products"]);
        assert_eq!(role(&["other", "Gateway.Internal"]), CertificateRole::Service);
        assert_eq!(role(&["spiffe://shop/import/x", "internal"]), CertificateRole::None);
        assert_eq!(role(&[]), CertificateRole::None);
    }

    #[test]
    fn settings_are_shown_as_they_are_read() {
        let read = |text: &str| text.parse::<ClientCertificate>().map(|it| it.to_string());
        for text in ["spiffe://a/b=read+write:stock", "a.b=service"] {
            assert_eq!(read(text).as_deref(), Ok(text));
        }
        for bad in ["a", "=read", "a b=read", "a=everything", "a=service+read"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
