//! `catalogue migrate`: applies, reverts and lists migrations.

use std::fmt::Write as _;

use crate::{
    Config, MigrateAction,
    store::{Location, Migration, MigrationState, Schema},
};

/// Runs the migrate action of the settings, and returns its report.
///
/// # Errors
/// The database cannot be used, or a migration failed and was rolled back. The message names a
/// remedy.
pub async fn migrate(config: &Config) -> anyhow::Result<String> {
    let location = Location::new(&config.database)?;
    let schema = Schema::open(&location).await?;
    let limit = config.steps.map(std::num::NonZeroU32::get);
    let report = match config.migrate.unwrap_or(MigrateAction::Up) {
        MigrateAction::Up => schema.up(limit).await.map(|names| applied(&names)),
        MigrateAction::Down => schema.down(limit.unwrap_or(1)).await.map(|names| undone(&names)),
        MigrateAction::Status => schema.migrations().await.map(|all| status(&all)),
        MigrateAction::Plan => schema.migrations().await.map(|all| plan(&all, limit)),
    };
    schema.close().await;
    report
}

fn applied(names: &[String]) -> String {
    match names {
        [] => "the tables are up to date".to_owned(),
        names => format!("applied {}", names.join(", ")),
    }
}

fn undone(names: &[String]) -> String {
    match names {
        [] => "there is nothing to undo".to_owned(),
        names => format!("undone {}", names.join(", ")),
    }
}

fn status(migrations: &[Migration]) -> String {
    let width = migrations.iter().map(|migration| migration.name.len()).max().unwrap_or(0).max(4);
    let mut table = format!("{:width$}  STATE", "STEP");
    for Migration { name, state } in migrations {
        let state = match state {
            MigrationState::Applied => "applied",
            MigrationState::Pending => "pending",
            MigrationState::Newer => "applied by a newer program",
        };
        write!(table, "\n{name:width$}  {state}").expect("writing to a String does not fail");
    }
    table
}

fn plan(migrations: &[Migration], limit: Option<u32>) -> String {
    let is_pending = |migration: &&Migration| migration.state == MigrationState::Pending;
    let pending = migrations.iter().filter(is_pending);
    let pending = pending.take(limit.map_or(usize::MAX, |limit| limit as usize));
    let pending: Vec<_> = pending.map(|migration| migration.name.as_str()).collect();
    match pending.as_slice() {
        [] => "nothing would be applied: the tables are up to date".to_owned(),
        names => format!("would be applied, each in a transaction: {}", names.join(", ")),
    }
}
