//! Writes strings, with the escapes of `serde_json`.

use super::{Error, serde_value};

/// Appends `bytes` as a JSON string.
///
/// # Errors
/// Bytes that are not UTF-8.
#[inline]
pub(super) fn write(bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
    if !all(bytes, |byte| is_plain(byte) & byte.is_ascii()) {
        return write_escaped(bytes, out);
    }
    write_plain(bytes, out);
    Ok(())
}

fn write_escaped(bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
    let text = std::str::from_utf8(bytes).map_err(|_| Error::NotCanonical)?;
    if !all(bytes, is_plain) {
        return serde_value::write(&text, out);
    }
    write_plain(bytes, out);
    Ok(())
}

#[inline]
fn write_plain(bytes: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    out.extend_from_slice(bytes);
    out.push(b'"');
}

/// Whether a byte is written unescaped in a JSON string.
fn is_plain(byte: u8) -> bool {
    (byte >= 0x20) & (byte != b'"') & (byte != b'\\')
}

/// Whether all bytes satisfy the predicate. The loop over a block has no early exit, so that it compiles
/// to vector instructions; the last block may overlap the one before.
#[inline]
fn all(bytes: &[u8], predicate: impl Fn(u8) -> bool) -> bool {
    let all_of = |block: &[u8]| block.iter().fold(true, |all, &byte| all & predicate(byte));
    let (blocks, rest) = bytes.as_chunks::<16>();
    match (bytes.last_chunk::<16>(), bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(last), ..) => blocks.iter().all(|block| all_of(block)) && all_of(last),
        (None, Some(first), Some(last)) => all_of(first) && all_of(last),
        _ => all_of(rest),
    }
}
