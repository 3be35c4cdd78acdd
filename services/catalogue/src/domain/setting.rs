//! Settings that all replicas of a service share.

use sha2::{Digest as _, Sha256};

use super::{Error, Micros, Result, Violations};

/// Settings at most: every replica of their service holds all.
pub(crate) const MAX_SETTINGS: u64 = 20_000;
/// Maximum size of all values together, in characters.
pub(crate) const MAX_TOTAL: u64 = 64 << 20;
const MAX_NAME: usize = 200;
/// Maximum size of a value, in bytes.
const MAX_VALUE: usize = 1 << 20;

/// The name of a setting, such as `search/synonyms/tv`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct SettingName(String);

impl SettingName {
    /// # Errors
    /// The name is malformed.
    pub(crate) fn parse(name: String) -> Result<Self> {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
        if name.is_empty() || name.len() > MAX_NAME || !name.bytes().all(is_allowed) {
            let rule = format!("must be 1 to {MAX_NAME} letters, digits, or -._~/");
            return Err(Error::field("name", rule));
        }
        Ok(Self(name))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// A setting as a change has left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) name: String,
    /// None if it is deleted.
    pub(crate) value: Option<String>,
    /// Grows by one with each change of any setting.
    pub(crate) revision: i64,
    pub(crate) changed_at: Micros,
    pub(crate) actor: String,
}

impl Setting {
    /// Its version. Not its revision alone, which another setting may get after the database was restored.
    pub(crate) fn etag(&self) -> String {
        let mut digest = Sha256::new();
        digest.update(self.revision.to_be_bytes());
        digest.update(self.value.as_deref().unwrap_or_default());
        digest.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Errors of settings.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingError {
    #[error("setting {0} does not exist")]
    NotFound(String),
    #[error("setting {0} has changed since it was read; read it again and repeat the change")]
    EtagMismatch(String),
    #[error(
        "the settings have reached their limit of {MAX_SETTINGS}, or of {MAX_TOTAL} characters; delete some first"
    )]
    TooMany,
}

/// Checks the size of a value.
///
/// # Errors
/// It is too large.
pub(crate) fn check_setting_value(value: &str) -> Result<()> {
    let mut violations = Violations::default();
    if value.len() > MAX_VALUE {
        violations.add("value", format!("must be at most {MAX_VALUE} bytes"));
    }
    violations.check()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_checked() {
        for good in ["search/synonyms/tv", "a.b-c_d~1"] {
            assert!(SettingName::parse(good.to_owned()).is_ok(), "{good}");
        }
        for bad in ["", "a b", "ü", &"x".repeat(201)] {
            assert!(SettingName::parse(bad.to_owned()).is_err(), "{bad}");
        }
        assert!(check_setting_value(&"x".repeat(MAX_VALUE)).is_ok());
        assert!(check_setting_value(&"x".repeat(MAX_VALUE + 1)).is_err());
    }

    #[test]
    fn an_etag_is_of_a_value_at_a_revision() {
        let setting = |value: &str, revision| Setting {
            name: "a".to_owned(),
            value: Some(value.to_owned()),
            revision,
            changed_at: 0,
            actor: String::new(),
        };
        assert_eq!(setting("x", 1).etag(), setting("x", 1).etag());
        assert_ne!(setting("x", 1).etag(), setting("x", 2).etag());
        assert_ne!(setting("x", 1).etag(), setting("y", 1).etag());
    }
}
