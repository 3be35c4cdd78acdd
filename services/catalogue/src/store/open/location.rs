//! The location of the database, from the settings.

use std::{path::PathBuf, time::Duration};

use anyhow::bail;
use sea_orm::{DbBackend, DbErr};

use super::connection_string;
use crate::{
    config::DatabaseArgs,
    store::engine::{self, Target, Wanted},
};

/// The database that the settings name.
#[derive(Debug, Clone)]
pub(crate) enum Location {
    /// A SQLite file.
    File(PathBuf),
    /// A PostgreSQL server.
    Server(Server),
}

#[derive(Debug, Clone)]
pub(crate) struct Server {
    pub(in crate::store) primary: Target,
    /// A read replica, whose data may be stale.
    pub(in crate::store) replica: Option<Target>,
    /// Connections in each pool.
    pub(in crate::store) writers: u32,
    pub(in crate::store) readers: u32,
    /// How long to wait for the server to respond when the store is opened.
    pub(in crate::store) wait: Duration,
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
            let replica = args.read_url.as_deref();
            let replica = replica
                .map(|url| connection_string::parse("--database-read-url", url, Wanted::Any));
            return Ok(Self::Server(Server {
                primary: connection_string::parse("--database-url", url, Wanted::Writable)?,
                replica: replica.transpose()?,
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
        let is_file = |url, expected: &str| {
            let Location::File(file) = location(url, None).unwrap() else { panic!("a file") };
            file == Path::new(expected)
        };
        assert!(is_file(None, "data/catalogue.db"));
        assert!(is_file(Some("sqlite:///srv/c.db"), "/srv/c.db"));
        for url in ["mysql://u:secret@h", "sqlite::memory:", "sqlite://", ""] {
            let error = location(Some(url), None).unwrap_err().to_string();
            assert!(error.contains("--database-url") && !error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn only_a_server_may_have_a_read_replica() {
        let replica = Some("postgresql://u:secret@replica/db");
        let server = location(Some("postgres://u:secret@h/db"), replica).unwrap();
        assert!(!format!("{server:?}").contains("secret"));
        let Location::Server(server) = server else { panic!("a server") };
        let replica_host = server.replica.unwrap().options().get_host().to_owned();
        assert_eq!((replica_host.as_str(), server.writers), ("replica", 8));
        for (url, read_url) in [(None, replica), (Some("postgres://h/db"), Some("sqlite://x"))] {
            let error = location(url, read_url).unwrap_err().to_string();
            assert!(error.contains("--database-read-url"), "{error}");
        }
    }
}
