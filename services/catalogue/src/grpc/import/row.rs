//! Parsing of import rows.

use prost::Message as _;
use proto::catalogue::v1::{self as wire, ImportRow};

use super::merge_paths;
use crate::{
    domain::{CategoryId, Field, MAX_DEPTH, Result, Sku, Violations, check_category_name},
    grpc::convert::{self, Paths},
    import::{Merge, Path, Reject, Row},
};

const MAX_PATHS: usize = 32;

/// Parses a row. The inner error is the reason to reject it.
pub(super) fn parse(row: ImportRow) -> Result<Result<Row, Reject>> {
    let line = row.line;
    let Some(mut product) = row.product else { return Ok(Err(Reject::key_missing(line))) };
    let sku = product.variants.first().map_or("", |variant| variant.sku.as_str());
    // An invalid SKU is reported with the other variants.
    let sku = Sku::parse(sku).ok();
    if product.id.is_empty() && product.external_id.is_empty() && product.variants.is_empty() {
        return Ok(Err(Reject::key_missing(line)));
    }
    let mut violations = Violations::default();
    let mut mask = row.update_mask.unwrap_or_default();
    let merge = merge_paths::take(&mut mask.paths);
    let gtin = gtin_key(&mut product, merge);
    let etag = Some(std::mem::take(&mut product.etag)).filter(|etag| !etag.is_empty());
    for path in &mut mask.paths {
        // Categories are given by id or by name.
        if path == "category_paths" || path == "categoryPaths" {
            *path = Field::CategoryIds.name().to_owned();
        }
    }
    // The mask may include the key. A mask of nothing else changes nothing.
    let names_some = !mask.paths.is_empty();
    mask.paths.retain(|path| path != "id");
    let mut paths = if names_some && mask.paths.is_empty() {
        Paths::none()
    } else {
        convert::paths(Some(&mask), &mut violations).of_document(&product)
    };
    paths.merges_variants = merge.variants.is_some();
    let id = match product.id.as_str() {
        "" => None,
        id => convert::product_id("id", id, &mut violations),
    };
    let category_paths = std::mem::take(&mut product.category_paths);
    let category_paths = if paths.mask.has(Field::CategoryIds) {
        category_paths_of(category_paths, &mut violations)
    } else {
        Vec::new()
    };
    let details = convert::details(product, paths, &mut violations);
    Ok(match violations.check() {
        Ok(()) => {
            let mask = paths.mask;
            Ok(Row { line, id, sku, gtin, etag, details, mask, merge, category_paths })
        }
        Err(error) => Err(Reject::new(line, error)?),
    })
}

/// The GTIN of the first variant, if it is the key of the row. It then stands for the SKU, which is
/// looked up.
fn gtin_key(product: &mut wire::Product, merge: Merge) -> Option<String> {
    let has_key = !product.id.is_empty() || !product.external_id.is_empty();
    let variant = product.variants.first_mut()?;
    if has_key || merge.variants.is_none() || !variant.sku.is_empty() || variant.gtin.is_empty() {
        return None;
    }
    variant.sku.clone_from(&variant.gtin);
    Some(variant.gtin.clone())
}

/// Approximate memory of a queued row, in bytes.
pub(super) fn bytes(row: &ImportRow) -> usize {
    row.encoded_len()
}

fn category_paths_of(paths: Vec<wire::CategoryPath>, violations: &mut Violations) -> Vec<Path> {
    if paths.len() > MAX_PATHS {
        violations.add("category_paths", format!("must be at most {MAX_PATHS}"));
        return Vec::new();
    }
    let mut parsed = Vec::new();
    for (index, path) in paths.into_iter().enumerate() {
        if path.names.is_empty() || path.names.len() > MAX_DEPTH {
            let field = format!("category_paths[{index}].names");
            violations.add(field, format!("must be 1 to {MAX_DEPTH}"));
            continue;
        }
        for (depth, name) in path.names.iter().enumerate() {
            let field = format!("category_paths[{index}].names[{depth}]");
            check_category_name(&field, name, violations);
        }
        // Ids are only hints, so invalid ones are ignored.
        let ids: Vec<_> = path.ids.iter().map_while(|id| CategoryId::parse(id).ok()).collect();
        let ids = if ids.len() == path.names.len() { ids } else { Vec::new() };
        parsed.push(Path { names: path.names, ids });
    }
    parsed
}
