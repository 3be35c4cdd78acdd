//! Maps a row to a product.

use product_fields::TextField;
use proto::catalogue::v1::{Cost, Media, Product};

use super::{FieldMap, ImageRule, MaskedProduct, RowVariant, foreign, read};
use crate::{
    convert,
    row_error::RowError,
    value::{Record, Value},
    values::{
        html,
        identifier::{self, Identifier},
    },
};

/// A mapped row.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Mapped {
    pub(crate) product: Product,
    /// The fields that the row sets.
    pub(crate) mask: Vec<&'static str>,
    /// The variant that the row is, if it is one.
    pub(crate) variant: Option<RowVariant>,
    /// The place of the row's pictures among the product's.
    pub(crate) position: i64,
    /// An id that can only be an external one, and the letter that is at fault.
    pub(crate) foreign_id: Option<(String, char)>,
}

impl Mapped {
    /// The key of the product.
    pub(crate) fn key(&self) -> Option<&str> {
        let keys = [self.product.id.as_str(), self.product.external_id.as_str()];
        keys.into_iter().find(|key| !key.is_empty())
    }

    /// The product and mask of a row that is not grouped.
    pub(crate) fn into_masked(self) -> MaskedProduct {
        (self.product, self.mask)
    }
}

impl FieldMap {
    /// The key of the product of a row that may be invalid otherwise.
    pub(crate) fn key(&self, record: &Record) -> Option<String> {
        let mut mapped = Mapped::default();
        self.apply_key(record, &mut mapped).ok()?;
        mapped.key().map(str::to_owned)
    }

    /// Maps a row to a product.
    ///
    /// # Errors
    /// The first value that cannot be converted to its field's type.
    pub(crate) fn apply(&self, record: &Record) -> Result<Mapped, RowError> {
        let mut mapped = Mapped::default();
        if let Some(rule) = &self.locale
            && let Some(locale) = read(Some(rule), record, "", convert::filled)?.flatten()
        {
            let message = format!(
                "is the text of {locale:?}, and the catalogue has one language; the product's own row \
                 is taken"
            );
            return Err(RowError::row("OTHER_LOCALE", message));
        }
        self.apply_key(record, &mut mapped)?;
        let Mapped { product, mask, .. } = &mut mapped;
        self.apply_texts(record, product, mask)?;
        let decimal = self.stock_qty.as_ref().map(|rule| self.style.decimal_of(rule));
        let stock = |value: &Value| convert::stock(value, decimal.unwrap_or_default());
        if let Some(stock) = read(self.stock_qty.as_ref(), record, "stock_qty", stock)?.flatten() {
            product.stock_qty = stock;
            mask.push("stock_qty");
        }
        let status = read(self.status.as_ref(), record, "status", convert::status)?;
        if let Some(status) = status.flatten() {
            product.set_status(status);
            mask.push("status");
        }
        if let Some(rule) = &self.variants
            && let Some(value) = rule.value(record)
        {
            let variants = foreign::variants(&value, record, &self.style);
            product.variants = variants.map_err(|message| rule.error("variants", &message))?;
            mask.push("variants");
        }
        if let Some(price) = &self.price
            && price.amount.value(record).is_some()
        {
            product.price = price.apply(record, price.currency.as_ref(), "price", &self.style)?;
            mask.push("price");
        }
        self.apply_offer(record, product, mask)?;
        self.apply_images(record, &mut mapped)?;
        let Mapped { product, mask, .. } = &mut mapped;
        self.apply_lists(record, product, mask)?;
        if let Some(attributes) = &self.attributes
            && attributes.apply(record, product, self)?
        {
            mask.push("attributes");
        }
        mapped.variant = self.variant.apply(
            record,
            self.price.as_ref(),
            self.stock_qty.as_ref(),
            &self.style,
        )?;
        Ok(mapped)
    }

    /// Maps what the product has besides its price.
    fn apply_offer(
        &self,
        record: &Record,
        product: &mut Product,
        mask: &mut Vec<&'static str>,
    ) -> Result<(), RowError> {
        let currency = self.price.as_ref().and_then(|price| price.currency.as_ref());
        let price = product.price.as_ref();
        let found = self.offer.apply(record, price, currency, "", &self.style)?;
        if found.price.is_some() {
            product.price = found.price;
        }
        mask.extend(found.fields.iter().map(|field| field.name()));
        found.offer.put_product(product);
        if let Some(rule) = &self.cost {
            let amount = rule.apply_cost(record, currency, &self.style)?;
            if amount.is_some() {
                product.costs = vec![Cost { sku: String::new(), amount }];
                mask.push("costs.amount");
            }
        }
        if let Some(found) = read(self.condition.as_ref(), record, "condition", convert::condition)?
        {
            product.set_condition(found.unwrap_or_default());
            mask.push("condition");
        }
        Ok(())
    }

