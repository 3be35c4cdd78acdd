//! The folder of an ACP feed: `metadata.json` and `products.jsonl`.

use std::{fs, path::Path, time::SystemTime};

use anyhow::{Context as _, Result};
use export::Shop;
use serde::Serialize;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// The file of products.
pub(super) const PRODUCTS: &str = "products.jsonl";

#[derive(Serialize)]
struct Metadata<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_country: Option<&'a str>,
    updated_at: String,
}

/// Writes `metadata.json` into a folder.
pub(super) fn write_metadata(folder: &Path, shop: &Shop) -> Result<()> {
    let now = OffsetDateTime::from(SystemTime::now());
    let metadata = Metadata {
        id: shop.feed.as_deref().unwrap_or("catalogue"),
        target_country: shop.country.as_deref(),
        updated_at: now.format(&Rfc3339)?,
    };
    let file = folder.join("metadata.json");
    fs::write(&file, serde_json::to_vec_pretty(&metadata)?)
        .with_context(|| format!("writing {}", file.display()))
}
