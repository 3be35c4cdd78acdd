//! The tables as sea-orm entities.
#![allow(unreachable_pub, reason = "the derive macro makes public items")]

/// The items that the derive macro of an entity requires, without relations or hooks.
macro_rules! without_relations {
    () => {
        #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
        pub enum Relation {}

        impl ActiveModelBehavior for ActiveModel {}
    };
}

pub(in crate::store) mod product {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "products")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub external_id: Option<String>,
        pub name: String,
        pub description: String,
        pub brand: String,
        pub price_minor: Option<i64>,
        pub currency: Option<String>,
        pub stock_qty: i32,
        pub image_urls: String,
        pub attributes: String,
        pub labels: String,
        pub revision: i64,
        pub content_revision: i64,
        pub created_at: i64,
        pub updated_at: i64,
        pub status: i32,
        pub deleted_at: Option<i64>,
        pub created_by: String,
        pub offer: Option<String>,
        pub condition: i32,
        pub tax_class: String,
        pub seo_title: String,
        pub seo_description: String,
        pub costs: Option<String>,
        pub on_sale: i32,
        pub weight_mg: Option<i64>,
    }

    without_relations!();
}

pub(in crate::store) mod membership {
    use sea_orm::entity::prelude::*;

    /// The membership of a product in a category.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "product_categories")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub product_id: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub category_id: String,
        pub position: i32,
    }

    without_relations!();
}

pub(in crate::store) mod variant {
    use sea_orm::entity::prelude::*;

    /// A variant of a product.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "product_variants")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub sku: String,
        pub product_id: String,
        pub position: i32,
        pub gtin: String,
        pub option_values: String,
        pub price_minor: Option<i64>,
        pub currency: Option<String>,
        pub stock_qty: i32,
        pub offer: Option<String>,
        pub media_url: String,
    }

    without_relations!();
}

pub(in crate::store) mod revision {
    use sea_orm::entity::prelude::*;

    /// The values that a revision of a product replaced.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "product_revisions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub product_id: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub revision: i64,
        pub op: i32,
        pub changed_fields: String,
        pub before: String,
        pub actor: String,
        pub request_id: String,
        pub changed_at: i64,
    }

    without_relations!();
}

pub(in crate::store) mod category {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "categories")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub name: String,
        pub parent_id: Option<String>,
        pub position: i32,
        pub revision: i64,
    }

    without_relations!();
}

pub(in crate::store) mod change {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "changes")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub seq: i64,
        /// The transaction number; 0 on SQLite, where transactions do not run concurrently.
        pub xid: i64,
        /// Empty for a change of a category.
        pub product_id: String,
        pub category_id: Option<String>,
        pub op: i32,
        pub changed_fields: String,
        pub changed_at: i64,
        pub actor: String,
        pub request_id: String,
        pub was_hidden: i32,
    }

    without_relations!();
}

pub(in crate::store) mod meta {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "meta")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        pub value: Vec<u8>,
    }

    without_relations!();
}

pub(in crate::store) mod request {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "requests")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub fingerprint: Vec<u8>,
        pub answer: Vec<u8>,
        pub answered_at: i64,
    }

    without_relations!();
}

pub(in crate::store) mod reservation {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "reservations")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub state: i32,
        pub expires_at: i64,
        pub created_at: i64,
        pub actor: String,
    }

    without_relations!();
}

pub(in crate::store) mod reservation_line {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "reservation_lines")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub reservation_id: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub line: i32,
        pub product_id: String,
        /// Empty for a product without variants.
        pub sku: String,
        pub quantity: i32,
    }

    without_relations!();
}

pub(in crate::store) mod page_token_key {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "page_token_keys")]
    pub struct Model {
        /// When the key begins to sign.
        #[sea_orm(primary_key, auto_increment = false)]
        pub signs_from: i64,
        pub secret: Vec<u8>,
        /// Until when the keys before it open tokens.
        pub previous_until: i64,
    }

    without_relations!();
}

pub(in crate::store) mod setting {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "settings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub value: String,
        /// Of its last change.
        pub revision: i64,
        pub changed_at: i64,
        pub actor: String,
    }

    without_relations!();
}

pub(in crate::store) mod setting_change {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "setting_changes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub revision: i64,
        pub name: String,
        /// None for a deletion.
        pub value: Option<String>,
        pub changed_at: i64,
        pub actor: String,
    }

    without_relations!();
}

pub(in crate::store) mod access_key {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "access_keys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub name: String,
        /// Their names, separated by blanks.
        pub scopes: String,
        /// SHA-256 of the key's text.
        pub digest: Vec<u8>,
        pub created_at: i64,
        pub expires_at: Option<i64>,
        pub revoked_at: Option<i64>,
        pub last_used_at: Option<i64>,
    }

    without_relations!();
}

pub(in crate::store) mod session {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sessions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub holder_kind: String,
        pub holder_id: String,
        /// Of the holder, for people.
        pub name: String,
        /// Their names, separated by blanks.
        pub scopes: String,
        /// SHA-256 of the session's text.
        pub digest: Vec<u8>,
        pub created_at: i64,
        pub expires_at: i64,
    }

    without_relations!();
}

pub(in crate::store) mod import {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "imports")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub created_at: i64,
        pub actor: String,
        /// When undoing it began: from then on it takes no more rows.
        pub undone_at: Option<i64>,
    }

    without_relations!();
}

pub(in crate::store) mod imported_product {
    use sea_orm::entity::prelude::*;

    /// A product that an import has written.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "import_products")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub import_id: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub product_id: String,
        pub created_at: i64,
        pub before_revision: i64,
        pub before_content: i64,
        pub last_revision: i64,
        pub last_content: i64,
        pub mixed: i32,
        pub stock_set: i32,
        /// How it is settled; 0 until the import is undone.
        pub state: i32,
        /// Why it cannot be undone, or empty.
        pub reason: String,
        pub message: String,
    }

    without_relations!();
}

pub(in crate::store) mod audit_event {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit_events")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub at: i64,
        pub principal: String,
        pub key_id: String,
        pub address: String,
        pub method: String,
        pub resource: String,
        pub request_id: String,
        pub note: String,
        pub outcome: String,
        pub revision: i64,
        pub count: i32,
    }

    without_relations!();
}
