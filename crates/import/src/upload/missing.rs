//! Products that a full file does not name: kept, archived or deleted once all its rows are settled.
//!
//! **Invariant:** a file that was cut off, or that has rows with unknown products, archives and deletes nothing.

use std::{fmt, str::FromStr};

use futures::{StreamExt as _, TryStreamExt as _, stream};
use pbjson_types::FieldMask;
use proto::catalogue::v1::{
    DeleteProductRequest, ExportProductsRequest, ImportOptions, ImportProductsRequest, ImportRow,
    Product, product::Status as ProductStatus,
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status};

use super::catalogue::Catalogue;
use crate::NamedProducts;

/// Number of rows in a message.
const BATCH: usize = 250;
/// Number of deletions at the same time.
const DELETIONS: usize = 8;
/// Maximum number of products that are shown.
const SHOWN: usize = 20;

/// How products that the file does not name are treated.
#[derive(Debug, Clone, PartialEq)]
pub struct MissingPolicy {
    /// Their treatment.
    pub action: MissingAction,
    /// How many there may be.
    pub limit: MissingLimit,
    /// Only products that match this filter, if it is not empty.
    pub within: String,
}

/// The treatment of products that the file does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum MissingAction {
    /// They stay as they are.
    Keep,
    /// They are no longer for sale, and can be found.
    Archive,
    /// They are deleted, and can be restored until they are purged.
    Delete,
}

/// How many products may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingLimit {
    /// A number of products.
    Products(u64),
    /// A share of all.
    Percent(u64),
}

impl FromStr for MissingLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |text: &str| text.trim().parse::<u64>().ok();
        let limit = match text.strip_suffix('%') {
            Some(share) => number(share).filter(|share| *share <= 100).map(Self::Percent),
            None => number(text).map(Self::Products),
        };
        limit.ok_or_else(|| "must be a number such as 50, or a share such as 10%".to_owned())
    }
}

impl fmt::Display for MissingLimit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Products(count) => write!(formatter, "{count}"),
            Self::Percent(share) => write!(formatter, "{share} %"),
        }
    }
}

impl MissingLimit {
    fn allows(self, missing: u64, all: u64) -> bool {
        match self {
            Self::Products(limit) => missing <= limit,
            Self::Percent(share) => missing * 100 <= all * share,
        }
    }
}

/// Why no product was archived or deleted, or not all of them.
#[derive(Debug)]
pub enum MissingError {
    /// This many rows do not say which product they are of.
    UnknownRows(u64),
    /// More products are missing than the limit allows.
    TooMany {
        /// Products that are missing.
        missing: u64,
        /// Products that the file could name.
        all: u64,
        /// How many may be missing.
        limit: MissingLimit,
    },
    /// The catalogue has failed.
    Failed(Status),
}

impl From<Status> for MissingError {
    fn from(status: Status) -> Self {
        Self::Failed(status)
    }
}

/// Products of the catalogue that a file does not name.
#[derive(Debug, Default)]
pub struct MissingProducts {
    /// Ids and etags.
    missing: Vec<(String, String)>,
    /// Id and name of the first of them.
    pub shown: Vec<(String, String)>,
}

/// How many of the missing products were archived or deleted. The others were changed meanwhile, and stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenOut(pub u64);

impl MissingPolicy {
    /// Whether the products that the file names have to be collected.
    pub fn is_needed(&self) -> bool {
        self.action != MissingAction::Keep
    }

    /// Finds the products that the file does not name. Those that were created since `begun`, in seconds since 1970,
    /// are not among them.
    ///
    /// # Errors
    /// The file does not show which products are missing, they are more than the limit, or the catalogue fails.
    pub async fn find(
        &self,
        named: &NamedProducts,
        begun: i64,
        catalogue: &dyn Catalogue,
    ) -> Result<MissingProducts, MissingError> {
        if named.unknown_rows() > 0 {
            return Err(MissingError::UnknownRows(named.unknown_rows()));
        }
        let request = ExportProductsRequest {
            filter: self.within.clone(),
            ..ExportProductsRequest::default()
        };
        let mut batches = catalogue.export_products(request).await?;
        let (mut found, mut all) = (MissingProducts::default(), 0);
        let is_new = |product: &Product| {
            product.created_at.as_ref().is_some_and(|created| created.seconds >= begun)
        };
        while let Some(batch) = batches.message().await? {
            for product in batch.products {
                let is_archived = product.status() == ProductStatus::Archived;
                if is_new(&product) || (is_archived && self.action == MissingAction::Archive) {
                    continue;
                }
                all += 1;
                if !named.include(&product) {
                    if found.shown.len() < SHOWN {
                        found.shown.push((product.id.clone(), product.name));
                    }
                    found.missing.push((product.id, product.etag));
                }
            }
        }
        let (missing, limit) = (found.count(), self.limit);
        if !limit.allows(missing, all) {
            return Err(MissingError::TooMany { missing, all, limit });
        }
        Ok(found)
    }

