//! One database of a test, and what it is called.

use std::{
    net::SocketAddr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use url::Url;

/// How long dropping a database may hold up its test.
const DROP_LIMIT: Duration = Duration::from_secs(10);

/// A database of its own for a test, which keeps this as long as it uses the database.
#[derive(Debug)]
pub struct Database {
    /// As `DATABASE_URL` takes it. Its user is a superuser of a private server.
    pub url: String,
    name: String,
    /// Where to drop it from. Nothing on a private server, which ends with all it has.
    maintenance: Option<Url>,
}

impl Database {
    pub(super) fn new(server: &Url, name: String, existing: bool) -> Self {
        let url = url_of(server, &name).into();
        Self { url, name, maintenance: existing.then(|| server.clone()) }
    }

    /// Its URL through a proxy.
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
        // On a thread with a runtime of its own: ours cannot wait here.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let dropping = drop_database(&maintenance, &name);
                tokio::time::timeout(DROP_LIMIT, dropping).await?
            })
        });
        match dropped.join() {
            Ok(Ok(())) => {}
            // The next run drops what is left, once it is old.
            Ok(Err(error)) => eprintln!("a test database is left behind: {error:#}"),
            Err(_) => eprintln!("a test database is left behind: dropping it panicked"),
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

/// Distinct for each server a test process has, and tells how old a database is.
pub(super) fn prefix() -> String {
    let nonce = getrandom::u32().expect("the system has randomness");
    format!("testkit_{}_{nonce:08x}", unix_seconds())
}

/// How old the database of this name is; nothing if it is none of ours.
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
    fn url_keeps_who_and_how_but_changes_what() {
        let server = Url::parse("postgres://a:b%40c@db.internal:6543/postgres?sslmode=require");
        let database = Database::new(&server.unwrap(), "x".to_owned(), false);
        assert_eq!(database.url, "postgres://a:b%40c@db.internal:6543/x?sslmode=require");
        let through = database.url_through("127.0.0.1:7".parse().unwrap());
        assert_eq!(through, "postgres://a:b%40c@127.0.0.1:7/x?sslmode=require");
    }

    #[test]
    fn only_our_names_have_an_age() {
        assert!(age(&format!("{}_7", prefix())).unwrap() < Duration::from_secs(60));
        assert!(age("testkit_1000_0_0").unwrap() > Duration::from_secs(86_400));
        for foreign in ["postgres", "testkit", "testkit_", "testkit_notes_2", "testkit_99999999999"]
        {
            assert_eq!(age(foreign), None, "{foreign}");
        }
    }
}
