//! The error of a product that a format has no place for.

use std::fmt;

/// A format has no place for what a product has. The message names that.
#[derive(Debug)]
pub struct NoPlace(pub(super) String);

impl fmt::Display for NoPlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for NoPlace {}
