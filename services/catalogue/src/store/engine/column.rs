//! The types of columns that rows are inserted into.

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum ColumnKind {
    Text,
    /// NULL is sent as an empty text: the driver takes no arrays with NULLs in them.
    OptionalText,
    Integer,
    BigInteger,
    /// NULL is sent as [`i64::MIN`].
    OptionalBigInteger,
}
