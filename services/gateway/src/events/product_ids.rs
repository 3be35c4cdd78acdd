//! The parameter `productId`, checked before a stream begins.

use crate::problem::Problem;

const MAX_LENGTH: usize = 128;

/// 400 for the first id that the catalogue would refuse, by its rule (`catalogue::domain`).
pub(super) fn check<'a>(ids: impl IntoIterator<Item = &'a str>) -> Result<(), Problem> {
    match ids.into_iter().find(|id| !is_valid(id)) {
        None => Ok(()),
        Some(id) => {
            let shown: String = id.chars().take(MAX_LENGTH).collect();
            let rule = "must be 1 to 128 letters, digits or any of -._~, and not only dots";
            Err(Problem::invalid("productId", format!("{rule}; `{shown}` is not")))
        }
    }
}

fn is_valid(id: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (1..=MAX_LENGTH).contains(&id.len())
        && id.bytes().all(allowed)
        && id.bytes().any(|byte| byte != b'.')
}
