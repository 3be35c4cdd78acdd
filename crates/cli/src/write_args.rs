//! Command-line options that every write shares.

use crate::output::warn;

/// Longest request id that the catalogue accepts, in bytes.
const MAX_REQUEST_ID: usize = 64;

/// Options of a write that the server can validate without applying it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct WriteArgs {
    #[command(flatten)]
    request_id: RequestIdArg,
    /// Validate the request without applying it
    #[arg(long)]
    pub(crate) validate_only: bool,
}

/// The idempotency key of a write.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct RequestIdArg {
    /// Idempotency key: a request repeated with the same key within 24 hours is applied once
    /// [default: generated]
    #[arg(long, value_name = "ID", value_parser = parse_request_id)]
    request_id: Option<String>,
}

impl WriteArgs {
    pub(crate) fn request_id(&self) -> String {
        self.request_id.get_or_generate()
    }

    /// Warns before a result is printed that `--validate-only` kept it from being applied.
    pub(crate) fn warn_if_not_applied(&self) {
        if self.validate_only {
            warn("validated only, nothing has changed; the result would be:");
        }
    }
}

impl RequestIdArg {
    pub(crate) fn get_or_generate(&self) -> String {
        self.request_id.clone().unwrap_or_else(|| uuid::Uuid::new_v4().to_string())
    }
}

/// Parses the name that a client gives a write or an import.
pub(crate) fn parse_request_id(text: &str) -> Result<String, String> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    if (1..=MAX_REQUEST_ID).contains(&text.len()) && text.bytes().all(is_allowed) {
        Ok(text.to_owned())
    } else {
        Err(format!("must be 1 to {MAX_REQUEST_ID} letters, digits and -._"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_ids_are_short_and_plain() {
        assert!(parse_request_id("a-1_b.2").is_ok());
        for wrong in ["", "a b", "ä", &"x".repeat(65)] {
            assert!(parse_request_id(wrong).is_err(), "{wrong}");
        }
    }
}
