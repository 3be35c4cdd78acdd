//! PostgreSQL servers of tests.

use std::{
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use sqlx::{Connection as _, PgConnection};
use testkit::{
    Database, Output, Postgres, PostgresOptions, PostgresServer, Process, Shutdown, run, until,
    until_within,
};
use tokio::time::timeout;

/// Variable with the file that [`child_with_a_server`] writes; without it, that test does nothing.
const SERVER_FILE: &str = "TESTKIT_SERVER_FILE";

#[tokio::test]
async fn databases_are_empty_and_separate() {
    let Some(postgres) = Postgres::shared().await else { return };
    let (one, other) = (postgres.database().await.unwrap(), postgres.database().await.unwrap());
    assert_ne!(one.url, other.url);
    execute(&one, "CREATE TABLE here (id int)").await.unwrap();
    assert_eq!(tables(&one).await, 1);
    assert_eq!(tables(&other).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn template_is_prepared_once_and_its_copies_are_separate() {
    let Some(postgres) = Postgres::shared().await else { return };
    let prepared = AtomicU32::new(0);
    let prepare = async |url: &str| {
        prepared.fetch_add(1, Ordering::Relaxed);
        let mut connection = PgConnection::connect(url).await?;
        sqlx::raw_sql("CREATE TABLE things (id int)").execute(&mut connection).await?;
        // Left open: a preparation may leave a connection pool.
        std::mem::forget(connection);
        Ok(())
    };
    let copy = || postgres.database_from("things", prepare);
    let (one, other) = tokio::try_join!(copy(), copy()).unwrap();
    assert_eq!(prepared.load(Ordering::Relaxed), 1);
    execute(&one, "INSERT INTO things VALUES (1)").await.unwrap();
    assert_eq!(number(&one, "SELECT count(*) FROM things").await.unwrap(), 1);
    assert_eq!(number(&other, "SELECT count(*) FROM things").await.unwrap(), 0);
}

#[tokio::test]
async fn failed_preparation_is_repeated() {
    let Some(postgres) = Postgres::shared().await else { return };
    let failed =
        postgres.database_from("fails", async |_| anyhow::bail!("failed by the test")).await;
    assert!(format!("{:#}", failed.unwrap_err()).contains("failed by the test"));
    postgres.database_from("fails", async |_| Ok(())).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn durable_server_keeps_commits_across_restarts() {
    let options = PostgresOptions { durable: true, ..PostgresOptions::default() };
    let Some(server) = PostgresServer::start(options).await.unwrap() else { return };
    let database = server.database().await.unwrap();
    for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
        let on = format!("SELECT (current_setting('{setting}') = 'on')::int::bigint");
        assert_eq!(number(&database, &on).await.unwrap(), 1, "{setting}");
    }
    execute(&database, "CREATE TABLE kept (id int)").await.unwrap();
    for (restarts, how) in [(1, Shutdown::Fast), (2, Shutdown::Immediate)] {
        execute(&database, "INSERT INTO kept VALUES (1)").await.unwrap();
        let (addr, id) = (server.addr(), server.id().unwrap());
        server.restart(how).await.unwrap();
        assert_eq!(server.addr(), addr);
        assert_ne!(server.id().unwrap(), id);
        assert_eq!(number(&database, "SELECT count(*) FROM kept").await.unwrap(), restarts);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn paused_server_does_not_respond_until_resumed() {
    let settings = vec![("application_name".to_owned(), "it's ours".to_owned())];
    let options = PostgresOptions { settings, ..PostgresOptions::default() };
    let Some(server) = PostgresServer::start(options).await.unwrap() else { return };
    let database = server.database().await.unwrap();
    let mut open = PgConnection::connect(&database.url).await.unwrap();
    let name: String =
        sqlx::query_scalar("SHOW application_name").fetch_one(&mut open).await.unwrap();
    assert_eq!(name, "it's ours");

    server.pause().await.unwrap();
    let wait = Duration::from_millis(300);
    let mut ping = std::pin::pin!(open.ping());
    assert!(timeout(wait, &mut ping).await.is_err(), "an open connection was served");
    let connecting = PgConnection::connect(&database.url);
    assert!(timeout(wait, connecting).await.is_err(), "a new connection was served");
    server.resume().await.unwrap();
    ping.await.unwrap();

    // A paused server can be restarted and dropped.
    server.pause().await.unwrap();
    server.restart(Shutdown::Immediate).await.unwrap();
    number(&database, "SELECT 1::bigint").await.unwrap();
    server.pause().await.unwrap();
    let id = server.id().unwrap();
    drop(server);
    assert!(!is_running(id));
}

#[tokio::test(flavor = "multi_thread")]
async fn server_ends_with_a_killed_process() {
    // Skips this test without PostgreSQL.
    let Some(_) = PostgresServer::start(PostgresOptions::default()).await.unwrap() else { return };
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("server");
    let variable = format!("{SERVER_FILE}={}", file.display());
    let log = dir.path().join("log");
    let mut child =
        Process::start(Path::new("env"), [&variable, &this(), "--exact", CHILD], &log).unwrap();
    let id = until("the child has a server", async || {
        assert!(child.exit_status().is_none(), "{}", child.log());
        std::fs::read_to_string(&file).ok()?.strip_suffix('\n')?.parse::<i32>().ok()
    })
    .await;
    assert!(is_running(id));
    child.kill();
    until_within(Duration::from_secs(10), "the server has ended", async || {
        (!is_running(id)).then_some(())
    })
    .await;
}

const CHILD: &str = "postgres::child_with_a_server";

/// Child process of the test above, which runs this program.
#[tokio::test(flavor = "multi_thread")]
async fn child_with_a_server() {
    let Some(file) = std::env::var_os(SERVER_FILE) else { return };
    let server = PostgresServer::start(PostgresOptions::default()).await.unwrap().unwrap();
    std::fs::write(file, format!("{}\n", server.id().unwrap())).unwrap();
    std::future::pending::<()>().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn existing_server_is_used_and_cleaned_up() {
    let Some(server) = PostgresServer::start(PostgresOptions::default()).await.unwrap() else {
        return;
    };
    let database = server.database().await.unwrap();
    execute(&database, "CREATE DATABASE testkit_1000_abandoned_0").await.unwrap();
    execute(&database, "CREATE DATABASE testkit_of_another_user").await.unwrap();
    let ours = "SELECT count(*) FROM pg_database WHERE datname LIKE 'testkit%'";
    assert_eq!(number(&database, ours).await.unwrap(), 3);

    let url = format!("TEST_DATABASE_URL={}", database.url);
    // Without programs, only the existing server can be used.
    let nowhere = "PG_BIN=/nowhere";
    let output = run_test(&[&url, nowhere], "databases_are_empty_and_separate").await;
    assert_eq!(output.code, Some(0), "{output:?}");
    assert!(!output.err.contains("SKIPPED"), "{output:?}");
    // The abandoned database and that of the test are dropped.
    assert_eq!(number(&database, ours).await.unwrap(), 2);

    execute(&database, "CREATE ROLE small LOGIN PASSWORD 'small'").await.unwrap();
    let (_, rest) = database.url.split_once('@').unwrap();
    let small = format!("postgres://small:small@{rest}");
    let unusable = [
        (format!("TEST_DATABASE_URL={small}"), "may not create databases"),
        ("TEST_DATABASE_URL=sqlite://x".to_owned(), "sqlite:// is not PostgreSQL"),
    ];
    for (url, why) in unusable {
        let output = run_test(&[&url], "databases_are_empty_and_separate").await;
        assert_eq!(output.code, Some(101), "{output:?}");
        assert!(output.out.contains(why), "{output:?}");
    }
    // The URL that programs are run with is only an offer.
    let offer = format!("DATABASE_URL={small}");
    let output = run_test(&[&offer, nowhere], "databases_are_empty_and_separate").await;
    assert_eq!(output.code, Some(0), "{output:?}");
    assert!(output.err.contains("may not create databases"), "{output:?}");
    assert!(output.err.contains("SKIPPED"), "{output:?}");
}

#[tokio::test]
async fn without_postgresql_tests_are_skipped_with_a_message_and_fail_in_ci() {
    let output = run_test(&["PG_BIN=/nowhere"], "databases_are_empty_and_separate").await;
    assert_eq!(output.code, Some(0), "{output:?}");
    assert!(
        output.err.contains("SKIPPED") && output.err.contains("cargo xtask test"),
        "{output:?}"
    );
    let output =
        run_test(&["PG_BIN=/nowhere", "CI=true"], "databases_are_empty_and_separate").await;
    assert_eq!(output.code, Some(101), "{output:?}");
    assert!(output.out.contains("cargo xtask test"), "{output:?}");
}

/// Runs one of these tests in a process with these variables.
async fn run_test(environment: &[&str], name: &str) -> Output {
    let unset = ["-u", "CI", "-u", "DATABASE_URL", "-u", "TEST_DATABASE_URL"];
    let name = format!("postgres::{name}");
    let this = this();
    let arguments = unset.iter().chain(environment).copied().chain([&*this, "--exact", &*name]);
    run("env".into(), arguments).await
}

fn this() -> String {
    std::env::current_exe().unwrap().to_str().expect("UTF-8").to_owned()
}

/// Whether a process exists, running or stopped, and is not a zombie.
fn is_running(id: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, state)| !state.starts_with('Z'))
}

async fn tables(database: &Database) -> i64 {
    let count = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    number(database, count).await.unwrap()
}

async fn execute(database: &Database, sql: &'static str) -> anyhow::Result<()> {
    let mut connection = PgConnection::connect(&database.url).await?;
    sqlx::raw_sql(sql).execute(&mut connection).await?;
    Ok(connection.close().await?)
}

async fn number(database: &Database, sql: &str) -> anyhow::Result<i64> {
    let mut connection = PgConnection::connect(&database.url).await?;
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    let number = sqlx::query_scalar(sql).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(number)
}
