//! Migrations.

use catalogue::{Config, MigrateAction};
use chassis::CancellationToken;
use futures::future::join_all;
use sea_orm::{ConnectionTrait as _, Database};

use crate::support::{Catalogue, Data, config, failure, product, soon};

/// The output of `catalogue migrate`.
async fn migrate(data: &Data, action: MigrateAction, steps: Option<u32>) -> anyhow::Result<String> {
    let steps = steps.map(|steps| steps.try_into().unwrap());
    catalogue::migrate(&Config { migrate: Some(action), steps, ..data.config() }).await
}

/// Changes the database without the catalogue.
async fn execute(data: &Data, sql: &str) {
    let file = format!("sqlite://{}", data.path().join("catalogue.db").display());
    let database = Database::connect(data.url().unwrap_or(&file)).await.unwrap();
    database.execute_unprepared(sql).await.unwrap();
    database.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn migrations_can_be_reverted_and_applied_again() {
    let data = Data::empty().await;
    let plan = migrate(&data, MigrateAction::Plan, None).await.unwrap();
    assert!(plan.contains("m0001_initial") && plan.contains("m0002_depth"), "{plan}");
    let status = migrate(&data, MigrateAction::Status, None).await.unwrap();
    assert!(status.contains("m0001_initial  pending"), "{status}");

    let up = migrate(&data, MigrateAction::Up, Some(1)).await.unwrap();
    assert_eq!(up, "applied m0001_initial");
    let status = migrate(&data, MigrateAction::Status, None).await.unwrap();
    assert!(status.contains("m0001_initial  applied\nm0002_depth    pending"), "{status}");
    migrate(&data, MigrateAction::Up, None).await.unwrap();
    for _ in 0..14 {
        let down = migrate(&data, MigrateAction::Down, None).await.unwrap();
        assert!(down.starts_with("undone m0"), "{down}");
    }
    let none = migrate(&data, MigrateAction::Down, None).await.unwrap();
    assert_eq!(none, "there is nothing to undo");
    migrate(&data, MigrateAction::Up, None).await.unwrap();
    let again = migrate(&data, MigrateAction::Up, None).await.unwrap();
    assert_eq!(again, "the tables are up to date");
    Catalogue::start_in(data).await.create(product("mug")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_previous_version_of_the_tables_keeps_its_data() {
    let catalogue = Catalogue::start().await;
    catalogue.create(product("mug")).await;
    let data = catalogue.stop().await;
    migrate(&data, MigrateAction::Down, Some(12)).await.unwrap();
    let catalogue = Catalogue::start_in(data).await;
    let taken = catalogue.try_create(product("mug")).await;
    crate::support::assert_refused(taken, tonic::Code::AlreadyExists, "PRODUCT_EXISTS");
    catalogue.create(product("cup")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_migrations_outdated_tables_are_refused_by_name() {
    let data = Data::empty().await;
    migrate(&data, MigrateAction::Up, Some(1)).await.unwrap();
    let refused = failure(Config { no_migrate: true, ..data.config() }).await;
    assert!(refused.contains("m0002_depth") && refused.contains("migrate up"), "{refused}");
    migrate(&data, MigrateAction::Up, None).await.unwrap();
    let shutdown = CancellationToken::new();
    let config = Config { no_migrate: true, ..data.config() };
    let running = catalogue::start(config, shutdown.clone()).await.unwrap();
    shutdown.cancel();
    soon(running.finished()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_of_a_newer_program_are_used_and_not_reverted() {
    let data = Data::new().await;
    migrate(&data, MigrateAction::Up, None).await.unwrap();
    execute(&data, "INSERT INTO seaql_migrations VALUES ('m9999_future', 0)").await;
    let status = migrate(&data, MigrateAction::Status, None).await.unwrap();
    assert!(status.contains("m9999_future   applied by a newer program"), "{status}");
    let refused = migrate(&data, MigrateAction::Down, None).await.unwrap_err().to_string();
    assert!(refused.contains("m9999_future"), "{refused}");
    Catalogue::start_in(data).await.create(product("mug")).await;
}

/// On a file, one of them succeeds, and the others report why they do not.
#[tokio::test(flavor = "multi_thread")]
async fn five_may_start_at_once_on_an_empty_database() {
    let data = Data::empty().await;
    let shutdown = CancellationToken::new();
    let started = (0..5).map(|_| catalogue::start(data.config(), shutdown.clone()));
    let started = soon(join_all(started)).await;
    let (running, failed): (Vec<_>, Vec<_>) = started.into_iter().partition(Result::is_ok);
    for failure in failed {
        let failure = failure.err().unwrap().to_string();
        assert!(failure.contains("another catalogue is using"), "{failure}");
    }
    let expected = if data.url().is_some() { 5 } else { 1 };
    assert_eq!(running.len(), expected);
    shutdown.cancel();
    for running in running {
        soon(running.unwrap().finished()).await.unwrap();
    }
    let status = migrate(&data, MigrateAction::Status, None).await.unwrap();
    assert!(!status.contains("pending"), "{status}");
}

#[test]
fn actions_are_given_on_the_command_line() {
    use clap::Parser as _;
    let line = ["catalogue", "migrate", "down", "--steps=2", "--data-dir=/srv"];
    let config = Config::parse_from(line);
    assert_eq!(config.action, catalogue::Action::Migrate);
    assert_eq!(config.migrate, Some(MigrateAction::Down));
    assert_eq!(config.steps.map(|steps| steps.get()), Some(2));
    assert_eq!(self::config(std::path::Path::new("x"), None).migrate, None);
}
