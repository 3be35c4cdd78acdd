//! One setting, as the catalogue keeps it: a name, and the contract's message as JSON without its etag.

use proto::search::v1::{Control, Ranking, StopWords, Synonym};

const SYNONYMS: &str = "search/synonyms/";
const STOP_WORDS: &str = "search/stop-words";
const RANKING: &str = "search/ranking";
const CONTROLS: &str = "search/controls/";

/// A setting with its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Setting {
    Synonym(Synonym),
    StopWords(StopWords),
    Ranking(Ranking),
    Control(Control),
}

/// The name of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SettingName {
    Synonym(String),
    StopWords,
    Ranking,
    Control(String),
}

impl SettingName {
    /// The setting of this name; `None` if this version does not know it.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name {
            STOP_WORDS => Some(Self::StopWords),
            RANKING => Some(Self::Ranking),
            _ => {
                let synonym = name.strip_prefix(SYNONYMS).map(|id| Self::Synonym(id.to_owned()));
                let control = || name.strip_prefix(CONTROLS).map(|id| Self::Control(id.to_owned()));
                synonym.or_else(control)
            }
        }
    }
}

impl std::fmt::Display for SettingName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Synonym(id) => write!(f, "{SYNONYMS}{id}"),
            Self::StopWords => f.write_str(STOP_WORDS),
            Self::Ranking => f.write_str(RANKING),
            Self::Control(id) => write!(f, "{CONTROLS}{id}"),
        }
    }
}

impl Setting {
    /// The setting of a name, a value and an etag.
    ///
    /// # Errors
    /// The value is not the JSON of such a setting.
    pub(crate) fn parse(
        name: &SettingName,
        value: &str,
        etag: String,
    ) -> Result<Self, serde_json::Error> {
        Ok(match name {
            SettingName::Synonym(id) => {
                let read: Synonym = serde_json::from_str(value)?;
                Self::Synonym(Synonym { id: id.clone(), etag, ..read })
            }
            SettingName::StopWords => {
                Self::StopWords(StopWords { etag, ..serde_json::from_str(value)? })
            }
            SettingName::Ranking => Self::Ranking(Ranking { etag, ..serde_json::from_str(value)? }),
            SettingName::Control(id) => {
                let read: Control = serde_json::from_str(value)?;
                Self::Control(Control { id: id.clone(), etag, ..read })
            }
        })
    }

    pub(crate) fn name(&self) -> SettingName {
        match self {
            Self::Synonym(synonym) => SettingName::Synonym(synonym.id.clone()),
            Self::StopWords(_) => SettingName::StopWords,
            Self::Ranking(_) => SettingName::Ranking,
            Self::Control(control) => SettingName::Control(control.id.clone()),
        }
    }

    /// The value without its etag.
    ///
    /// # Errors
    /// It cannot be written as JSON, as a time far out of range.
    pub(crate) fn value(&self) -> Result<String, serde_json::Error> {
        let etag = String::new();
        match self {
            Self::Synonym(it) => serde_json::to_string(&Synonym { etag, ..it.clone() }),
            Self::StopWords(it) => serde_json::to_string(&StopWords { etag, ..it.clone() }),
            Self::Ranking(it) => serde_json::to_string(&Ranking { etag, ..it.clone() }),
            Self::Control(it) => serde_json::to_string(&Control { etag, ..it.clone() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_as_they_are_written() {
        let etag = || "e1".to_owned();
        let settings = [
            Setting::Synonym(Synonym {
                id: "tv".to_owned(),
                words: vec!["tv".to_owned(), "telly".to_owned()],
                etag: etag(),
                ..Synonym::default()
            }),
            Setting::StopWords(StopWords { words: vec!["the".to_owned()], etag: etag() }),
            Setting::Ranking(Ranking { tie_breakers: vec![], etag: etag() }),
            Setting::Control(Control { id: "c".to_owned(), etag: etag(), ..Control::default() }),
        ];
        for setting in settings {
            let (name, value) = (setting.name().to_string(), setting.value().unwrap());
            assert!(!value.contains("e1"), "{value}");
            let name = SettingName::parse(&name).unwrap();
            assert_eq!(Setting::parse(&name, &value, etag()).unwrap(), setting);
        }
        assert_eq!(SettingName::parse("search/colours/red"), None);
    }
}
