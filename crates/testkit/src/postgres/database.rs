//! A database of a test, and its name.

use std::{
    net::SocketAddr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use url::Url;

/// Timeout of dropping a database.
const DROP_TIMEOUT: Duration = Duration::from_secs(10);

/// A database of one test. On an existing server, it is dropped with this value.
#[derive(Debug)]
pub struct Database {
    /// The URL for `DATABASE_URL`. On a private server, its user is a superuser.
    pub url: String,
    name: String,
    /// The maintenance database of an existing server; `None` on a private one.
    maintenance: Option<Url>,
}

impl Database {
    pub(super) fn new(server: &Url, name: String, existing: bool) -> Self {
        let url = url_of(server, &name).into();
        Self { url, name, maintenance: existing.then(|| server.clone()) }
    }

    /// Its URL with the address of a proxy.
    ///
    /// # Panics
    /// Never: the URL has a host.
    pub fn url_through(&self, proxy: SocketAddr) -> String {
        let mut url = Url::parse(&self.url).expect("it was made from a URL");
        url.set_ip_host(proxy.ip()).expect("a URL with a host can have another");
        url.set_port(Some(proxy.port())).expect("a URL with a host can have a port");
        url.into()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some(maintenance) = self.maintenance.take() else { return };
        let name = std::mem::take(&mut self.name);
        // Needs another runtime, because this thread's cannot block here.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let dropping = drop_database(&maintenance, &name);
                tokio::time::timeout(DROP_TIMEOUT, dropping).await?
            })
        });
        match dropped.join() {
            Ok(Ok(())) => {}
            // A later run drops it.
            Ok(Err(error)) => eprintln!("a test database was not dropped: {error:#}"),
            Err(_) => eprintln!("a test database was not dropped: panic"),
        }
    }
}

pub(super) async fn drop_database(maintenance: &Url, name: &str) -> anyhow::Result<()> {
    let mut connection = PgConnection::connect(maintenance.as_str()).await?;
    let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

/// The URL of another database of the same server.
pub(super) fn url_of(server: &Url, name: &str) -> Url {
    let mut url = server.clone();
    url.set_path(name);
    url
}

/// A prefix of database names, unique per server and process, with the time of creation.
pub(super) fn prefix() -> String {
    let nonce = getrandom::u32().expect("the system has randomness");
    format!("testkit_{}_{nonce:08x}", unix_seconds())
}

/// The age of a database by its name; `None` for names without our prefix.
pub(super) fn age(name: &str) -> Option<Duration> {
    let created: u64 = name.strip_prefix("testkit_")?.split('_').next()?.parse().ok()?;
    Some(Duration::from_secs(unix_seconds().checked_sub(created)?))
}

fn unix_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn url_keeps_user_and_options_with_another_database() {
        let server = Url::parse("postgres://a:b%40c@db.internal:6543/postgres?sslmode=require");
        let database = Database::new(&server.unwrap(), "x".to_owned(), false);
        assert_eq!(database.url, "postgres://a:b%40c@db.internal:6543/x?sslmode=require");
        let through = database.url_through("127.0.0.1:7".parse().unwrap());
        assert_eq!(through, "postgres://a:b%40c@127.0.0.1:7/x?sslmode=require");
    }

    #[test]
    fn only_names_with_the_prefix_have_an_age() {
        assert!(age(&format!("{}_7", prefix())).unwrap() < Duration::from_secs(60));
        assert!(age("testkit_1000_0_0").unwrap() > Duration::from_secs(86_400));
        for foreign in ["postgres", "testkit", "testkit_", "testkit_notes_2", "testkit_99999999999"]
        {
            assert_eq!(age(foreign), None, "{foreign}");
        }
    }
}
