//! Encodes a row as a `catalogue.v1.Product`, field by field in the order of their tags.

use std::{collections::HashMap, fmt::Write as _};

use prost::encoding::decode_varint;

use super::{
    columns::Columns,
    json_lists::{Attribute, Media, Text, Variant, each, plain_texts},
    offer, wire,
};
use crate::{
    domain::{ProductId, Result, Tree},
    store::rows::product::status,
};

/// The key of field 1, length-delimited.
const ID_KEY: u8 = 0x0a;

/// The product id in an encoded message: its first field.
pub(crate) fn id(mut message: &[u8]) -> Option<ProductId> {
    message = message.strip_prefix(&[ID_KEY])?;
    let length = usize::try_from(decode_varint(&mut message).ok()?).ok()?;
    let id = std::str::from_utf8(message.get(..length)?).ok()?;
    Some(ProductId::known(id.to_owned()))
}

/// Encodes rows with the category paths of one tree.
pub(super) struct Encoder<'t> {
    tree: &'t Tree,
    /// Encoded `category_paths` entries by category id.
    paths: HashMap<String, Vec<u8>>,
    /// A buffer for the etag.
    text: String,
    /// The encoded pictures of the current row.
    media: Vec<u8>,
}

impl<'t> Encoder<'t> {
    pub(super) fn new(tree: &'t Tree) -> Self {
        Self { tree, paths: HashMap::new(), text: String::new(), media: Vec::new() }
    }

    /// Appends the message to `out`.
    ///
    /// # Errors
    /// The row is damaged. Part of a message may have been appended.
    pub(super) fn encode(&mut self, row: &Columns<'_>, out: &mut Vec<u8>) -> Result<()> {
        wire::string(1, row.id, out);
        wire::string(2, row.name, out);
        wire::string(3, row.description, out);
        let price = row.price_minor.zip(row.currency);
        if let Some((minor, "EUR")) = price {
            // Exact for amounts below 90 billion euros.
            wire::double_item(4, minor as f64 / 100.0, out);
        }
        wire::integer(5, row.stock_qty, out);
        self.media(row.media, out)?;
        wire::timestamp(7, row.created_at, out);
        if let Some((minor, currency)) = price {
            wire::money(8, minor, currency, out);
        }
        wire::string(9, row.brand, out);
        row.category_ids().for_each(|id| wire::item(10, id, out));
        each(row.attributes, |item: Attribute<'_>| attribute(&item, out))?;
        let mut damage = Ok(());
        each(row.variants.unwrap_or("[]"), |item: Variant<'_>| {
            damage = std::mem::replace(&mut damage, Ok(())).and(variant(&item, out));
        })?;
        damage?;
        each(row.labels, |Text(label): Text<'_>| wire::item(13, &label, out))?;
        wire::integer(14, status(row.status)? as i64, out);
        self.etag(row, out);
        wire::integer(16, row.revision, out);
        wire::timestamp(17, row.updated_at, out);
        if let Some(deleted_at) = row.deleted_at {
            wire::timestamp(18, deleted_at, out);
        }
        wire::string(19, row.external_id.unwrap_or_default(), out);
        out.extend_from_slice(&self.media);
        row.category_ids().for_each(|id| self.path(id, out));
        offer::encode(row.offer, &offer::PRODUCT, out)?;
        wire::integer(28, row.condition, out);
        wire::string(29, row.tax_class, out);
        wire::string(30, row.seo_title, out);
        wire::string(31, row.seo_description, out);
        Ok(())
    }

    /// Appends the URLs, and encodes the pictures for their place further back in the message.
    fn media(&mut self, list: &str, out: &mut Vec<u8>) -> Result<()> {
        self.media.clear();
        let media = &mut self.media;
        if let Some(urls) = plain_texts(list) {
            for url in urls {
                wire::item(6, url, out);
                wire::message(20, media, |media| wire::string(1, url, media));
            }
            return Ok(());
        }
        each(list, |Media(picture): Media<'_>| {
            wire::item(6, &picture.url.0, out);
            wire::message(20, media, |media| {
                wire::string(1, &picture.url.0, media);
                wire::string(2, &picture.alt.0, media);
                wire::integer(3, picture.width.into(), media);
                wire::integer(4, picture.height.into(), media);
            });
        })
    }

    fn etag(&mut self, row: &Columns<'_>, out: &mut Vec<u8>) {
        self.text.clear();
        write!(self.text, "{:x}-{:x}", row.created_at, row.content_revision)
            .expect("writing to a String does not fail");
        wire::string(15, &self.text, out);
    }

    fn path(&mut self, id: &str, out: &mut Vec<u8>) {
        if let Some(path) = self.paths.get(id) {
            return out.extend_from_slice(path);
        }
        let begin = out.len();
        let path = self.tree.path_of(id);
        wire::message(21, out, |out| {
            path.iter().for_each(|category| wire::item(1, &category.name, out));
            path.iter().for_each(|category| wire::item(2, category.id.as_str(), out));
        });
        self.paths.insert(id.to_owned(), out[begin..].to_vec());
    }
}

fn attribute(attribute: &Attribute<'_>, out: &mut Vec<u8>) {
    wire::message(11, out, |out| {
        wire::string(1, &attribute.name.0, out);
        match (&attribute.number, attribute.flag, &attribute.text) {
            (Some(number), _, _) => wire::double_item(3, number.0, out),
            (None, Some(flag), _) => wire::bool_item(4, flag, out),
            (None, None, text) => wire::item(2, text.as_ref().map_or("", |text| &text.0), out),
        }
        wire::string(5, &attribute.unit.0, out);
    });
}

fn variant(variant: &Variant<'_>, out: &mut Vec<u8>) -> Result<()> {
    let Variant(sku, gtin, options, minor, currency, stock_qty, own, media_url) = variant;
    let mut encoded = Ok(());
    wire::message(12, out, |out| {
        wire::string(1, &sku.0, out);
        wire::string(2, &gtin.0, out);
        for (name, value) in options {
            wire::message(3, out, |out| {
                wire::string(1, &name.0, out);
                wire::string(2, &value.0, out);
            });
        }
        if let Some((minor, currency)) = minor.zip(currency.as_ref()) {
            wire::money(4, minor, &currency.0, out);
        }
        wire::integer(5, (*stock_qty).into(), out);
        encoded = offer::encode(own.as_ref().map(|own| &*own.0), &offer::VARIANT, out);
        wire::string(11, &media_url.0, out);
    });
    encoded
}
