//! The ACL token, which is a secret and may change.

use std::{fmt, path::PathBuf};

use tokio::io::AsyncReadExt as _;

use crate::registry::RegistryError;

/// Bytes a token may have; Consul's have 36.
const MAX_TOKEN: u64 = 1_024;

/// Where the token is. It is read for each call, which is seldom, so that a new one counts at once
/// and no copy of it lies about.
pub(super) struct Token {
    file: Option<PathBuf>,
}

impl Token {
    pub(super) fn new(file: Option<PathBuf>) -> Self {
        Self { file }
    }

    /// The token, if there is to be one.
    pub(super) async fn read(&self) -> Result<Option<String>, RegistryError> {
        let Some(file) = &self.file else { return Ok(None) };
        let unusable = |why: String| RegistryError::Token(format!("{}: {why}", file.display()));
        let opened =
            tokio::fs::File::open(file).await.map_err(|error| unusable(error.to_string()))?;
        let mut text = String::new();
        let read = opened.take(MAX_TOKEN + 1).read_to_string(&mut text).await;
        // The error of a text that is none would repeat it.
        read.map_err(|error| unusable(format!("cannot be read ({:?})", error.kind())))?;
        let token = text.trim();
        let valid = !token.is_empty()
            && token.len() as u64 <= MAX_TOKEN
            && token.bytes().all(|byte| byte.is_ascii_graphic());
        if !valid {
            return Err(unusable("holds no token: one word is wanted".to_owned()));
        }
        Ok(Some(token.to_owned()))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Token").field(&self.file).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_token_is_what_the_file_holds_now() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let token = Token::new(Some(file.path().to_owned()));
        for written in ["first\n", "second"] {
            std::fs::write(file.path(), written).unwrap();
            assert_eq!(token.read().await.unwrap().as_deref(), Some(written.trim()));
        }
        assert_eq!(Token::new(None).read().await.unwrap(), None);
    }

    #[tokio::test]
    async fn what_cannot_be_a_token_is_refused_and_not_repeated() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let token = Token::new(Some(file.path().to_owned()));
        for content in
            [&b"two words"[..], b"", b"line\r\nbreak", b"caf\xc3\xa9", b"\xff", &[b'x'; 2_000]]
        {
            std::fs::write(file.path(), content).unwrap();
            let error = token.read().await.unwrap_err().in_full();
            assert!(error.contains("token cannot be used"), "{error}");
            for secret in ["two", "line", "caf", "xxx"] {
                assert!(!error.replace(&file.path().display().to_string(), "").contains(secret));
            }
        }
    }
}
