//! Keys of page tokens.

use super::Micros;

/// A key that signs page tokens.
#[derive(Clone)]
pub(crate) struct PageTokenKey {
    pub(crate) secret: [u8; 32],
    /// When it begins to sign; until then it only opens tokens.
    pub(crate) signs_from: Micros,
    /// Until when it opens tokens; None: until it is replaced.
    pub(crate) opens_until: Option<Micros>,
}
