//! The secret that the services of a deployment share.

use std::{fmt, path::Path};

use anyhow::{Context as _, ensure};
use http::HeaderValue;

use crate::key::{Digest, is_same};

/// Minimum length of a secret, in bytes: as many as 128 random bits take in hexadecimal digits.
const MIN_LENGTH: usize = 32;
/// Prefix of the secret; the proof is the SHA-256 of both.
const PROOF: &str = "service proof of ";

/// The secret that the services of a deployment share. It permits everything.
#[derive(Clone)]
pub struct ServiceSecret {
    header: HeaderValue,
    digest: Digest,
    /// Shows that a service has the secret, without being it.
    proof: HeaderValue,
}

impl ServiceSecret {
    /// Reads the file.
    ///
    /// # Errors
    /// The file cannot be read, or its text is too short or unprintable.
    pub fn read(file: &Path) -> anyhow::Result<Self> {
        let shown = file.display();
        let text = std::fs::read_to_string(file);
        let text = text.with_context(|| format!("reading --service-secret-file {shown}"))?;
        let text = text.trim();
        let is_printable = text.bytes().all(|byte| byte.is_ascii_graphic());
        ensure!(
            text.len() >= MIN_LENGTH && is_printable,
            "--service-secret-file {shown}: must have at least {MIN_LENGTH} printable characters on one \
             line, such as those of `openssl rand -hex 32`"
        );
        let mut header = HeaderValue::from_str(&format!("Bearer {text}"))?;
        header.set_sensitive(true);
        let mut proof = HeaderValue::from_str(&Digest::of(&format!("{PROOF}{text}")).to_hex())?;
        proof.set_sensitive(true);
        Ok(Self { header, digest: Digest::of(text), proof })
    }

    /// The value of `authorization` for calls of a service to another one.
    pub(crate) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// The value by which a service shows that it has the secret.
    pub(crate) fn proof(&self) -> HeaderValue {
        self.proof.clone()
    }

    /// Whether a value shows that its sender has the secret.
    pub(crate) fn proves(&self, proof: &HeaderValue) -> bool {
        is_same(self.proof.as_bytes(), proof.as_bytes())
    }

    pub(crate) fn digest(&self) -> Digest {
        self.digest
    }
}

impl fmt::Debug for ServiceSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServiceSecret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_long_and_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        let text = "0123456789abcdef0123456789abcdef";
        std::fs::write(&file, format!("{text}\n")).unwrap();
        let secret = ServiceSecret::read(&file).unwrap();
        assert_eq!(secret.header().to_str().unwrap(), format!("Bearer {text}"));
        assert!(!format!("{secret:?}{:?}", secret.header()).contains(text));
        for bad in ["short", "0123456789abcdef 0123456789abcdef"] {
            std::fs::write(&file, bad).unwrap();
            let error = ServiceSecret::read(&file).unwrap_err().to_string();
            assert!(error.contains("at least 32"), "{error}");
        }
        let missing = ServiceSecret::read(&folder.path().join("missing")).unwrap_err();
        assert!(missing.to_string().contains("--service-secret-file"), "{missing}");
    }
}