    /// Archives or deletes the products that were found, as part of the import.
    ///
    /// # Errors
    /// The catalogue fails.
    pub async fn take_out(
        &self,
        found: MissingProducts,
        import_id: &str,
        catalogue: &dyn Catalogue,
    ) -> Result<TakenOut, MissingError> {
        let done = match self.action {
            MissingAction::Keep => 0,
            MissingAction::Archive => archive(found.missing, import_id, catalogue).await?,
            MissingAction::Delete => delete(found.missing, import_id, catalogue).await?,
        };
        Ok(TakenOut(done))
    }
}

impl MissingProducts {
    /// Number of products.
    pub fn count(&self) -> u64 {
        self.missing.len() as u64
    }
}

/// Archives products unless they have changed; returns how many.
async fn archive(
    products: Vec<(String, String)>,
    import_id: &str,
    catalogue: &dyn Catalogue,
) -> Result<u64, Status> {
    let import_id = import_id.to_owned();
    let mut options = Some(ImportOptions { check_etags: true, import_id, ..Default::default() });
    let rows = (1..).zip(products).map(|(line, (id, etag))| {
        let mut product = Product { id, etag, ..Product::default() };
        product.set_status(ProductStatus::Archived);
        let update_mask = Some(FieldMask { paths: vec!["status".to_owned()] });
        ImportRow { line, product: Some(product), update_mask }
    });
    let rows: Vec<ImportRow> = rows.collect();
    let (sender, requests) = mpsc::channel(1);
    let send = async move {
        for rows in rows.chunks(BATCH) {
            let request = ImportProductsRequest { rows: rows.to_vec(), options: options.take() };
            // The call has ended; its response has the status.
            if sender.send(request).await.is_err() {
                break;
            }
        }
    };
    let receive = async {
        let requests = ReceiverStream::new(requests);
        let mut responses = catalogue.import_products(requests).await?;
        let mut updated = 0;
        while let Some(response) = responses.message().await? {
            updated = response.updated;
        }
        Ok(updated.unsigned_abs())
    };
    tokio::join!(send, receive).1
}

/// Deletes products unless they have changed; returns how many.
async fn delete(
    products: Vec<(String, String)>,
    import_id: &str,
    catalogue: &dyn Catalogue,
) -> Result<u64, Status> {
    let deletions = stream::iter(products).map(async |(product_id, etag)| {
        let request = DeleteProductRequest {
            product_id,
            etag,
            request_id: uuid::Uuid::new_v4().to_string(),
            import_id: import_id.to_owned(),
            ..DeleteProductRequest::default()
        };
        match catalogue.delete_product(request).await {
            Ok(_) => Ok(1),
            Err(status) if is_conflict(&status) => Ok(0),
            Err(status) => Err(status),
        }
    });
    deletions.buffer_unordered(DELETIONS).try_fold(0, async |sum, one| Ok(sum + one)).await
}

fn is_conflict(status: &Status) -> bool {
    matches!(status.code(), Code::Aborted | Code::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_a_number_or_a_share() {
        let allows =
            |limit: &str, missing| limit.parse::<MissingLimit>().unwrap().allows(missing, 200);
        assert!(allows("10%", 20) && !allows("10%", 21));
        assert!(allows("3", 3) && !allows("3", 4) && allows("100%", 200) && !allows("0", 1));
        for wrong in ["", "ten", "101%", "-1"] {
            assert!(wrong.parse::<MissingLimit>().is_err(), "{wrong}");
        }
    }
}
