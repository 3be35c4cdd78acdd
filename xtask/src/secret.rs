//! Random secrets.

use std::{fs::File, io::Read as _};

use anyhow::{Context as _, Result};

/// Generates a key of 256 bits, as 64 hexadecimal digits.
pub(crate) fn random_key() -> Result<String> {
    let mut bytes = [0; 32];
    let mut source = File::open("/dev/urandom").context("opening /dev/urandom")?;
    source.read_exact(&mut bytes).context("reading /dev/urandom")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
