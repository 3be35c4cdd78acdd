//! The fields of a product that the desk's form has, as texts.
//!
//! A form carries each field as it was when its page was made. So a write names only the changed fields, and a conflict
//! can be shown field by field: the value that another user has written meanwhile, and the value in this form.

use proto::{
    catalogue::v1::{Product, product::Status},
    google::r#type::Money,
};

use super::session::Submitted;
use crate::problem::FieldError;

/// A field of the form.
pub(super) struct Field {
    /// As in an update mask.
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    pub(super) value: String,
    /// The value when the form's page was made.
    pub(super) was: String,
    /// The value that another has given it since; absent if it has not changed.
    pub(super) now: Option<String>,
    /// Why the value was refused; empty if it was not.
    pub(super) error: String,
}

const FIELDS: [(&str, &str, &str); 7] = [
    ("name", "Name", ""),
    ("brand", "Brand", ""),
    ("price", "Price", "such as 12.50 EUR; empty for none"),
    ("status", "Status", "draft, active or archived"),
    ("category_ids", "Categories", "ids, separated by spaces"),
    ("labels", "Labels", "separated by commas"),
    ("description", "Description", ""),
];

/// The fields of a product as it is.
pub(super) fn of(product: &Product) -> Vec<Field> {
    let field = |(name, label, hint)| {
        let value = text(product, name);
        let was = value.clone();
        Field { name, label, hint, value, was, now: None, error: String::new() }
    };
    FIELDS.into_iter().map(field).collect()
}

/// The fields as a form has them.
pub(super) fn submitted(form: &Submitted) -> Vec<Field> {
    let field = |(name, label, hint)| {
        // Browsers send line breaks as CR LF.
        let get = |name: &str| form.field(name).replace("\r\n", "\n");
        let (value, was) = (get(name), get(&format!("was_{name}")));
        Field { name, label, hint, value, was, now: None, error: String::new() }
    };
    FIELDS.into_iter().map(field).collect()
}

impl Field {
    pub(super) fn is_changed(&self) -> bool {
        self.value != self.was
    }

    pub(super) fn is_long(&self) -> bool {
        self.name == "description"
    }

    /// Whether this form and another have changed the field to different values.
    pub(super) fn is_conflict(&self) -> bool {
        self.now.is_some() && self.is_changed()
    }
}

/// Takes over the fields that another user has changed and this form has not, and marks the fields that both have
/// changed.
pub(super) fn merge(fields: &mut [Field], current: &Product) {
    for field in fields {
        let now = text(current, field.name);
        if now == field.was {
            continue;
        }
        if !field.is_changed() || field.value == now {
            field.value.clone_from(&now);
        }
        field.was.clone_from(&now);
        field.now = Some(now);
    }
}

/// Marks the fields that a write was refused for.
pub(super) fn refuse(fields: &mut [Field], errors: &[FieldError]) {
    for error in errors {
        let name =
            error.field.rsplit_once("product.").map_or(error.field.as_str(), |(_, name)| name);
        let named = fields
            .iter_mut()
            .find(|field| field.name == name || product_fields::json_name(field.name) == name);
        if let Some(field) = named {
            field.error.clone_from(&error.message);
        }
    }
}

/// Writes a value into a product.
///
/// # Errors
/// A price or status that cannot be read, in words.
pub(super) fn set(product: &mut Product, field: &Field) -> Result<(), &'static str> {
    let value = field.value.clone();
    match field.name {
        "name" => product.name = value,
        "brand" => product.brand = value,
        "description" => product.description = value,
        "category_ids" => {
            product.category_ids = value.split_whitespace().map(str::to_owned).collect();
        }
        "labels" => {
            let labels = value.split(',').map(str::trim).filter(|label| !label.is_empty());
            product.labels = labels.map(str::to_owned).collect();
        }
        "price" => product.price = price(&value)?,
        _ => product.status = status(&value)?.into(),
    }
    Ok(())
}

fn text(product: &Product, name: &str) -> String {
    match name {
        "name" => product.name.trim().to_owned(),
        "brand" => product.brand.trim().to_owned(),
        "description" => product.description.trim().to_owned(),
        "category_ids" => product.category_ids.join(" "),
        "labels" => product.labels.join(", "),
        "price" => product.price.as_ref().map(proto::money::display).unwrap_or_default(),
        _ => product.status().as_str_name().to_lowercase(),
    }
}

fn status(text: &str) -> Result<Status, &'static str> {
    let named = Status::from_str_name(&text.to_uppercase());
    named.filter(|status| *status != Status::Unspecified).ok_or("is draft, active or archived")
}

/// Reads `12.50 EUR`.
fn price(text: &str) -> Result<Option<Money>, &'static str> {
    const WRONG: &str = "is an amount and a currency, such as 12.50 EUR";
    if text.is_empty() {
        return Ok(None);
    }
    let (amount, currency) = text.split_once(char::is_whitespace).ok_or(WRONG)?;
    let (units, fraction) = amount.split_once('.').unwrap_or((amount, ""));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if units.is_empty() || !is_digits(units) || !is_digits(fraction) || fraction.len() > 9 {
        return Err(WRONG);
    }
    Ok(Some(Money {
        currency_code: currency.trim().to_uppercase(),
        units: units.parse().map_err(|_| WRONG)?,
        nanos: format!("{fraction:0<9}").parse().map_err(|_| WRONG)?,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(name: &str, brand: &str) -> Product {
        Product { name: name.into(), brand: brand.into(), ..Default::default() }
    }

    #[test]
    fn what_only_another_changed_is_taken_over() {
        let mut fields = of(&product("Mug", "Kiln"));
        fields[0].value = "Big mug".into();
        merge(&mut fields, &product("Mug", "Cobble"));
        assert_eq!((fields[0].value.as_str(), fields[0].is_conflict()), ("Big mug", false));
        assert_eq!((fields[1].value.as_str(), fields[1].is_conflict()), ("Cobble", false));
        merge(&mut fields, &product("Cup", "Cobble"));
        assert!(fields[0].is_conflict() && fields[0].now.as_deref() == Some("Cup"));
        assert_eq!(fields[0].value, "Big mug");
    }

    #[test]
    fn price_is_an_amount_and_a_currency() {
        let money = price("12.5 eur").unwrap().unwrap();
        assert_eq!(proto::money::display(&money), "12.50 EUR");
        assert_eq!(price(""), Ok(None));
        for wrong in ["12", "EUR 12", "-1 EUR", "1,5 EUR", ". EUR"] {
            assert!(price(wrong).is_err(), "{wrong}");
        }
    }
}
