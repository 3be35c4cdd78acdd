//! Prices.

/// An amount of money in minor units of its currency, such as cents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Price {
    pub(crate) minor: i64,
    /// ISO 4217 code, such as `EUR`.
    pub(crate) currency: String,
}
