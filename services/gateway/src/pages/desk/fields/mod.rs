//! The fields of a product that the desk's form has, as texts.
//!
//! A form carries each field as it was when its page was made. So a write names only the changed fields, and a conflict
//! can be shown field by field: the value that another user has written meanwhile, and the value in this form.

mod groups;
mod kind;
mod values;
mod write;

pub(super) use groups::FormView;
pub(super) use write::Changes;

use proto::catalogue::v1::Product;

use super::{form_words::Messages, session::Submitted};
use crate::problem::FieldError;
use kind::Kind;

/// A field of the form.
pub(super) struct Field {
    kind: Kind,
    /// The variant's; empty for a field of the product itself.
    sku: String,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    /// Values with their names, if it is one of a list.
    pub(super) choices: Vec<(String, String)>,
    pub(super) value: String,
    /// The value when the form's page was made.
    pub(super) was: String,
    /// The value that another has given it since; absent if it has not changed.
    pub(super) now: Option<String>,
    /// Why the value was refused; empty if it was not.
    pub(super) error: String,
}

impl Field {
    fn new(kind: Kind, sku: &str, product: &Product, words: &Messages) -> Self {
        let (label, hint) = kind.label(words);
        let variant = || product.variants.iter().find(|variant| variant.sku == sku);
        let text = match (kind, sku) {
            (Kind::Cost, _) => {
                let cost = product.costs.iter().find(|cost| cost.sku == sku);
                values::money_text(cost.and_then(|cost| cost.amount.as_ref()))
            }
            (kind, "") => kind.of_product(product),
            (kind, _) => variant().map(|variant| kind.of_variant(variant)).unwrap_or_default(),
        };
        let value = as_browsers_send(&text, kind.is_long());
        let mut choices = kind.choices(product, words);
        // A browser would choose another one.
        if !choices.is_empty() && !choices.iter().any(|(known, _)| *known == value) {
            choices.push((value.clone(), value.clone()));
        }
        Self {
            kind,
            sku: sku.to_owned(),
            label,
            hint,
            choices,
            was: value.clone(),
            value,
            now: None,
            error: String::new(),
        }
    }

    /// Its name in the form.
    pub(super) fn name(&self) -> String {
        match self.sku.as_str() {
            "" => self.kind.name().to_owned(),
            sku => format!("variants[{sku}].{}", self.kind.name()),
        }
    }

    pub(super) fn is_changed(&self) -> bool {
        self.value != self.was
    }

    pub(super) fn is_long(&self) -> bool {
        self.kind.is_long()
    }

    /// Height of a long text, in lines.
    pub(super) fn rows(&self) -> usize {
        if self.kind == Kind::Description { 6 } else { 3 }
    }

    /// Whether this form and another have changed the field to different values.
    pub(super) fn is_conflict(&self) -> bool {
        self.now.is_some() && self.is_changed()
    }

    /// Whether there is something to see.
    fn is_marked(&self) -> bool {
        self.now.is_some() || !self.error.is_empty()
    }

    /// Takes over the value that a form has.
    fn submit(&mut self, form: &Submitted) {
        let get = |name: &str| as_browsers_send(form.field(name), self.kind.is_long());
        let name = self.name();
        (self.value, self.was) = (get(&name), get(&format!("was_{name}")));
    }

    /// Takes over the value of a form whose page is older, unless it has not changed this field and another has. Marks
    /// it if another has changed it.
    fn merge(&mut self, older: &Self) {
        let is_other = self.value != older.was;
        if is_other {
            self.now = Some(self.value.clone());
        }
        if older.is_changed() {
            self.value.clone_from(&older.value);
        }
    }
}

/// A text as a browser sends it: in one line, or with its line ends.
fn as_browsers_send(text: &str, is_long: bool) -> String {
    let text = match is_long {
        true => text.replace("\r\n", "\n").replace('\r', "\n"),
        false => text.replace(['\r', '\n'], ""),
    };
    text.trim().to_owned()
}

/// Marks the fields that a write of `sent` was refused for.
pub(super) fn refuse(form: &mut FormView, errors: &[FieldError], sent: &Product) {
    for error in errors {
        let path = error.field.strip_prefix("product.").unwrap_or(&error.field);
        let field = form.fields_mut().find(|field| is_at(field, path, sent));
        if let Some(field) = field {
            field.error.clone_from(&error.message);
        }
    }
}

