//! The listing of `--print-config`: every setting with its effective value and where that comes from, as a file
//! that `--config` reads.

use std::fmt::Write as _;

use clap::{ArgMatches, Command, parser::ValueSource};
use serde_json::Value;

use crate::settings_file::SettingsFile;

/// Lists `settings`, the serialized configuration that was parsed from `matches`.
pub(crate) fn list(
    command: &Command,
    matches: &ArgMatches,
    file: Option<&SettingsFile>,
    settings: &Value,
) -> String {
    let mut text = String::new();
    leaves(settings, &mut |key, value| {
        let name = key.replace('_', "-");
        let known = command.get_arguments().find(|arg| arg.get_long() == Some(&name));
        let Some(arg) = known else { return };
        let source = match matches.value_source(arg.get_id().as_str()) {
            Some(ValueSource::CommandLine) => format!("--{name}"),
            Some(ValueSource::EnvVariable) => {
                arg.get_env().unwrap_or_default().to_string_lossy().into_owned()
            }
            _ => match file.filter(|file| file.sets(arg.get_id())) {
                Some(file) => file.path.display().to_string(),
                None => "default".to_owned(),
            },
        };
        let line = match value {
            Value::Null => format!("# {name} is not set"),
            Value::String(text) if text == "(unset)" => format!("# {name} is not set"),
            Value::String(text) if text == "(hidden)" => {
                format!("# {name} is hidden; from {source}")
            }
            value => format!("{name} = {}  # {source}", toml(value)),
        };
        writeln!(text, "{line}").expect("writing to a string");
    });
    text
}

/// Calls `each` for every setting, also of nested groups.
fn leaves(settings: &Value, each: &mut impl FnMut(&str, &Value)) {
    for (key, value) in settings.as_object().into_iter().flatten() {
        match value {
            Value::Object(_) => leaves(value, each),
            value => each(key, value),
        }
    }
}

fn toml(value: &Value) -> String {
    toml::Value::try_from(value).map_or_else(|_| value.to_string(), |value| value.to_string())
}
