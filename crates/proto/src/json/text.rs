//! Strings, escaped as `serde_json` does.

use super::{Error, write::value};

/// Bytes looked at together; small enough for short texts, large enough for vector instructions.
const BLOCK: usize = 32;

/// Appends `bytes` as a JSON string.
///
/// # Errors
/// Bytes that are not UTF-8.
pub(super) fn write(bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
    let text = std::str::from_utf8(bytes).map_err(|_| Error::Encoding("a text is not UTF-8"))?;
    if !is_plain(bytes) {
        return value(&text, out);
    }
    out.reserve(bytes.len() + 2);
    out.push(b'"');
    out.extend_from_slice(bytes);
    out.push(b'"');
    Ok(())
}

/// Whether nothing needs to be escaped.
fn is_plain(bytes: &[u8]) -> bool {
    // Without an exit within a block, so that it becomes vector instructions.
    let is_plain_block = |block: &[u8]| {
        !block.iter().fold(false, |special, &byte| {
            special | (byte < 0x20) | (byte == b'"') | (byte == b'\\')
        })
    };
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    blocks.iter().all(|block| is_plain_block(block)) && is_plain_block(rest)
}
