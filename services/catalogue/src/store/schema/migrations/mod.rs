//! The migrations, one a file. A released migration never changes: append a new one instead.
//!
//! Each runs in one transaction, or in several and can be resumed. The previous version of the
//! program must keep working on the migrated tables, since it may be serving them: new columns have
//! defaults, and an unused column is dropped one release later.

mod m0001_initial;
mod m0002_depth;
mod m0003_deleted;
mod m0004_links;
mod m0005_fill;
mod m0006_keys;
mod m0007_tokens;
mod m0008_setting;
mod m0009_audit;
mod m0010_hidden;
mod m0011_session;
mod m0012_offer;
mod m0013_imports;
mod m0014_reports;

use sea_orm::{ConnectionTrait, DbErr, EntityTrait as _, QueryOrder as _};
use sea_orm_migration::{
    prelude::{MigrationTrait, MigratorTrait, async_trait},
    seaql_migrations,
};

pub(in crate::store) struct Migrator;

impl Migrator {
    /// The migrations that this version knows, in order.
    pub(in crate::store) fn names() -> impl Iterator<Item = String> {
        Self::migrations().into_iter().map(|migration| migration.name().to_owned())
    }

    /// The migrations that were applied, by any version of the program.
    ///
    /// # Errors
    /// The table of migrations does not exist, or cannot be read.
    pub(in crate::store) async fn applied(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
        let by_name = seaql_migrations::Column::Version;
        let rows = seaql_migrations::Entity::find().order_by_asc(by_name).all(db).await?;
        Ok(rows.into_iter().map(|row| row.version).collect())
    }
}

/// Warns if a newer version of the program has applied migrations unknown to this one.
pub(in crate::store) fn warn_of_newer<'a>(applied: impl IntoIterator<Item = &'a str>) {
    let known: Vec<String> = Migrator::names().collect();
    let newer = applied.into_iter().filter(|name| !known.iter().any(|known| known == name));
    let newer: Vec<&str> = newer.collect();
    if !newer.is_empty() {
        tracing::warn!(?newer, "the tables were migrated by a newer version; continuing with them");
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
            Box::new(m0006_keys::Keys),
            Box::new(m0007_tokens::PageTokenKeys),
            Box::new(m0008_setting::Settings),
            Box::new(m0009_audit::Audit),
            Box::new(m0010_hidden::Hidden),
            Box::new(m0011_session::Sessions),
            Box::new(m0012_offer::Offers),
            Box::new(m0013_imports::Imports),
            Box::new(m0014_reports::ImportReports),
        ]
    }

    /// Only the known ones: others are of a newer version, whose tables this one can use.
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
