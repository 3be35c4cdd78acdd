//! Reports of imports of files. Beside `imports`, whose rows are locked while rows are stored.
#![allow(unreachable_pub, reason = "the derive macro makes public items")]

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_reports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: String,
    pub state: i32,
    pub updated_at: i64,
    pub cancelled_at: Option<i64>,
    /// An encoded message.
    pub report: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