    fn apply_key(&self, record: &Record, mapped: &mut Mapped) -> Result<(), RowError> {
        let Mapped { product, mask, foreign_id, .. } = mapped;
        if let Some(id) = read(self.id.as_ref(), record, "id", convert::text)? {
            match identifier::identifier(&id) {
                Identifier::Id(id) => product.id = id,
                Identifier::External(id, letter) => *foreign_id = Some((id, letter)),
            }
        }
        let external_id = read(self.external_id.as_ref(), record, "external_id", convert::text)?;
        match (external_id, &foreign_id) {
            (Some(external_id), _) if !external_id.is_empty() || foreign_id.is_none() => {
                external_id.trim().clone_into(&mut product.external_id);
                mask.push("external_id");
            }
            (_, Some((id, _))) => product.external_id.clone_from(id),
            _ => {}
        }
        if let Some(etag) = read(self.etag.as_ref(), record, "etag", convert::filled)?.flatten() {
            product.etag = etag;
        }
        Ok(())
    }

    fn apply_texts(
        &self,
        record: &Record,
        product: &mut Product,
        mask: &mut Vec<&'static str>,
    ) -> Result<(), RowError> {
        for (field, rule) in TextField::ALL.iter().zip(&self.texts.0) {
            let Some(mut text) = read(rule.as_ref(), record, field.name(), convert::text)? else {
                continue;
            };
            if self.style.strip_html && html::is_html(&text) {
                text = html::to_text(&text);
            }
            let is_line = !field.has_lines() && !self.style.is_literal;
            if is_line {
                // Line ends and tabs are blanks of a name.
                text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                if let Some(bad) = text.chars().find(|letter| letter.is_control()) {
                    let message = format!("holds the control letter {}", identifier::shown(bad));
                    return Err(RowError::field(field.name(), message));
                }
            }
            if self.style.cut && text.chars().count() > field.max_chars() {
                text = text.chars().take(field.max_chars()).collect();
            }
            *field.get_mut(product) = text;
            mask.push(field.name());
        }
        Ok(())
    }

    /// Maps the fields that are lists.
    fn apply_lists(
        &self,
        record: &Record,
        product: &mut Product,
        mask: &mut Vec<&'static str>,
    ) -> Result<(), RowError> {
        for (rule, field, target) in [
            (&self.category_ids, "category_ids", &mut product.category_ids),
            (&self.labels, "labels", &mut product.labels),
        ] {
            let Some(rule) = rule else { continue };
            let Some(value) = rule.values(record) else { continue };
            let list = convert::list(&value, &rule.separators);
            *target = list.map_err(|message| rule.error(field, &message))?;
            mask.push(field);
        }
        if let Some(rule) = &self.category_path
            && let Some(value) = rule.values(record)
        {
            let paths = convert::paths(&value, &rule.separators);
            product.category_paths =
                paths.map_err(|message| rule.error("category_paths", &message))?;
            mask.push("category_paths");
        }
        Ok(())
    }

    fn apply_images(&self, record: &Record, mapped: &mut Mapped) -> Result<(), RowError> {
        let (mut media, mut has_alt, mut is_given): (Vec<Media>, _, _) = (Vec::new(), false, false);
        for rule in &self.images {
            let Some(value) = rule.urls.values(record) else { continue };
            is_given = true;
            let found = pictures(rule, &value, record)?;
            has_alt |= found.iter().any(|picture| !picture.alt.is_empty());
            for picture in found {
                if !media.iter().any(|known| known.url == picture.url) {
                    media.push(picture);
                }
            }
            let position = read(rule.position.as_ref(), record, "media", convert::integer)?;
            mapped.position = position.flatten().unwrap_or(mapped.position);
        }
        if !is_given {
            return Ok(());
        }
        mapped.mask.push("image_urls");
        if has_alt {
            mapped.mask.push("media.alt");
            mapped.product.media = media;
        } else {
            mapped.product.image_urls = media.into_iter().map(|picture| picture.url).collect();
        }
        Ok(())
    }
}

