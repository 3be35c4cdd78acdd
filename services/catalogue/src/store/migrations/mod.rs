//! The tables, made in code, one step a file. A step that was released never changes: add one behind
//! it. Each runs in a transaction, and leaves tables that the version before it can go on using:
//! new columns have defaults, and what is no longer needed goes one release later.

mod m0001_initial;
mod m0002_depth;

use sea_orm_migration::prelude::{MigrationTrait, MigratorTrait};

pub(super) struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m0001_initial::Initial), Box::new(m0002_depth::Depth)]
    }
}
