//! Products that a full file does not name: kept, archived or deleted once all its rows are settled.
//!
//! **Invariant:** a file that was cut off, or that has rows with unknown products, archives and deletes nothing.

use std::{fmt, str::FromStr};

use anyhow::{Result, bail};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use import::NamedProducts;
use pbjson_types::FieldMask;
use proto::catalogue::v1::{
    DeleteProductRequest, ExportProductsRequest, ImportOptions, ImportProductsRequest, ImportRow,
    Product, product::Status,
};

use crate::{
    client::Client,
    output::{print_line, sanitize, thousands, warn},
};

/// Number of rows in a message.
const BATCH: usize = 250;
/// Number of deletions at the same time.
const DELETIONS: usize = 8;
/// Maximum number of products that are printed.
const SHOWN: usize = 20;

#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Products that the file does not name")]
pub(crate) struct MissingArgs {
    /// How to treat them, if the file has all products
    #[arg(long = "missing", value_name = "ACTION", default_value = "keep")]
    action: Action,
    /// Archive and delete none if they are more than this: a number, or a share of all such as 10%
    #[arg(long = "missing-limit", value_name = "LIMIT", default_value = "10%")]
    limit: Limit,
    /// Only products that match, such as 'brand = "Acme"', if the file has all of these
    #[arg(
        long = "missing-within",
        value_name = "FILTER",
        default_value = "",
        hide_default_value = true
    )]
    within: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Action {
    /// They stay as they are.
    Keep,
    /// They are no longer for sale, and can be found.
    Archive,
    /// They are deleted, and can be restored until they are purged.
    Delete,
}

/// How many products may be missing.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Limit {
    Products(u64),
    Percent(u64),
}

impl FromStr for Limit {
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

impl fmt::Display for Limit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Products(count) => write!(formatter, "{count}"),
            Self::Percent(share) => write!(formatter, "{share} %"),
        }
    }
}

impl Limit {
    fn allows(self, missing: u64, all: u64) -> bool {
        match self {
            Self::Products(limit) => missing <= limit,
            Self::Percent(share) => missing * 100 <= all * share,
        }
    }
}

/// Products of the catalogue that the file does not name.
#[derive(Debug, Default)]
struct Found {
    /// Ids and etags.
    missing: Vec<(String, String)>,
    /// The first of them as lines.
    shown: Vec<String>,
    /// Number of products that the file could name.
    all: u64,
}

impl MissingArgs {
    /// Whether the products that the file names have to be collected.
    pub(crate) fn is_needed(&self) -> bool {
        self.action != Action::Keep
    }

    /// Archives or deletes the products that the file does not name, and returns their number. Products
    /// that were created since `begun`, in seconds since 1970, stay.
    ///
    /// # Errors
    /// The file does not show which products are missing, they are more than the limit, or the server fails.
    pub(crate) async fn apply(
        &self,
        named: &NamedProducts,
        begun: i64,
        client: &Client,
        dry_run: bool,
    ) -> Result<u64> {
        if !self.is_needed() {
            return Ok(0);
        }
        let what = if self.action == Action::Delete { "deleted" } else { "archived" };
        if named.unknown_rows() > 0 {
            bail!(
                "{} rows of the file do not say which product they are of, so that it may have what \
                 seems to be missing: nothing was {what}. Mend them and import the whole file again",
                thousands(named.unknown_rows())
            );
        }
        let found = self.find(named, begun, client).await?;
        let (missing, all) = (found.missing.len() as u64, found.all);
        if !self.limit.allows(missing, all) {
            bail!(
                "the file lacks {} of {} products, more than {}: it may have been cut off, and \
                 nothing was {what}. If it is right, --missing-limit {} allows it",
                thousands(missing),
                thousands(all),
                self.limit,
                missing
            );
        }
        for line in &found.shown {
            print_line(&format!("missing in the file  {line}"))?;
        }
        if missing > found.shown.len() as u64 {
            print_line(&format!("... and {} more", thousands(missing - found.shown.len() as u64)))?;
        }
        let done = match (dry_run, self.action) {
            (true, _) | (_, Action::Keep) => missing,
            (false, Action::Archive) => archive(found.missing, client).await?,
            (false, Action::Delete) => delete(found.missing, client).await?,
        };
        if done < missing {
            warn(&format!("{} missing products were changed meanwhile and stay", missing - done));
        }
        Ok(done)
    }

