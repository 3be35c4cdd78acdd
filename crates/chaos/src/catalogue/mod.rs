//! Experiments with a catalogue process, on both databases.

mod cancel;
mod contention;
mod feed;
mod import;
mod import_files;
mod kill;
mod ledger;
pub(super) mod process;
mod reads;
mod restart;
mod stock;
mod undo;

use crate::Experiment;
pub(super) use process::{CatalogueProcess, Engine, product};

pub(crate) fn experiments() -> Vec<Experiment> {
    let mut all = of_stock();
    all.extend(of_writes_and_reads());
    all.extend(of_imports());
    all
}

fn of_stock() -> Vec<Experiment> {
    vec![
        Experiment::new(
            "stock",
            "concurrent adjustments of 20 SKUs add up exactly and never go below zero, on SQLite",
            async |config| stock::run(config, Engine::Sqlite).await,
        ),
        Experiment::new("stock-postgres", "the same on PostgreSQL", async |config| {
            stock::run(config, Engine::Postgres).await
        }),
        Experiment::new(
            "ledger",
            "documents, imports, adjustments and reservations race: stock is what a ledger of the \
             acknowledged changes of stock says, on SQLite",
            async |config| ledger::run(config, Engine::Sqlite).await,
        ),
        Experiment::new("ledger-postgres", "the same on PostgreSQL", async |config| {
            ledger::run(config, Engine::Postgres).await
        }),
    ]
}

fn of_writes_and_reads() -> Vec<Experiment> {
    vec![
        Experiment::new(
            "feed",
            "8 writers whose transactions overlap, some rolled back: the feed loses nothing and \
             keeps each product's order, from any cursor",
            feed::run,
        ),
        Experiment::new(
            "cancel",
            "calls cancelled at any time leave no open transaction and lose no acknowledged write",
            cancel::run,
        ),
        Experiment::new(
            "kill",
            "kill -9 during writes: acknowledged writes are kept, retried writes are applied once, on \
             SQLite",
            async |config| kill::run(config, Engine::Sqlite).await,
        ),
        Experiment::new("kill-postgres", "the same on PostgreSQL", async |config| {
            kill::run(config, Engine::Postgres).await
        }),
        Experiment::new(
            "contention",
            "16 writers and 64 readers on SQLite: no call fails with a lock, writes stay fast",
            contention::run,
        ),
        Experiment::new(
            "restart",
            "PostgreSQL restarted under 200 writes per second: errors only meanwhile, no acknowledged write lost",
            restart::run,
        ),
        Experiment::new(
            "reads",
            "Zipf reads with 1 % writes, killed and restarted: reads include writes acknowledged before they \
             started, on SQLite",
            async |config| reads::run(config, Engine::Sqlite).await,
        ),
        Experiment::new(
            "reads-postgres",
            "the same with two replicas on PostgreSQL, including each other's writes: immediately with \
             min_revision, otherwise within a second, with stalls and resets of the database connection",
            async |config| reads::run(config, Engine::Postgres).await,
        ),
    ]
}

fn of_imports() -> Vec<Experiment> {
    vec![
        Experiment::new(
            "import",
            "an import with invalid rows, killed half-way and restarted: each row once",
            import::run,
        ),
        Experiment::new(
            "undo",
            "an import of 50,000 rows undone while others edit and sell its products: exactly what it did is \
             undone, and edits are listed and kept, on SQLite",
            async |config| undo::run(config, Engine::Sqlite).await,
        ),
        Experiment::new("undo-postgres", "the same on PostgreSQL", async |config| {
            undo::run(config, Engine::Postgres).await
        }),
        Experiment::new(
            "import-files",
            "10,000 generated files of every shape, encoding and damage: each row is counted once",
            import_files::run,
        ),
    ]
}