/// The pictures of a row: URLs, or objects with a URL and a text.
fn pictures(rule: &ImageRule, value: &Value, record: &Record) -> Result<Vec<Media>, RowError> {
    let fault = |message: String| rule.urls.error("image_urls", &message);
    if let Some(media) = foreign::media(value) {
        return Ok(media);
    }
    let urls = convert::list(value, &rule.urls.separators).map_err(fault)?;
    let alts = match rule.alts.as_ref().and_then(|alts| Some((alts.values(record)?, alts))) {
        Some((Value::Text(text), alts)) => {
            let separator = alts.separators.items.as_deref();
            let pieces = convert::split(&text, separator, alts.separators.escaped);
            match alts.separators.escaped {
                true => pieces.iter().map(|piece| convert::unescape(piece)).collect(),
                false => pieces,
            }
        }
        Some((value, alts)) => convert::list(&value, &alts.separators).map_err(fault)?,
        None => Vec::new(),
    };
    let alts = alts.into_iter().chain(std::iter::repeat(String::new()));
    let picture = |(url, alt): (String, String)| Media { url, alt, ..Media::default() };
    Ok(urls.into_iter().map(|url| url.trim().to_owned()).zip(alts).map(picture).collect())
}

#[cfg(test)]
mod tests {
    use super::{super::parse, *};
    use proto::{catalogue::v1::attribute, money};

    fn apply(map: &str, row: &str) -> Result<MaskedProduct, RowError> {
        let Value::Object(record) = serde_json::from_str(row).unwrap() else {
            panic!("the row is an object");
        };
        parse(map).unwrap().apply(&record).map(Mapped::into_masked)
    }

    const SHOP: &str = r#"
        id = "sku"
        name = "title"
        brand = { field = "maker", default = "unknown" }
        price = { amount = "cost", currency = { const = "EUR" } }
        category_path = { field = "shelf", split = ">" }
        image_urls = { field = "pictures", split = "|" }
        labels = { const = ["imported"] }
        stock_qty = "stock"
        attributes = { rest = true, also = [{ field = "released", name = "on sale since" }] }
    "#;

    #[test]
    fn every_kind_of_rule_provides_its_value() {
        let row = r#"{"sku":7,"title":"Mug","maker":"","cost":"4.50","shelf":"Kitchen > Mugs",
            "pictures":"/a.svg|/b.svg","stock":null,"released":"2020","colour":"red","hot":true}"#;
        let (product, mask) = apply(SHOP, row).unwrap();
        assert_eq!((product.id.as_str(), product.brand.as_str()), ("7", "unknown"));
        assert_eq!(money::display(product.price.as_ref().unwrap()), "4.50 EUR");
        assert_eq!(product.category_paths[0].names, ["Kitchen", "Mugs"]);
        assert_eq!(product.image_urls, ["/a.svg", "/b.svg"]);
        assert_eq!(product.labels, ["imported"]);
        let names: Vec<&str> = product.attributes.iter().map(|each| each.name.as_str()).collect();
        assert_eq!(names, ["on sale since", "colour", "hot"]);
        assert_eq!(product.attributes[2].value, Some(attribute::Value::Flag(true)));
        let fields =
            ["name", "brand", "price", "image_urls", "labels", "category_paths", "attributes"];
        assert_eq!(mask, fields, "a null stock stays unchanged");
    }

    #[test]
    fn words_of_the_source_stand_for_others() {
        let map =
            "id = \"sku\"\nstatus = { field = \"state\", values = { \"OFF line\" = \"DRAFT\" } }";
        let (product, _) = apply(map, r#"{"sku":"1","state":" off LINE "}"#).unwrap();
        assert_eq!(product.status(), proto::catalogue::v1::product::Status::Draft);
    }

    #[test]
    fn the_mask_has_only_the_fields_of_the_row() {
        let (_, mask) = apply(SHOP, r#"{"sku":"7","stock":3,"shelf":null}"#).unwrap();
        assert_eq!(mask, ["brand", "stock_qty", "labels", "category_paths"]);
    }

    #[test]
    fn an_error_names_product_field_and_source_field() {
        let error = apply(SHOP, r#"{"sku":"7","cost":"cheap"}"#).unwrap_err();
        assert_eq!(error.field, "price");
        assert!(error.message.contains("\"cheap\""), "{}", error.message);
        assert!(error.message.contains("\"cost\""), "{}", error.message);
        let error = apply(SHOP, r#"{"sku":"7","nested":{"a":1}}"#).unwrap_err();
        assert_eq!(error.field, "attributes");
        assert!(apply(SHOP, r#"{"sku":["7"]}"#).unwrap_err().message.contains("is a list"));
    }
}
