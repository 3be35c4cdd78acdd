//! The rules for ids of products and for SKUs, which the catalogue holds, the gateway checks before a stream begins and
//! an import explains.

/// Maximum length of an id and of a SKU in bytes, which are ASCII.
pub const MAX_ID_LENGTH: usize = 128;

/// The rule for ids in error messages.
pub const ID_RULE: &str = "must be 1 to 128 letters, digits or any of -._~, and not only dots";

/// The rule for SKUs in error messages.
pub const SKU_RULE: &str = "must be 1 to 128 letters, digits or any of -._~/+";

/// Whether `id` can be a segment of a URL path without escaping. An id of dots would be a relative
/// path.
#[must_use]
pub fn is_id(id: &str) -> bool {
    has_length(id) && id.chars().all(is_id_letter) && id.bytes().any(|byte| byte != b'.')
}

/// Whether `sku` is a single word that labels and spreadsheets reproduce unchanged.
#[must_use]
pub fn is_sku(sku: &str) -> bool {
    has_length(sku) && sku.chars().all(is_sku_letter)
}

/// Whether an id may have the letter.
#[must_use]
pub fn is_id_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | '_' | '~')
}

/// Whether a SKU may have the letter.
#[must_use]
pub fn is_sku_letter(letter: char) -> bool {
    is_id_letter(letter) || matches!(letter, '/' | '+')
}

fn has_length(id: &str) -> bool {
    (1..=MAX_ID_LENGTH).contains(&id.len())
}
