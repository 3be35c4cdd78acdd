//! Values that `serde_json` writes.

use super::Error;

/// Appends a value as `serde_json` writes it.
pub(super) fn write(value: &impl serde::Serialize, out: &mut Vec<u8>) -> Result<(), Error> {
    serde_json::to_writer(out, value).map_err(Error::Value)
}
