//! The database schema: its entities for sea-orm, the `meta` table and the migrations.

pub(super) mod entity;
pub(super) mod import_report;
pub(super) mod meta;
pub(super) mod migrations;
