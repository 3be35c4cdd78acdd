//! `catalogue migrate`: the tables, step by step.

use std::fmt::Write as _;

use crate::{
    Config, MigrateAction,
    store::{Location, State, Step, Tables},
};

/// Does what the settings say about the tables, and tells what was done.
///
/// # Errors
/// The data cannot be used, or a step failed and has left nothing behind. Says what to do about it.
pub async fn migrate(config: &Config) -> anyhow::Result<String> {
    let location = Location::new(&config.database)?;
    let tables = Tables::open(&location).await?;
    let limit = config.steps.map(std::num::NonZeroU32::get);
    let done = match config.migrate.unwrap_or(MigrateAction::Up) {
        MigrateAction::Up => tables.up(limit).await.map(|names| applied(&names)),
        MigrateAction::Down => tables.down(limit.unwrap_or(1)).await.map(|names| undone(&names)),
        MigrateAction::Status => tables.steps().await.map(|steps| status(&steps)),
        MigrateAction::Plan => tables.steps().await.map(|steps| plan(&steps, limit)),
    };
    tables.close().await;
    done
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

fn status(steps: &[Step]) -> String {
    let width = steps.iter().map(|step| step.name.len()).max().unwrap_or(0).max(4);
    let mut table = format!("{:width$}  STATE", "STEP");
    for step in steps {
        let state = match step.state {
            State::Applied => "applied",
            State::Pending => "pending",
            State::Newer => "applied by a newer program",
        };
        write!(table, "\n{:width$}  {state}", step.name).expect("a text can always grow");
    }
    table
}

fn plan(steps: &[Step], limit: Option<u32>) -> String {
    let pending = steps.iter().filter(|step| step.state == State::Pending);
    let pending = pending.take(limit.map_or(usize::MAX, |limit| limit as usize));
    let pending: Vec<_> = pending.map(|step| step.name.as_str()).collect();
    match pending.as_slice() {
        [] => "nothing would be applied: the tables are up to date".to_owned(),
        names => format!("would be applied, each in a transaction: {}", names.join(", ")),
    }
}
