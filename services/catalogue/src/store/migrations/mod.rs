//! The tables, made in code, one step a file. A step that was released never changes: add one behind
//! it. Each runs in a transaction (or in several that can be interrupted and begun again), and leaves tables that the version before it can go on using:
//! new columns have defaults, and what is no longer needed goes one release later.

mod m0001_initial;
mod m0002_depth;
mod m0003_deleted;
mod m0004_links;
mod m0005_fill;

use sea_orm::{ConnectionTrait, DbErr, EntityTrait as _, QueryOrder as _};
use sea_orm_migration::{
    prelude::{MigrationTrait, MigratorTrait, async_trait},
    seaql_migrations,
};

pub(super) struct Migrator;

impl Migrator {
    /// The steps this program knows, in their order.
    pub(super) fn names() -> impl Iterator<Item = String> {
        Self::migrations().into_iter().map(|step| step.name().to_owned())
    }

    /// The steps that were applied, by whatever program.
    ///
    /// # Errors
    /// There is no table of them, or it cannot be read.
    pub(super) async fn applied(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
        let by_name = seaql_migrations::Column::Version;
        let rows = seaql_migrations::Entity::find().order_by_asc(by_name).all(db).await?;
        Ok(rows.into_iter().map(|row| row.version).collect())
    }
}

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_initial::Initial),
            Box::new(m0002_depth::Depth),
            Box::new(m0003_deleted::Deleted),
            Box::new(m0004_links::Links),
            Box::new(m0005_fill::Backfill),
        ]
    }

    /// Only those we know: others are of a newer program, whose tables this one can use, too.
    async fn get_migration_models<C>(db: &C) -> Result<Vec<seaql_migrations::Model>, DbErr>
    where
        C: ConnectionTrait,
    {
        Self::install(db).await?;
        let by_name = seaql_migrations::Column::Version;
        let rows = seaql_migrations::Entity::find().order_by_asc(by_name).all(db).await?;
        let known: Vec<String> = Self::names().collect();
        Ok(rows.into_iter().filter(|row| known.contains(&row.version)).collect())
    }
}
