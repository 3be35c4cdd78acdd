//! A product, and what an update does to one.

use super::{CategoryId, Micros, ProductId};

/// Something a shop sells.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Product {
    pub(crate) id: ProductId,
    pub(crate) details: Details,
    /// Counts every change, from 1.
    pub(crate) revision: i64,
    /// Counts the changes that were not of the stock alone, from 1.
    pub(crate) content_revision: i64,
    pub(crate) created_at: Micros,
    pub(crate) updated_at: Micros,
}

/// What a writer decides of a product.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Details {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) brand: String,
    pub(crate) price: Option<Price>,
    /// Never negative.
    pub(crate) stock_qty: i32,
    pub(crate) image_urls: Vec<String>,
    pub(crate) category_ids: Vec<CategoryId>,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) labels: Vec<String>,
    pub(crate) external_id: Option<String>,
}

/// An amount of money as a whole number of its currency's smallest coins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Price {
    pub(crate) minor: i64,
    /// ISO 4217, such as `EUR`.
    pub(crate) currency: String,
}

/// One thing known of a product.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Attribute {
    pub(crate) name: String,
    pub(crate) value: Value,
    /// What a number counts, or empty.
    pub(crate) unit: String,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Text(String),
    /// Finite.
    Number(f64),
    Flag(bool),
}

/// What of a product can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Name,
    Description,
    Price,
    StockQty,
    ImageUrls,
    Brand,
    CategoryIds,
    Attributes,
    Labels,
    ExternalId,
}

impl Field {
    pub(crate) const ALL: [Self; 10] = [
        Self::Name,
        Self::Description,
        Self::Price,
        Self::StockQty,
        Self::ImageUrls,
        Self::Brand,
        Self::CategoryIds,
        Self::Attributes,
        Self::Labels,
        Self::ExternalId,
    ];

    /// The field's name in the contract.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Description => "description",
            Self::Price => "price",
            Self::StockQty => "stock_qty",
            Self::ImageUrls => "image_urls",
            Self::Brand => "brand",
            Self::CategoryIds => "category_ids",
            Self::Attributes => "attributes",
            Self::Labels => "labels",
            Self::ExternalId => "external_id",
        }
    }
}

/// A set of fields.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mask(u16);

impl Mask {
    pub(crate) fn all() -> Self {
        Field::ALL.into_iter().fold(Self::default(), Self::with)
    }

    #[must_use]
    pub(crate) fn with(self, field: Field) -> Self {
        Self(self.0 | 1 << field as u16)
    }

    pub(crate) fn has(self, field: Field) -> bool {
        self.0 & 1 << field as u16 != 0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a change of these concerns nothing but the stock.
    pub(crate) fn is_stock_alone(self) -> bool {
        self == Self::default().with(Field::StockQty)
    }

    pub(crate) fn fields(self) -> impl Iterator<Item = Field> {
        Field::ALL.into_iter().filter(move |field| self.has(*field))
    }
}

impl Details {
    /// Takes the fields of `mask` from `new`, and says which of them were different.
    pub(crate) fn take(&mut self, new: &Self, mask: Mask) -> Mask {
        mask.fields().fold(Mask::default(), |changed, field| {
            let differs = match field {
                Field::Name => replace(&mut self.name, &new.name),
                Field::Description => replace(&mut self.description, &new.description),
                Field::Price => replace(&mut self.price, &new.price),
                Field::StockQty => replace(&mut self.stock_qty, &new.stock_qty),
                Field::ImageUrls => replace(&mut self.image_urls, &new.image_urls),
                Field::Brand => replace(&mut self.brand, &new.brand),
                Field::CategoryIds => replace(&mut self.category_ids, &new.category_ids),
                Field::Attributes => replace(&mut self.attributes, &new.attributes),
                Field::Labels => replace(&mut self.labels, &new.labels),
                Field::ExternalId => replace(&mut self.external_id, &new.external_id),
            };
            if differs { changed.with(field) } else { changed }
        })
    }

    /// How much text there is in all, in bytes: what a product costs to keep and to send.
    pub(crate) fn bytes(&self) -> usize {
        let attributes = self.attributes.iter().map(Attribute::bytes);
        let texts = self.image_urls.iter().chain(&self.labels).map(String::len);
        let categories = self.category_ids.iter().map(|id| id.as_str().len());
        let single = self.name.len() + self.description.len() + self.brand.len();
        single + attributes.chain(texts).chain(categories).sum::<usize>()
    }
}

impl Attribute {
    fn bytes(&self) -> usize {
        let value = match &self.value {
            Value::Text(text) => text.len(),
            Value::Number(_) => 8,
            Value::Flag(_) => 1,
        };
        self.name.len() + self.unit.len() + value
    }
}

impl Product {
    /// A product as it begins.
    pub(crate) fn new(id: ProductId, details: Details, now: Micros) -> Self {
        Self { id, details, revision: 1, content_revision: 1, created_at: now, updated_at: now }
    }

    /// Changes the fields of `mask` and counts the change. Empty when nothing was different.
    pub(crate) fn update(&mut self, new: &Details, mask: Mask, now: Micros) -> Mask {
        let changed = self.details.take(new, mask);
        if !changed.is_empty() {
            self.revision += 1;
            self.content_revision += i64::from(!changed.is_stock_alone());
            self.updated_at = now;
        }
        changed
    }

    /// Changes with the content but not with the stock. The time of birth tells apart two lives of
    /// one id.
    pub(crate) fn etag(&self) -> String {
        format!("{:x}-{:x}", self.created_at, self.content_revision)
    }
}

fn replace<T: PartialEq + Clone>(old: &mut T, new: &T) -> bool {
    let differs = old != new;
    if differs {
        old.clone_from(new);
    }
    differs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mug() -> Product {
        let details = Details { name: "Mug".to_owned(), stock_qty: 3, ..Default::default() };
        Product::new(ProductId::parse("mug").unwrap(), details, 1_000)
    }

    #[test]
    fn only_masked_fields_change_and_only_real_changes_count() {
        let mut product = mug();
        let new = Details { brand: "Acme".to_owned(), ..Default::default() };
        let changed = product.update(&new, Mask::default().with(Field::Brand), 2_000);
        assert_eq!(changed.fields().collect::<Vec<_>>(), [Field::Brand]);
        assert_eq!((product.details.name.as_str(), product.revision), ("Mug", 2));

        let before = product.clone();
        assert!(product.update(&before.details, Mask::all(), 3_000).is_empty());
        assert_eq!(product, before);
    }

    #[test]
    fn the_etag_follows_the_content_but_not_the_stock() {
        let mut product = mug();
        let etag = product.etag();
        let mut new = product.details.clone();
        new.stock_qty = 9;
        assert!(product.update(&new, Mask::all(), 2_000).is_stock_alone());
        assert_eq!((product.etag(), product.revision), (etag.clone(), 2));
        new.labels.push("new".to_owned());
        product.update(&new, Mask::all(), 3_000);
        assert_ne!(product.etag(), etag);
    }
}
