//! Update masks.

use pbjson_types::FieldMask;
use product_fields::json_name;
use proto::catalogue::v1 as wire;

use crate::domain::{Error, Field, Mask, Result, Violations};

/// The fields that an update mask names.
#[derive(Debug, Clone, Copy)]
pub(in crate::grpc) struct Paths {
    pub(in crate::grpc) mask: Mask,
    /// Whether the mask names `price_eur` but not `price`, so that the former applies.
    pub(super) euros_only: bool,
    /// Whether the mask names `image_urls` but not `media`.
    pub(super) urls_only: bool,
    /// Whether the mask names no fields, and so means all.
    is_all: bool,
    /// Whether the variants are parts that are merged into those of a product.
    pub(in crate::grpc) merges_variants: bool,
}

impl Paths {
    pub(in crate::grpc) fn all() -> Self {
        Self { mask: Mask::all(), is_all: true, ..Self::none() }
    }

    pub(in crate::grpc) fn none() -> Self {
        Self {
            mask: Mask::default(),
            euros_only: false,
            urls_only: false,
            is_all: false,
            merges_variants: false,
        }
    }

    /// Of a whole document without costs, all but these: whoever may not see them cannot send them back.
    #[must_use]
    pub(in crate::grpc) fn of_document(self, product: &wire::Product) -> Self {
        match self.is_all && product.costs.is_empty() {
            true => Self { mask: self.mask.without(Field::Costs), ..self },
            false => self,
        }
    }
}

/// Parses a mask; no mask, an empty mask and `*` name all writable fields.
pub(in crate::grpc) fn paths(mask: Option<&FieldMask>, violations: &mut Violations) -> Paths {
    let paths = mask.map_or(&[][..], |mask| &mask.paths);
    if paths.is_empty() || paths.iter().any(|path| path == "*") {
        return Paths::all();
    }
    let mut mask = Mask::default();
    for path in paths {
        match field(path) {
            Some(field) => mask = mask.with(field),
            None => {
                let path: String = path.chars().take(40).collect();
                violations.add("update_mask", format!("names {path:?}, which cannot be written"));
            }
        }
    }
    let names = |name: &str| paths.iter().any(|path| path == name);
    Paths {
        mask,
        euros_only: mask.has(Field::Price) && !names("price"),
        urls_only: mask.has(Field::Media) && !names("media"),
        is_all: false,
        merges_variants: false,
    }
}

/// Checks that an update mask does not name the stock. A mask of all fields means all but the stock.
///
/// # Errors
/// [`Error::StockNotWritable`].
pub(in crate::grpc) fn check_names_no_stock(mask: Option<&FieldMask>) -> Result<()> {
    let is_stock = |path: &String| field(path) == Some(Field::StockQty);
    match mask.is_some_and(|mask| mask.paths.iter().any(is_stock)) {
        true => Err(Error::StockNotWritable),
        false => Ok(()),
    }
}

/// Finds a field by its name in the contract or in JSON.
fn field(path: &str) -> Option<Field> {
    match path {
        "price_eur" | "priceEur" => Some(Field::Price),
        "image_urls" | "imageUrls" => Some(Field::Media),
        path => Field::named(path)
            .or_else(|| Mask::all().fields().find(|field| json_name(field.name()) == path)),
    }
}