    async fn find(&self, named: &NamedProducts, begun: i64, client: &Client) -> Result<Found> {
        let request = ExportProductsRequest {
            filter: self.within.clone(),
            ..ExportProductsRequest::default()
        };
        let mut batches = client.call(client.transfer().export_products(request)).await?;
        let mut found = Found::default();
        let is_new = |product: &Product| {
            product.created_at.as_ref().is_some_and(|created| created.seconds >= begun)
        };
        while let Some(batch) = batches.message().await.map_err(|error| client.to_error(&error))? {
            for product in batch.products {
                let is_archived = product.status() == Status::Archived;
                if is_new(&product) || (is_archived && self.action == Action::Archive) {
                    continue;
                }
                found.all += 1;
                if !named.include(&product) {
                    if found.shown.len() < SHOWN {
                        found.shown.push(sanitize(&format!("{}  {}", product.id, product.name)));
                    }
                    found.missing.push((product.id, product.etag));
                }
            }
        }
        Ok(found)
    }
}

/// Archives products unless they have changed; returns how many.
async fn archive(products: Vec<(String, String)>, client: &Client) -> Result<u64> {
    let options = ImportOptions { check_etags: true, ..ImportOptions::default() };
    let rows: Vec<ImportRow> = (1..)
        .zip(products)
        .map(|(line, (id, etag))| {
            let mut product = Product { id, etag, ..Product::default() };
            product.set_status(Status::Archived);
            let update_mask = Some(FieldMask { paths: vec!["status".to_owned()] });
            ImportRow { line, product: Some(product), update_mask }
        })
        .collect();
    let batches: Vec<_> = rows
        .chunks(BATCH)
        .enumerate()
        .map(|(index, rows)| ImportProductsRequest {
            rows: rows.to_vec(),
            options: (index == 0).then_some(options),
        })
        .collect();
    let mut responses =
        client.call(client.transfer().import_products(stream::iter(batches))).await?;
    let mut updated = 0;
    while let Some(response) = responses.message().await.map_err(|error| client.to_error(&error))? {
        updated = response.updated;
    }
    Ok(updated.unsigned_abs())
}

/// Deletes products unless they have changed; returns how many.
async fn delete(products: Vec<(String, String)>, client: &Client) -> Result<u64> {
    let deletions = stream::iter(products).map(async |(product_id, etag)| {
        let request_id = uuid::Uuid::new_v4().to_string();
        let request = DeleteProductRequest {
            product_id,
            etag,
            request_id,
            ..DeleteProductRequest::default()
        };
        match client.try_call(client.catalogue().delete_product(request)).await {
            Ok(_) => Ok(1),
            Err(status) if is_conflict(&status) => Ok(0),
            Err(status) => Err(client.to_error(&status)),
        }
    });
    deletions.buffer_unordered(DELETIONS).try_fold(0, async |sum, one| Ok(sum + one)).await
}

fn is_conflict(status: &tonic::Status) -> bool {
    matches!(status.code(), tonic::Code::Aborted | tonic::Code::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_a_number_or_a_share() {
        let allows = |limit: &str, missing| limit.parse::<Limit>().unwrap().allows(missing, 200);
        assert!(allows("10%", 20) && !allows("10%", 21));
        assert!(allows("3", 3) && !allows("3", 4) && allows("100%", 200) && !allows("0", 1));
        for wrong in ["", "ten", "101%", "-1"] {
            assert!(wrong.parse::<Limit>().is_err(), "{wrong}");
        }
    }
}
