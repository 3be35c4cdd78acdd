//! Rows of `changes`, the table of the feed.

use sea_orm::Value;

use super::{
    insert::Row,
    json::{json, parse},
};
use crate::{
    domain::{CategoryId, Change, Error, Op, Place, ProductId, Result, Subject},
    store::{engine::ColumnKind, schema::entity::change},
};

/// A change to be appended to the feed.
pub(in crate::store) struct ChangeRow<'a> {
    /// The number of the transaction, from `changes::order::transaction`.
    pub(in crate::store) xid: i64,
    /// Empty for a change of a category.
    pub(in crate::store) product_id: &'a str,
    pub(in crate::store) category_id: Option<&'a str>,
    pub(in crate::store) op: i32,
    pub(in crate::store) changed_fields: &'a [String],
    pub(in crate::store) changed_at: i64,
    pub(in crate::store) actor: &'a str,
    pub(in crate::store) request_id: &'a str,
    pub(in crate::store) was_hidden: bool,
}

impl<'a> ChangeRow<'a> {
    /// The row of `change`, recorded with the actor and the request id of its write.
    pub(in crate::store) fn new(
        change: &'a Change,
        xid: i64,
        actor: &'a str,
        request_id: &'a str,
    ) -> Self {
        let (product_id, category_id) = match &change.subject {
            Subject::Product(id) => (id.as_str(), None),
            Subject::Category(id) => ("", Some(id.as_str())),
        };
        Self {
            xid,
            product_id,
            category_id,
            op: change.op as i32,
            changed_fields: &change.changed_fields,
            changed_at: change.at,
            actor,
            request_id,
            was_hidden: change.was_hidden,
        }
    }
}

impl Row<9> for ChangeRow<'_> {
    const COLUMNS: [(&'static str, ColumnKind); 9] = [
        ("xid", ColumnKind::BigInteger),
        ("product_id", ColumnKind::Text),
        ("category_id", ColumnKind::OptionalText),
        ("op", ColumnKind::Integer),
        ("changed_fields", ColumnKind::Text),
        ("changed_at", ColumnKind::BigInteger),
        ("actor", ColumnKind::Text),
        ("request_id", ColumnKind::Text),
        ("was_hidden", ColumnKind::Integer),
    ];

    fn values(&self) -> Result<[Value; 9]> {
        Ok([
            self.xid.into(),
            self.product_id.into(),
            self.category_id.into(),
            self.op.into(),
            json(self.changed_fields)?.into(),
            self.changed_at.into(),
            self.actor.into(),
            self.request_id.into(),
            i32::from(self.was_hidden).into(),
        ])
    }
}

/// The place of a change in the feed.
pub(in crate::store) fn place(row: &change::Model) -> Place {
    Place { transaction: row.xid, sequence: row.seq }
}

impl TryFrom<change::Model> for Change {
    type Error = Error;

    fn try_from(row: change::Model) -> Result<Self> {
        let ops = [Op::Created, Op::Updated, Op::Deleted, Op::Stock];
        let op = ops.into_iter().find(|op| *op as i32 == row.op);
        Ok(Self {
            place: place(&row),
            subject: match row.category_id {
                Some(id) => Subject::Category(CategoryId::known(id)),
                None => Subject::Product(ProductId::known(row.product_id)),
            },
            op: op.ok_or_else(|| Error::Damaged(format!("a change of kind {}", row.op).into()))?,
            changed_fields: parse(&row.changed_fields)?,
            at: row.changed_at,
            actor: row.actor,
            request_id: row.request_id,
            was_hidden: row.was_hidden != 0,
        })
    }
}
