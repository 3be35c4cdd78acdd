//! Settings: flags take precedence over the environment, `--config FILE` and defaults, in this order.

use std::{net::SocketAddr, path::Path, process::exit};

use clap::{Arg, ArgAction, ArgMatches, Command, CommandFactory, FromArgMatches};
use serde::{Serialize, Serializer};

use crate::{
    build, effective_settings, health_probe, reload,
    settings_file::{SettingsFile, with_file},
};

/// Reads the settings of a service, or ends the process with a message.
///
/// Adds to `C`'s flags `--config FILE` (TOML with the flags' names as keys; unknown keys are errors),
/// `--print-config`, `--check` and the subcommand `health`, which queries the service at the address of `--admin`.
pub fn parse<C: CommandFactory + FromArgMatches + Serialize + 'static>() -> C {
    let command = with_common_flags(C::command());
    let name = command.get_name().to_owned();
    let (matches, file) = parse_twice(&command).unwrap_or_else(|error| fail(&name, error));
    if matches.subcommand_name() == Some(health_probe::NAME) {
        let admin =
            matches.get_one::<SocketAddr>("admin").expect("every service has an admin port");
        health_probe::exit_with(&name, *admin);
    }
    let config = C::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let settings = serde_json::to_value(&config).expect("settings are plain data");
    if matches.get_flag("print_config") {
        print!("{}", effective_settings::list(&command, &matches, file.as_ref(), &settings));
        exit(0);
    }
    if matches.get_flag("check") {
        println!("{name}: the settings are valid");
        exit(0);
    }
    build::remember(command.get_version().unwrap_or_default(), settings);
    if file.is_some() {
        reload::remember(Box::new(move || {
            let (matches, _) = parse_twice(&command)?;
            Ok(serde_json::to_value(C::from_arg_matches(&matches)?)?)
        }));
    }
    config
}

/// Serializes a secret as `(hidden)` or `(unset)`. For `#[serde(serialize_with = "...")]`.
///
/// # Errors
/// Those of the serializer.
pub fn hidden<T, S: Serializer>(secret: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(if secret.is_some() { "(hidden)" } else { "(unset)" })
}

fn with_common_flags(command: Command) -> Command {
    command
        .arg(
            Arg::new("config")
                .long("config")
                .value_name("FILE")
                .help("Read settings from this TOML file; flags and environment take precedence"),
        )
        .arg(Arg::new("print_config").long("print-config").action(ArgAction::SetTrue).help(
            "Print the effective settings and their sources as TOML, without secrets, and exit",
        ))
        .arg(
            Arg::new("check")
                .long("check")
                .action(ArgAction::SetTrue)
                .help("Check the settings and exit"),
        )
        .subcommand(health_probe::command())
        .disable_help_subcommand(true)
}

/// Parses twice: the values of the file become defaults, so `--config` is read first.
fn parse_twice(command: &Command) -> anyhow::Result<(ArgMatches, Option<SettingsFile>)> {
    let first = command.clone().ignore_errors(true).try_get_matches();
    let path = first.ok().and_then(|matches| matches.get_one::<String>("config").cloned());
    let (command, file) = match path {
        Some(path) => {
            let (command, file) = with_file(command.clone(), Path::new(&path))?;
            (command, Some(file))
        }
        None => (command.clone(), None),
    };
    Ok((command.try_get_matches()?, file))
}

/// Ends the process with the error; for `--help` and wrong usage as clap does.
fn fail(name: &str, error: anyhow::Error) -> ! {
    match error.downcast::<clap::Error>() {
        Ok(usage) => usage.exit(),
        Err(error) => {
            eprintln!("{name}: {error:#}");
            exit(2)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use clap::Parser as _;

    use super::*;

    #[derive(Debug, clap::Parser, Serialize)]
    struct Config {
        #[arg(long, default_value = "default")]
        first_name: String,
        #[arg(long)]
        count: Option<u8>,
        #[arg(long)]
        flag: bool,
        #[arg(long, value_delimiter = ',')]
        list: Vec<String>,
        #[arg(long, default_value = "s3cret")]
        #[serde(serialize_with = "hidden")]
        secret: Option<String>,
    }

    /// The settings by this file and these arguments, or the error.
    fn with(file: &str, arguments: &[&str]) -> anyhow::Result<Config> {
        let mut written = tempfile::NamedTempFile::new()?;
        written.write_all(file.as_bytes())?;
        let (command, _) = with_file(with_common_flags(Config::command()), written.path())?;
        let arguments = ["test"].iter().chain(arguments);
        Ok(Config::from_arg_matches(&command.try_get_matches_from(arguments)?)?)
    }

    #[test]
    fn flags_precede_the_file_and_the_file_precedes_defaults() {
        assert_eq!(Config::parse_from(["test"]).first_name, "default");
        let file = "first-name = 'file'\ncount = 3\nflag = true\nlist = ['a', 'b']";
        let config = with(file, &["--count", "4"]).unwrap();
        assert_eq!(config.first_name, "file");
        assert_eq!(config.count, Some(4));
        assert!(config.flag);
        assert_eq!(config.list, ["a", "b"]);
    }

    #[test]
    fn errors_of_a_file_are_named() {
        let error = |file| format!("{:#}", with(file, &[]).unwrap_err());
        assert!(error("colour = 1").contains("unknown setting `colour`"));
        assert!(error("count = {}").contains("`count` must be"));
        assert!(error("check = true").contains("command line only"));
        assert!(error("first-name").contains("not TOML"));
        assert!(error("count = 300").contains("300"));
    }

    #[test]
    fn the_listing_names_sources_and_is_a_valid_file() {
        let mut written = tempfile::NamedTempFile::new().unwrap();
        written.write_all(b"count = 3").unwrap();
        let command = with_common_flags(Config::command());
        let (command, file) = with_file(command, written.path()).unwrap();
        let matches =
            command.clone().get_matches_from(["test", "--list", "a,b", "--first-name", "o'x"]);
        let config = Config::from_arg_matches(&matches).unwrap();
        let settings = serde_json::to_value(&config).unwrap();
        let listing = effective_settings::list(&command, &matches, Some(&file), &settings);
        let path = written.path().display();
        assert!(listing.contains(&format!("count = 3  # {path}\n")), "{listing}");
        assert!(listing.contains("list = [\"a\", \"b\"]  # --list\n"), "{listing}");
        assert!(listing.contains("flag = false  # default\n"), "{listing}");
        assert!(listing.contains("# secret is hidden; from default\n"), "{listing}");
        let again = with(&listing, &[]).unwrap();
        assert_eq!(
            (again.first_name, again.count, again.list),
            (config.first_name, config.count, config.list)
        );
    }
}
