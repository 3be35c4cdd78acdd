//! Settings that all replicas of a service share.

use sha2::{Digest as _, Sha256};

use super::Micros;

/// Settings at most: every replica of their service holds all.
pub(crate) const MAX_SETTINGS: u64 = 20_000;
/// Maximum size of all values together, in characters.
pub(crate) const MAX_TOTAL: u64 = 64 << 20;
/// Maximum size of a value, in bytes.
pub(crate) const MAX_SETTING_VALUE: usize = 1 << 20;
const MAX_NAME: usize = 200;

/// The name of a setting, such as `search/synonyms/tv`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct SettingName(String);

impl SettingName {
    /// The rule of names.
    pub(crate) const RULE: &str = "must be 1 to 200 letters, digits, or -._~/";

    /// None if the name breaks the [rule](Self::RULE).
    pub(crate) fn parse(name: String) -> Option<Self> {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
        let is_valid = (1..=MAX_NAME).contains(&name.len()) && name.bytes().all(is_allowed);
        is_valid.then_some(Self(name))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked() {
        for good in ["search/synonyms/tv", "a.b-c_d~1"] {
            assert!(SettingName::parse(good.to_owned()).is_some(), "{good}");
        }
        for bad in ["", "a b", "ü", &"x".repeat(201)] {
            assert!(SettingName::parse(bad.to_owned()).is_none(), "{bad}");
        }
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
