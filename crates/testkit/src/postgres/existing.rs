//! An existing server, such as a service container of a CI job.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use sqlx::{Connection as _, PgConnection};
use tokio::time::timeout;
use url::Url;

use super::{Postgres, database};
use crate::skip::warn;

/// Timeout of the check of an existing server.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Age from which a test database is considered abandoned by a killed process.
const ABANDONED: Duration = Duration::from_secs(24 * 60 * 60);

/// The usable server of the environment.
///
/// # Panics
/// If that of `TEST_DATABASE_URL` is unusable, because setting it requests that server explicitly.
pub(super) async fn find() -> Option<Postgres> {
    if let Some(url) = variable("TEST_DATABASE_URL") {
        let postgres = open(&url).await;
        return Some(postgres.unwrap_or_else(|error| {
            panic!("the server of TEST_DATABASE_URL cannot be used for tests: {error:#}")
        }));
    }
    // Intended for programs: may be another database, or a server without permission to create databases.
    let url = variable("DATABASE_URL").filter(|url| url.starts_with("postgres"))?;
    match open(&url).await {
        Ok(postgres) => Some(postgres),
        Err(error) => {
            warn(&format!("not testing on the server of DATABASE_URL: {error:#}"));
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
    timeout(TIMEOUT, check(&postgres)).await.context("it timed out")??;
    Ok(postgres)
}

/// Checks that databases can be created, and drops abandoned ones.
async fn check(postgres: &Postgres) -> anyhow::Result<()> {
    let mut connection =
        PgConnection::connect(postgres.url.as_str()).await.context("connecting")?;
    let may: bool = sqlx::query_scalar(
        "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user",
    )
    .fetch_one(&mut connection)
    .await?;
    ensure!(may, "its user may not create databases; fix: ALTER ROLE … CREATEDB");
    let names: Vec<String> =
        sqlx::query_scalar("SELECT datname FROM pg_database").fetch_all(&mut connection).await?;
    connection.close().await?;
    for name in names {
        if database::age(&name).is_some_and(|age| age > ABANDONED) {
            database::drop_database(&postgres.url, &name).await.ok(); // or another process has
        }
    }
    Ok(())
}
