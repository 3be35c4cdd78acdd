//! The changes of a form, as a product and the mask of an update.

use proto::catalogue::v1::{Cost, Product};

use super::{
    super::form_words::Messages,
    Field, FormView,
    kind::Kind,
    values::{self, Unreadable},
};

/// A product with the changes of a form, and the fields of it to write.
pub(in super::super) struct Changes {
    pub(in super::super) product: Product,
    pub(in super::super) paths: Vec<String>,
    /// Whether a field is written of which the form has a part: a list, or a period. The rest is that of the product as
    /// it is.
    pub(in super::super) completes: bool,
}

impl FormView {
    /// The changed fields, written into a product as it is. Those that cannot be read are marked.
    pub(in super::super) fn changes(&mut self, current: &Product, words: &Messages) -> Changes {
        let (product, paths) = (current.clone(), Vec::new());
        let mut changes = Changes { product, paths, completes: false };
        for field in self.fields_mut().filter(|field| field.is_changed()) {
            if changes.write(field).is_err() {
                field.kind.rule(words).clone_into(&mut field.error);
            }
        }
        changes
    }
}

impl Changes {
    fn write(&mut self, field: &Field) -> Result<(), Unreadable> {
        let Field { kind, sku, value, .. } = field;
        let product = &mut self.product;
        let path = match (kind, sku.as_str()) {
            (Kind::Cost, _) => {
                write_cost(product, sku, value)?;
                kind.path()
            }
            (_, "") => {
                kind.write_product(value, product)?;
                kind.path()
            }
            _ => {
                let mut variants = product.variants.iter_mut();
                if let Some(variant) = variants.find(|variant| variant.sku == *sku) {
                    kind.write_variant(value, variant)?;
                }
                "variants"
            }
        };
        self.completes |= matches!(path, "costs" | "variants" | "sale_period");
        if !self.paths.iter().any(|known| known == path) {
            self.paths.push(path.to_owned());
        }
        Ok(())
    }
}

fn write_cost(product: &mut Product, sku: &str, value: &str) -> Result<(), Unreadable> {
    let amount = values::money(value)?;
    let place = product.costs.iter().position(|cost| cost.sku == sku);
    match (place, amount) {
        (Some(place), None) => drop(product.costs.remove(place)),
        (Some(place), amount) => product.costs[place].amount = amount,
        (None, Some(amount)) => {
            product.costs.push(Cost { sku: sku.to_owned(), amount: Some(amount) });
        }
        (None, None) => {}
    }
    Ok(())
}
