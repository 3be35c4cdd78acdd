//! The location of the database, from the settings.

use std::{path::PathBuf, time::Duration};

use anyhow::bail;
use sea_orm::{DbBackend, DbErr, sqlx::postgres::PgConnectOptions};

use crate::{config::DatabaseArgs, store::engine};

/// The database that the settings name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Location {
    /// A SQLite file.
    File(PathBuf),
    /// A PostgreSQL server.
    Server(Server),
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Server {
    pub(in crate::store) url: String,
    /// A read replica; its data may be stale.
    pub(in crate::store) read_url: Option<String>,
    /// Connections in each pool.
    pub(in crate::store) writers: u32,
    pub(in crate::store) readers: u32,
    /// How long to wait for the server to respond when the store is opened.
    pub(in crate::store) wait: Duration,
}

/// Omits the URLs, which may contain passwords.
impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("wait", &self.wait).finish_non_exhaustive()
    }
}

impl Location {
    /// The database of the URL, or the SQLite file in the data directory if there is no URL.
    ///
    /// # Errors
    /// A URL does not name a supported database. The message does not repeat the URL, which may
    /// contain a password.
    pub(crate) fn new(args: &DatabaseArgs) -> anyhow::Result<Self> {
        let Some(url) = &args.url else {
            return Self::file(args, args.data_dir.join("catalogue.db"));
        };
        if is_postgres(url) {
            require_readable("--database-url", url)?;
            if let Some(url) = &args.read_url {
                require_readable("--database-read-url", url)?;
            }
            if args.read_url.as_deref().is_some_and(|url| !is_postgres(url)) {
                bail!("--database-read-url must be of the form postgres://user:password@host/name");
            }
            return Ok(Self::Server(Server {
                url: url.clone(),
                read_url: args.read_url.clone(),
                writers: args.writers.get(),
                readers: args.readers.get(),
                wait: Duration::from_secs(args.wait),
            }));
        }
        let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"));
        match path {
            Some(path) if !path.is_empty() && !path.contains(['?', ':']) => {
                Self::file(args, path.into())
            }
            _ => bail!(
                "--database-url must be of the form postgres://user:password@host/name or \
                 sqlite:///path/to/catalogue.db"
            ),
        }
    }

    fn file(args: &DatabaseArgs, file: PathBuf) -> anyhow::Result<Self> {
        if args.read_url.is_some() {
            bail!("--database-read-url is for PostgreSQL, and --database-url names none");
        }
        Ok(Self::File(file))
    }

    /// Adds the location and a remedy to an error of opening the database.
    pub(in crate::store) fn explain(&self, error: DbErr) -> anyhow::Error {
        let (engine, location) = match self {
            Self::File(file) => (DbBackend::Sqlite, file.display().to_string()),
            Self::Server(_) => (DbBackend::Postgres, "the PostgreSQL database".to_owned()),
        };
        let advice = engine::advice(engine, &error);
        anyhow::Error::new(error).context(format!("opening {location}: {advice}"))
    }
}

/// Refuses a URL that the driver could not read: its own error would repeat the URL, password included.
fn require_readable(flag: &str, url: &str) -> anyhow::Result<()> {
    // An unencoded `#`, `/` or `?` ends the address early: part of a password would be taken for the
    // host or a parameter, which errors name.
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let after_host = rest.find(['/', '?']).map_or("", |end| &rest[end..]);
    let is_split = url.contains('#') || after_host.contains('@');
    if is_split || url.parse::<PgConnectOptions>().is_err() {
        bail!(
            "{flag} cannot be read: in the user and the password write # as %23, / as %2F, ? as %3F, \
             @ as %40, : as %3A and % as %25"
        );
    }
    Ok(())
}

fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::Parser as _;

    use super::*;
    use crate::Config;

    fn location(url: Option<&str>, read_url: Option<&str>) -> anyhow::Result<Location> {
        let mut args = Config::parse_from(["catalogue", "--data-dir=data"]).database;
        args.url = url.map(str::to_owned);
        args.read_url = read_url.map(str::to_owned);
        Location::new(&args)
    }

    #[test]
    fn only_supported_databases_are_accepted() {
        let file = |path| Location::File(Path::new(path).to_owned());
        assert_eq!(location(None, None).unwrap(), file("data/catalogue.db"));
        assert_eq!(location(Some("sqlite:///srv/c.db"), None).unwrap(), file("/srv/c.db"));
        for url in ["mysql://u:secret@h", "sqlite::memory:", "sqlite://", ""] {
            let error = location(Some(url), None).unwrap_err().to_string();
            assert!(error.contains("--database-url") && !error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn unreadable_url_is_not_repeated() {
        for secret in ["S3cret#Pw", "S3cret/Pw", "S3cret?Pw", "12#S3cret", "12/S3cret", "12?S3cret"]
        {
            for (host, replica) in [(secret, "fine"), ("fine", secret)] {
                let url = |secret| format!("postgres://shop:{secret}@127.0.0.1/shop");
                let error = location(Some(&url(host)), Some(&url(replica))).unwrap_err();
                let error = format!("{error:#} {error:?}");
                assert!(!error.contains("cret") && !error.contains("Pw@"), "{error}");
                assert!(error.contains("%23"), "{error}");
            }
        }
        let encoded = "postgres://shop:S3cret%23%2F%3F%40Pw@127.0.0.1/shop?sslmode=disable";
        assert!(location(Some(encoded), None).is_ok());
    }

    #[test]
    fn only_a_server_may_have_a_read_replica() {
        let replica = Some("postgresql://u:secret@replica/db");
        let server = location(Some("postgres://u:secret@h/db"), replica).unwrap();
        assert!(!format!("{server:?}").contains("secret"));
        let Location::Server(server) = server else { panic!("a server") };
        assert_eq!((server.read_url.as_deref(), server.writers), (replica, 8));
        for (url, read_url) in [(None, replica), (Some("postgres://h/db"), Some("sqlite://x"))] {
            let error = location(url, read_url).unwrap_err().to_string();
            assert!(error.contains("--database-read-url"), "{error}");
        }
    }
}