/// Whether a field is the one at this place of a product, or has it within.
fn is_at(field: &Field, path: &str, product: &Product) -> bool {
    let costs = product.costs.iter().map(|cost| cost.sku.as_str());
    let variants = product.variants.iter().map(|variant| variant.sku.as_str());
    let (sku, path) = match (item("costs", path, costs), item("variants", path, variants)) {
        (Some((sku, _)), _) => return field.kind == Kind::Cost && field.sku == sku,
        (_, Some((sku, path))) => (sku, path),
        _ => ("", path),
    };
    let end = path.find(['.', '[']).unwrap_or(path.len());
    let (first, rest) = path.split_at(end);
    let is_named = product_fields::json_name(field.kind.path()) == product_fields::json_name(first);
    let is_part = match field.kind {
        Kind::SaleStart => !rest.to_lowercase().starts_with(".end"),
        Kind::SaleEnd => rest.to_lowercase().starts_with(".end"),
        _ => true,
    };
    field.sku == sku && is_named && is_part
}

/// The SKU of the item of a list that a path names, and the path within it.
fn item<'a, 'b>(
    list: &str,
    path: &'b str,
    mut skus: impl Iterator<Item = &'a str>,
) -> Option<(&'a str, &'b str)> {
    let (index, rest) = path.strip_prefix(list)?.strip_prefix('[')?.split_once(']')?;
    let sku = skus.nth(index.parse().ok()?)?;
    Some((sku, rest.trim_start_matches('.')))
}

#[cfg(test)]
mod tests {
    use proto::catalogue::v1::{Cost, Variant};

    use super::*;
    use crate::pages::{Locale, desk::form_words::words};

    fn form(product: &Product) -> FormView {
        FormView::of(product, words(Locale::English), true, 0)
    }

    fn field<'a>(form: &'a mut FormView, name: &str) -> &'a mut Field {
        form.fields_mut().find(|field| field.name() == name).unwrap()
    }

    fn product(name: &str, brand: &str) -> Product {
        Product { name: name.into(), brand: brand.into(), ..Default::default() }
    }

    #[test]
    fn what_only_another_changed_is_taken_over() {
        let mut older = form(&product("Mug", "Kiln"));
        field(&mut older, "name").value = "Big mug".into();
        let mut merged = form(&product("Mug", "Cobble")).merge(&older);
        let name = field(&mut merged, "name");
        assert_eq!((name.value.as_str(), name.is_conflict()), ("Big mug", false));
        let brand = field(&mut merged, "brand");
        assert_eq!((brand.value.as_str(), brand.is_conflict()), ("Cobble", false));
        let mut merged = form(&product("Cup", "Cobble")).merge(&merged);
        let name = field(&mut merged, "name");
        assert!(name.is_conflict() && name.now.as_deref() == Some("Cup"));
        assert_eq!((name.value.as_str(), name.was.as_str()), ("Big mug", "Cup"));
    }

    #[test]
    fn an_error_is_shown_at_its_field() {
        let variant = |sku: &str| Variant { sku: sku.into(), ..Default::default() };
        let product = Product {
            variants: vec![variant("a"), variant("b")],
            costs: vec![Cost { sku: "b".into(), amount: None }],
            ..Default::default()
        };
        let mut form = form(&product);
        for (path, name) in [
            ("product.name", "name"),
            ("product.seoTitle", "seo_title"),
            ("product.price.currencyCode", "price"),
            ("product.salePeriod.endTime", "sale_end"),
            ("product.salePeriod.startTime", "sale_start"),
            ("product.variants[1].gtin", "variants[b].gtin"),
            ("product.variants[0].currencyPrices[2].price", "variants[a].currency_prices"),
            ("product.variants[1].mediaUrl", "variants[b].media_url"),
            ("product.costs[0].amount.units", "variants[b].cost"),
        ] {
            let error = FieldError { field: path.to_owned(), message: path.to_owned() };
            refuse(&mut form, &[error], &product);
            assert_eq!(field(&mut form, name).error, path);
        }
    }
}
