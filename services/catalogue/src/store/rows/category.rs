//! Rows of `categories`.

use sea_orm::ActiveValue::Set;

use crate::{
    domain::{Category, CategoryId},
    store::schema::entity::category::{ActiveModel, Model},
};

impl From<Model> for Category {
    fn from(row: Model) -> Self {
        Self {
            id: CategoryId::known(row.id),
            name: row.name,
            parent_id: row.parent_id.map(CategoryId::known),
            position: row.position,
            revision: row.revision,
        }
    }
}

impl From<&Category> for ActiveModel {
    fn from(category: &Category) -> Self {
        Self {
            id: Set(category.id.as_str().to_owned()),
            name: Set(category.name.clone()),
            parent_id: Set(category.parent_id.as_ref().map(|id| id.as_str().to_owned())),
            position: Set(category.position),
            revision: Set(category.revision),
        }
    }
}
