//! The key that requests present.

use tonic::metadata::{Ascii, MetadataValue};

/// A key, valid as a gRPC header value. Not shown by `Debug`.
#[derive(Clone)]
pub(crate) struct Credential(MetadataValue<Ascii>);

impl Credential {
    /// Parses a key given with `--key`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let is_visible = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        let value = is_visible.then(|| format!("Bearer {text}").parse().ok()).flatten();
        let mut value: MetadataValue<Ascii> = value.ok_or("must be the text of a key")?;
        value.set_sensitive(true);
        Ok(Self(value))
    }

    /// The key's text.
    pub(crate) fn text(&self) -> &str {
        let value = self.0.to_str().unwrap_or_default();
        value.strip_prefix("Bearer ").unwrap_or(value)
    }

    /// The value of `authorization`.
    pub(crate) fn header(&self) -> MetadataValue<Ascii> {
        self.0.clone()
    }
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credential(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_sent_and_not_shown() {
        let credential = Credential::parse("pck_0_1").unwrap();
        assert_eq!(credential.header().to_str().unwrap(), "Bearer pck_0_1");
        assert!(!format!("{credential:?}").contains("pck"));
        for wrong in ["", "a b", "a\nb"] {
            assert!(Credential::parse(wrong).is_err(), "{wrong}");
        }
    }
}
