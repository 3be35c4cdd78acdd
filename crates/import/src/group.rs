//! The rows of one product.

use std::collections::{HashMap, HashSet};

use product_fields::{OfferField, OfferMessage, is_id_letter};
use proto::{
    catalogue::v1::{Cost, Media, Product, Variant},
    google::r#type::Money,
};

use crate::{
    field_map::{Mapped, RowVariant},
    native,
    notes::Notes,
    parsed_row::{ParsedRow, RowReject},
    row_error::RowError,
    source_row::SourceRow,
};

/// Maximum number of rows of a product, which are held until its last one, and their size in bytes. More than a product
/// has variants and pictures.
pub(crate) const MAX_ROWS: usize = 10_000;
const MAX_SIZE: usize = 64 << 20;

/// A variant, the parts that its row has, and what it costs the shop.
type ResolvedVariant = (Variant, Vec<&'static str>, Option<Money>);

/// Rows of one product.
pub(crate) struct Group {
    pub(crate) key: String,
    /// The line of the first row.
    pub(crate) line: i64,
    product: Product,
    mask: Vec<&'static str>,
    /// Whether an earlier group had the key: its product fields stay.
    is_continued: bool,
    /// Pictures and their places.
    media: Vec<(i64, Media)>,
    media_urls: HashSet<String>,
    has_alt: bool,
    variants: Vec<Variant>,
    /// The SKUs of the variants, and the lines of these.
    skus: HashMap<String, i64>,
    variant_fields: Vec<&'static str>,
    variant_pictures: Vec<String>,
    costs: Vec<Cost>,
    option_names: Vec<Option<String>>,
    source_rows: Vec<(i64, SourceRow)>,
    rejects: Vec<RowReject>,
    /// Size of all rows, in bytes.
    size: usize,
}

impl Group {
    pub(crate) fn new(key: String, line: i64, is_continued: bool) -> Self {
        Self {
            key,
            line,
            product: Product::default(),
            mask: Vec::new(),
            is_continued,
            media: Vec::new(),
            media_urls: HashSet::new(),
            has_alt: false,
            variants: Vec::new(),
            skus: HashMap::new(),
            variant_fields: Vec::new(),
            variant_pictures: Vec::new(),
            costs: Vec::new(),
            option_names: Vec::new(),
            source_rows: Vec::new(),
            rejects: Vec::new(),
            size: 0,
        }
    }

    /// Whether the product has as many rows as it may.
    pub(crate) fn is_full(&self) -> bool {
        self.source_rows.len() + self.rejects.len() >= MAX_ROWS || self.size > MAX_SIZE
    }

    /// Adds a rejected row.
    pub(crate) fn reject(&mut self, line: i64, source_row: SourceRow, error: RowError) {
        self.size += source_row.size();
        self.rejects.push(RowReject { line, source_row, error });
    }

    pub(crate) fn add(
        &mut self,
        line: i64,
        source_row: SourceRow,
        mapped: Mapped,
        notes: &mut Notes,
    ) {
        let Mapped { mut product, mask, variant, position, .. } = mapped;
        let media = std::mem::take(&mut product.media);
        let urls = std::mem::take(&mut product.image_urls);
        let own_cost = product.costs.pop().and_then(|cost| cost.amount);
        let picture = variant.as_ref().map(|it| it.variant.media_url.clone());
        let variant = match variant.map(|variant| self.variant(variant)).transpose() {
            Ok(variant) => variant,
            Err(error) => {
                self.reject(line, source_row, error);
                return;
            }
        };
        self.size += source_row.size();
        if self.source_rows.is_empty() {
            (self.product, self.mask) = (product, mask.clone());
            self.mask.retain(|path| !["image_urls", "media.alt"].contains(path));
        } else {
            self.note_differences(line, &product, notes);
        }
        let urls = urls.into_iter().map(|url| Media { url, ..Media::default() });
        for picture in media.into_iter().chain(urls) {
            if self.media_urls.insert(picture.url.clone()) {
                self.media.push((position, picture));
            }
        }
        self.has_alt |= mask.contains(&"media.alt");
        if mask.contains(&"image_urls") && !self.mask.contains(&"image_urls") {
            self.mask.push("image_urls");
        }
        self.variant_pictures.extend(picture.filter(|url| !url.is_empty()));
        let is_variant = variant.is_some();
        if let Some((variant, fields, cost)) = variant {
            // Of a row that is a variant, everything is the variant's.
            if let Some(amount) = cost.or(own_cost.clone()) {
                self.costs.push(Cost { sku: variant.sku.clone(), amount: Some(amount) });
            }
            self.skus.insert(variant.sku.clone(), line);
            self.variants.push(variant);
            for field in fields {
                if !self.variant_fields.contains(&field) {
                    self.variant_fields.push(field);
                }
            }
        }
        if !is_variant && self.source_rows.is_empty() && own_cost.is_some() {
            self.costs.push(Cost { sku: String::new(), amount: own_cost });
        }
        self.source_rows.push((line, source_row));
    }

    /// The variant of a row, with the names of options that stand in an earlier row.
    fn variant(&mut self, row: RowVariant) -> Result<ResolvedVariant, RowError> {
        for (index, name, _) in &row.options {
            if self.option_names.len() <= *index {
                self.option_names.resize(index + 1, None);
            }
            if name.is_some() {
                self.option_names[*index].clone_from(name);
            }
        }
        let (mut variant, fields, cost) = row.resolve(&self.option_names);
        if variant.sku.is_empty() {
            variant.sku = made_sku(&self.key, &variant);
        }
        match self.skus.get(&variant.sku) {
            Some(first) => {
                let message = format!("is {:?}, as that of line {first} is", variant.sku);
                Err(RowError::field("variants.sku", message))
            }
            None => Ok((variant, fields, cost)),
        }
    }

    fn note_differences(&self, line: i64, other: &Product, notes: &mut Notes) {
        let differs = !other.name.is_empty() && other.name != self.product.name;
        if differs && !self.is_continued {
            notes.other_name(line, &other.name, self.line);
        }
    }

    pub(crate) fn finish(self) -> ParsedRow {
        let lines = self.source_rows.iter().map(|(line, _)| *line);
        let lines = lines.chain(self.rejects.iter().map(|reject| reject.line));
        let last_line = lines.max().unwrap_or(self.line);
        let Self { line, mut product, mut mask, mut media, variants, .. } = self;
        let pictures = self.variant_pictures.into_iter();
        let new = pictures.filter(|url| !self.media_urls.contains(url));
        let mut new: Vec<String> = new.collect();
        new.dedup();
        let replaces = mask.contains(&"image_urls");
        if !new.is_empty() && !replaces {
            mask.push("media.url");
        }
        media.extend(new.into_iter().map(|url| (i64::MAX, Media { url, ..Media::default() })));
        media.sort_by_key(|(position, _)| *position);
        let media = media.into_iter().map(|(_, picture)| picture);
        if self.has_alt {
            product.media = media.collect();
            mask.push("media.alt");
        } else {
            product.image_urls = media.map(|picture| picture.url).collect();
        }
        product.variants = variants;
        if self.is_continued {
            // The fields of the product's first rows stay.
            let has_pictures = !(product.media.is_empty() && product.image_urls.is_empty());
            mask.retain(|path| *path == "media.alt");
            if has_pictures {
                mask.push("media.url");
            } else {
                mask.clear();
            }
        }
        product.costs = self.costs;
        if !product.variants.is_empty() {
            // That of a row which is the product and none of its variants.
            product.costs.retain(|cost| !cost.sku.is_empty());
        }
        if product.costs.is_empty() {
            mask.retain(|path| *path != "costs.amount");
        } else if !mask.contains(&"costs.amount") {
            mask.push("costs.amount");
        }
        let (product, mask) = merged(product, mask, self.variant_fields);
        let outcome = native::row(line, (product, mask));
        let (key, source_rows, rejects) = (Some(self.key), self.source_rows, self.rejects);
        ParsedRow { line, last_line, source_rows, outcome, key, rejects }
    }
}

/// The product and mask of a row that is not grouped, with its variant.
pub(crate) fn with_variant(mapped: Mapped) -> (Product, Vec<&'static str>) {
    let Mapped { mut product, mask, variant, .. } = mapped;
    let Some(variant) = variant else { return (product, mask) };
    let (variant, fields, cost) = variant.resolve(&[]);
    let mut mask = mask;
    if let Some(amount) = cost.or(product.costs.pop().and_then(|cost| cost.amount)) {
        product.costs = vec![Cost { sku: variant.sku.clone(), amount: Some(amount) }];
        if !mask.contains(&"costs.amount") {
            mask.push("costs.amount");
        }
    }
    let url = &variant.media_url;
    let has = |url: &String| {
        product.image_urls.contains(url) || product.media.iter().any(|media| media.url == *url)
    };
    if !url.is_empty() && !has(url) {
        let by_urls = mask.contains(&"image_urls") && product.media.is_empty();
        if by_urls {
            product.image_urls.push(url.clone());
        } else {
            product.media.push(Media { url: url.clone(), ..Media::default() });
        }
        if !mask.contains(&"image_urls") {
            mask.push("media.url");
        }
    }
    product.variants = vec![variant];
    merged(product, mask, fields)
}

/// Adds the parts of variants to a mask. A single variant that has the product's id as SKU, and
/// neither GTIN nor options, is the product itself.
fn merged(
    mut product: Product,
    mut mask: Vec<&'static str>,
    fields: Vec<&'static str>,
) -> (Product, Vec<&'static str>) {
    if product.variants.is_empty() {
        return (product, mask);
    }
    if let [only] = &product.variants[..]
        && !product.id.is_empty()
        && only.sku == product.id
        && only.gtin.is_empty()
        && only.option_values.is_empty()
    {
        let only = only.clone();
        product.variants.clear();
        if fields.contains(&"variants.stock_qty") && !mask.contains(&"stock_qty") {
            product.stock_qty = only.stock_qty;
            mask.push("stock_qty");
        }
        if fields.contains(&"variants.price") && !mask.contains(&"price") {
            product.price.clone_from(&only.price);
            mask.push("price");
        }
        fold_offer(&mut product, &mut mask, only, &fields);
        return (product, mask);
    }
    product.stock_qty = 0;
    mask.retain(|path| *path != "stock_qty");
    mask.extend(fields);
    (product, mask)
}

/// Gives a product what its only variant has besides the price.
fn fold_offer(
    product: &mut Product,
    mask: &mut Vec<&'static str>,
    mut only: Variant,
    fields: &[&'static str],
) {
    let mut own = OfferMessage::take_variant(&mut only);
    let mut offer = OfferMessage::take_product(product);
    for field in OfferField::ALL {
        if fields.contains(&field.variant_path()) && !mask.contains(&field.name()) {
            offer.take(*field, &mut own);
            mask.push(field.name());
        }
    }
    offer.put_product(product);
    for cost in &mut product.costs {
        if cost.sku == only.sku {
            cost.sku.clear();
        }
    }
}

/// The SKU of a variant that has none: the product's key and the values of its options.
fn made_sku(key: &str, variant: &Variant) -> String {
    let parts = variant.option_values.iter().map(|option| option.value.as_str());
    let parts = std::iter::once(key).chain(parts);
    let letters = |part: &str| -> String {
        part.chars().map(|letter| if is_id_letter(letter) { letter } else { '-' }).collect()
    };
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).map(letters).collect();
    parts.join("-")
}
