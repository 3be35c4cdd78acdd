//! Experiments on the catalogue: a real one, in a process of its own, on both engines.

mod cancel;
mod contention;
mod feed;
mod import;
mod kill;
mod reads;
mod restart;
mod stock;
pub(super) mod subject;

use super::Experiment;
pub(super) use subject::{Engine, Subject, product};

/// All experiments on the catalogue.
pub fn catalogue_experiments() -> Vec<Experiment> {
    vec![
        Experiment::new(
            "feed",
            "8 writers whose transactions overlap, some rolled back: the feed loses nothing and \
             keeps each product's order, wherever it is taken up",
            feed::run,
        ),
        Experiment::new(
            "stock",
            "racing adjustments of 20 skus add up exactly and never pass below zero, on SQLite",
            async |setting| stock::run(setting, Engine::Sqlite).await,
        ),
        Experiment::new("stock-postgres", "the same on PostgreSQL", async |setting| {
            stock::run(setting, Engine::Postgres).await
        }),
        Experiment::new(
            "cancel",
            "calls cancelled at any instant leave no open transaction and lose no write",
            cancel::run,
        ),
        Experiment::new(
            "kill",
            "kill -9 during writes: what was acknowledged is there, what is retried happens once, \
             on SQLite",
            async |setting| kill::run(setting, Engine::Sqlite).await,
        ),
        Experiment::new("kill-postgres", "the same on PostgreSQL", async |setting| {
            kill::run(setting, Engine::Postgres).await
        }),
        Experiment::new(
            "contention",
            "16 writers and 64 readers on SQLite: nothing is locked out, writes stay quick",
            contention::run,
        ),
        Experiment::new(
            "restart",
            "PostgreSQL restarted under 200 writes a second: errors only meanwhile, nothing lost",
            restart::run,
        ),
        Experiment::new(
            "reads",
            "zipf reads with 1 % of writes, killed and restarted: every read shows what was \
             acknowledged before it began, on SQLite",
            async |setting| reads::run(setting, Engine::Sqlite).await,
        ),
        Experiment::new(
            "reads-postgres",
            "the same of two replicas on PostgreSQL, also of each other's writes: at once if they \
             are named, else within a second, with the network to the database silent and cut",
            async |setting| reads::run(setting, Engine::Postgres).await,
        ),
        Experiment::new(
            "import",
            "an import with bad rows, killed half-way and run again: each row once",
            import::run,
        ),
    ]
}
