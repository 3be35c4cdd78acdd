//! A server that somebody else runs, as a service beside a CI job does.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use sqlx::{Connection as _, PgConnection};
use tokio::time::timeout;
use url::Url;

use super::{Postgres, database};
use crate::aloud;

/// For a server that is asked whether it will do.
const PATIENCE: Duration = Duration::from_secs(10);
/// No test lasts so long: what is older was left behind by a process that was killed.
const ABANDONED: Duration = Duration::from_secs(24 * 60 * 60);

/// The server that the environment names, if it will do.
///
/// # Panics
/// When that of `TEST_DATABASE_URL` will not: whoever sets it wants that one and no other.
pub(super) async fn find() -> Option<Postgres> {
    if let Some(url) = variable("TEST_DATABASE_URL") {
        let postgres = open(&url).await;
        return Some(postgres.unwrap_or_else(|error| {
            panic!("the server of TEST_DATABASE_URL cannot be used for tests: {error:#}")
        }));
    }
    // This one is meant for programs, and may well be another engine or a server not ours to use.
    let url = variable("DATABASE_URL").filter(|url| url.starts_with("postgres"))?;
    match open(&url).await {
        Ok(postgres) => Some(postgres),
        Err(error) => {
            aloud(&format!("not testing on the server of DATABASE_URL: {error:#}"));
            None
        }
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

async fn open(url: &str) -> anyhow::Result<Postgres> {
    let url = Url::parse(url).context("reading the URL")?;
    ensure!(
        ["postgres", "postgresql"].contains(&url.scheme()),
        "{}:// is not PostgreSQL; write postgres://user:password@host:port/database",
        url.scheme()
    );
    let postgres = Postgres::new(url, true)?;
    timeout(PATIENCE, prove(&postgres)).await.context("it does not answer")??;
    Ok(postgres)
}

async fn prove(postgres: &Postgres) -> anyhow::Result<()> {
    let mut connection =
        PgConnection::connect(postgres.url.as_str()).await.context("connecting")?;
    let may: bool = sqlx::query_scalar(
        "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user",
    )
    .fetch_one(&mut connection)
    .await?;
    ensure!(may, "its user may not create databases; cure: ALTER ROLE … CREATEDB");
    let names: Vec<String> =
        sqlx::query_scalar("SELECT datname FROM pg_database").fetch_all(&mut connection).await?;
    connection.close().await?;
    for name in names {
        if database::age(&name).is_some_and(|age| age > ABANDONED) {
            database::drop_database(&postgres.url, &name).await.ok(); // or somebody else has
        }
    }
    Ok(())
}
