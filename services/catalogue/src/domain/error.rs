//! Errors of the catalogue. Messages are for clients; sources are logged and never sent.

use super::{
    CategoryId, ImportError, Item, KeyError, ProductId, ReservationId, ReservationState,
    SettingError, Sku, Violations,
};

/// Result with the catalogue's [`Error`].
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// Cause of an error, for the log.
pub(crate) type Source = Box<dyn std::error::Error + Send + Sync>;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{0}")]
    Invalid(Violations),
    /// The caller may not do this.
    #[error("refused: {}", .0.reason())]
    Refused(access::Refusal),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Setting(#[from] SettingError),
    #[error("the page token is invalid, or belongs to another request; start without one")]
    PageToken,
    #[error("min_revision is of another catalogue, or of this one before its data was replaced")]
    RevisionUnknown,
    #[error(
        "the write that min_revision requires is not visible here yet (changes behind: {behind}); try again"
    )]
    RevisionNotReached { behind: i64 },
    #[error("request id {0:?} was used for another request; make a new one for each write")]
    RequestIdReused(String),
    /// Not a source, because the client caused it and the message contains it.
    #[error("filter: {0}")]
    Filter(product_fields::FilterRefusal),
    #[error("product {0} does not exist")]
    ProductNotFound(ProductId),
    #[error("product {0} is deleted; undelete it first")]
    ProductDeleted(ProductId),
    #[error("product {0} is not deleted")]
    ProductNotDeleted(ProductId),
    #[error("product {0} exists already: it is deleted, and can be undeleted or purged")]
    DeletedProductExists(ProductId),
    #[error(
        "revision {revision} of product {product} does not exist, or is no longer stored; the newest {kept} are",
        kept = super::KEPT_REVISIONS
    )]
    RevisionNotFound { product: ProductId, revision: i64 },
    #[error("category {0} does not exist")]
    CategoryNotFound(CategoryId),
    #[error("product {0} already exists")]
    ProductExists(ProductId),
    #[error("external id {external_id:?} belongs to product {owner}")]
    ExternalIdTaken { external_id: String, owner: ProductId },
    #[error("sku {sku} belongs to product {owner}; a sku is unique in the whole catalogue")]
    SkuTaken { sku: Sku, owner: ProductId },
    #[error("category {0} already exists")]
    CategoryExists(CategoryId),
    #[error("the parent already has a category named {0:?}")]
    CategoryNameTaken(String),
    #[error("category {0} has changed since it was read; read it again and repeat the change")]
    CategoryEtagMismatch(CategoryId),
    #[error("category {category} cannot go below {parent}, which is itself or below it")]
    CategoryCycle { category: CategoryId, parent: CategoryId },
    #[error(
        "category {category}, with what is below it, would reach level {depth}; there are {max}",
        max = super::MAX_DEPTH
    )]
    CategoryTooDeep { category: CategoryId, depth: usize },
    #[error("category {category} holds {holds}; move or delete them first")]
    CategoryNotEmpty { category: CategoryId, holds: String },
    #[error("the catalogue has {0} categories, which is the maximum")]
    TooManyCategories(usize),
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error("product {0} has changed since it was read; read it again and repeat the change")]
    EtagMismatch(ProductId),
    #[error("{item} has {stock_qty} in stock: cannot take {wanted}")]
    InsufficientStock { item: Item, stock_qty: i32, wanted: i64 },
    #[error("{item} has {stock_qty} in stock: adding {added} passes the limit of {max}", max = i32::MAX)]
    StockTooLarge { item: Item, stock_qty: i32, added: i64 },
    #[error("{item} has {stock_qty} in stock, not the expected quantity; count again")]
    StockChanged { item: Item, stock_qty: i32 },
    #[error("{field} is required: product {product} has its stock in its variants")]
    SkuRequired { field: String, product: ProductId },
    #[error("sku {0} does not exist, or belongs to another product")]
    SkuNotFound(Sku),
    #[error("no variant has the gtin {0}")]
    GtinNotFound(String),
    #[error("several variants have the gtin {0}; name the sku")]
    GtinAmbiguous(String),
    /// The text is its status, or that it is deleted.
    #[error("product {0} is not for sale: it is {1}")]
    ProductNotForSale(ProductId, &'static str),
    #[error(
        "stock_qty is not written with a product: change it by AdjustStock or SetStock (in JSON :adjustStock or \
         :setStock), or import with set_stock"
    )]
    StockNotWritable,
    #[error("reservation {0} does not exist, or ended long ago")]
    ReservationNotFound(ReservationId),
    #[error("reservation {id} cannot be changed: it is {state}")]
    ReservationEnded { id: ReservationId, state: ReservationState },
    #[error(
        "the cursor is of another feed, or its changes are no longer stored; start with a snapshot"
    )]
    CursorExpired,
    #[error("the cursor {0}")]
    CursorMismatch(&'static str),
    #[error("the response would exceed {limit_bytes} bytes; request less at once")]
    ResponseTooLarge { limit_bytes: usize },
    #[error("the client read nothing for {0} seconds")]
    ClientStalled(u64),
    #[error("the client has closed the stream")]
    ClientGone,
    #[error("the catalogue is shutting down; resume elsewhere with the last cursor")]
    ShuttingDown,
    #[error(
        "the database file was deleted or replaced while the catalogue had it open, and nothing is \
         written to it: stop the catalogue, put the file or a backup in its place, and start again"
    )]
    StoreReplaced,
    #[error("the product store is damaged here and cannot be read; its operator has to restore it")]
    Damaged(#[source] Source),
    #[error("the disk of the product store is full; reads still work")]
    StoreFull(#[source] Source),
    #[error("the product store is busy; try again")]
    StoreBusy(#[source] Option<Source>),
    /// A conflict with another write, after all retries.
    #[error("the write conflicted with other writes; try again")]
    Raced(#[source] Source),
    #[error("the product store is unavailable")]
    Store(#[source] Source),
}

impl Error {
    /// A violation of a single field.
    pub(crate) fn field(field: impl Into<String>, description: impl Into<String>) -> Self {
        let mut violations = Violations::default();
        violations.add(field, description);
        Self::Invalid(violations)
    }

    /// Names the product whose row is damaged, for the log.
    pub(crate) fn in_product(self, id: &str) -> Self {
        match self {
            Self::Damaged(source) => Self::Damaged(format!("product {id}: {source}").into()),
            other => other,
        }
    }
}

impl Violations {
    /// Succeeds if there are no violations.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the violations.
    pub(crate) fn check(self) -> Result<()> {
        if self.is_empty() { Ok(()) } else { Err(Error::Invalid(self)) }
    }
}
