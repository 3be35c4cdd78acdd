//! A key of page tokens as an operator gives it.

use std::{fmt, str::FromStr};

use anyhow::bail;

/// A key that signs page tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct PageTokenKey(pub(crate) [u8; 32]);

impl FromStr for PageTokenKey {
    type Err = anyhow::Error;

    fn from_str(hex: &str) -> anyhow::Result<Self> {
        let mut key = [0; 32];
        if hex.len() != 64 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            bail!("a key is 64 hexadecimal digits");
        }
        for (byte, digits) in key.iter_mut().zip(hex.as_bytes().chunks(2)) {
            let value = |digit: u8| (digit as char).to_digit(16).expect("checked above") as u8;
            *byte = value(digits[0]) << 4 | value(digits[1]);
        }
        Ok(Self(key))
    }
}

impl fmt::Display for PageTokenKey {
    /// As hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for PageTokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PageTokenKey(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_is_written_and_never_shown() {
        let digits = "0123456789abcdef".repeat(4);
        let key: PageTokenKey = digits.parse().unwrap();
        assert_eq!(key.to_string(), digits);
        assert!(!format!("{key:?}").contains("0123"));
        for bad in ["", "short", &"x".repeat(64), &"0".repeat(63)] {
            assert!(bad.parse::<PageTokenKey>().is_err(), "{bad}");
        }
    }
}
