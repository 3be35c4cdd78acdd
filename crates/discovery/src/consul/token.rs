//! The ACL token, a secret that can be rotated.

use std::{fmt, path::PathBuf};

use tokio::io::AsyncReadExt as _;

use crate::registry::RegistryError;

/// Maximum length of a token in bytes; Consul's have 36.
const MAX_TOKEN: u64 = 1_024;

/// Reads the token from its file for each request. Requests are rare, and this way a new token takes
/// effect immediately, and no copy stays in memory.
pub(super) struct Token {
    file: Option<PathBuf>,
}

impl Token {
    pub(super) fn new(file: Option<PathBuf>) -> Self {
        Self { file }
    }

    /// Returns the token; `None` if no file is configured.
    pub(super) async fn read(&self) -> Result<Option<String>, RegistryError> {
        let Some(file) = &self.file else { return Ok(None) };
        let unusable = |why: String| RegistryError::Token(format!("{}: {why}", file.display()));
        let opened =
            tokio::fs::File::open(file).await.map_err(|error| unusable(error.to_string()))?;
        let mut text = String::new();
        let read = opened.take(MAX_TOKEN + 1).read_to_string(&mut text).await;
        // The message of a UTF-8 error would contain the token.
        read.map_err(|error| unusable(format!("cannot be read ({:?})", error.kind())))?;
        let token = text.trim();
        let valid = !token.is_empty()
            && token.len() as u64 <= MAX_TOKEN
            && token.bytes().all(|byte| byte.is_ascii_graphic());
        if !valid {
            return Err(unusable("must contain one word, the token".to_owned()));
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
    async fn the_token_is_the_current_content_of_the_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let token = Token::new(Some(file.path().to_owned()));
        for written in ["first\n", "second"] {
            std::fs::write(file.path(), written).unwrap();
            assert_eq!(token.read().await.unwrap().as_deref(), Some(written.trim()));
        }
        assert_eq!(Token::new(None).read().await.unwrap(), None);
    }

    #[tokio::test]
    async fn an_invalid_token_is_rejected_and_not_logged() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let token = Token::new(Some(file.path().to_owned()));
        for content in
            [&b"two words"[..], b"", b"line\r\nbreak", b"caf\xc3\xa9", b"\xff", &[b'x'; 2_000]]
        {
            std::fs::write(file.path(), content).unwrap();
            let error = token.read().await.unwrap_err().full_message();
            assert!(error.contains("token cannot be used"), "{error}");
            for secret in ["two", "line", "caf", "xxx"] {
                assert!(!error.replace(&file.path().display().to_string(), "").contains(secret));
            }
        }
    }
}
