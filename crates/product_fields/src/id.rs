//! The rule for ids of products, which the catalogue holds and the gateway checks before a stream begins.

/// Maximum length of an id in bytes, which are ASCII.
pub const MAX_ID_LENGTH: usize = 128;

/// The rule for ids in error messages.
pub const ID_RULE: &str = "must be 1 to 128 letters, digits or any of -._~, and not only dots";

/// Whether `id` can be a segment of a URL path without escaping. An id of dots would be a relative
/// path.
#[must_use]
pub fn is_id(id: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (1..=MAX_ID_LENGTH).contains(&id.len())
        && id.bytes().all(allowed)
        && id.bytes().any(|byte| byte != b'.')
}
