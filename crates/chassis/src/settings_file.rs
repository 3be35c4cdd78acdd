//! The file of `--config`: its values become the defaults of the flags.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::{Command, Id};

/// A file of settings that was read.
#[derive(Debug)]
pub(crate) struct SettingsFile {
    pub(crate) path: PathBuf,
    /// The settings that it has.
    args: Vec<Id>,
}

impl SettingsFile {
    /// Whether the file has a value for this setting.
    pub(crate) fn sets(&self, arg: &Id) -> bool {
        self.args.contains(arg)
    }
}

/// The command with the values of `file` for its defaults.
pub(crate) fn with_file(
    mut command: Command,
    file: &Path,
) -> anyhow::Result<(Command, SettingsFile)> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let table: toml::Table =
        text.parse().with_context(|| format!("{} is not TOML", file.display()))?;
    let mut args = Vec::new();
    for (key, value) in table {
        let id = key.replace('-', "_");
        let known =
            command.get_arguments().find(|arg| arg.get_long() == Some(&key.replace('_', "-")));
        let Some(known) = known.map(|arg| arg.get_id().clone()) else {
            bail!("{}: unknown setting `{key}`; --help lists them", file.display());
        };
        if matches!(id.as_str(), "config" | "print_config" | "check") {
            bail!("{}: `{key}` is for the command line only", file.display());
        }
        let values = values_of(&value).with_context(|| {
            format!("{}: `{key}` must be a text, number, flag or list", file.display())
        })?;
        command = command.mut_arg(&known, |arg| arg.default_values(values));
        args.push(known);
    }
    Ok((command, SettingsFile { path: file.to_owned(), args }))
}

fn values_of(value: &toml::Value) -> Option<Vec<clap::builder::OsStr>> {
    let one = |value: &toml::Value| match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Float(number) => Some(number.to_string()),
        toml::Value::Boolean(flag) => Some(flag.to_string()),
        _ => None,
    };
    let texts: Option<Vec<String>> = match value {
        toml::Value::Array(values) => values.iter().map(one).collect(),
        value => one(value).map(|text| vec![text]),
    };
    Some(texts?.into_iter().map(clap::builder::OsStr::from).collect())
}
