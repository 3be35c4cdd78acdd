//! Rules that products must satisfy.

mod media;
mod offer;
mod variants;

pub(crate) use media::check_media;

use std::collections::HashSet;

use super::{Attribute, Details, Field, Mask, Value, Violations};

/// Maximum size of a product. Keeps responses well below the limit of clients.
const MAX_PRODUCT_BYTES: usize = 256 * 1024;

/// Maximum number of variants of a product, and of its costs.
pub(crate) const MAX_VARIANTS: usize = 1_000;
const MAX_EXTERNAL_ID: usize = 256;
const MAX_CATEGORIES: usize = 32;
const MAX_CATEGORY_NAME: usize = 200;
const MAX_ATTRIBUTES: usize = 500;
const MAX_ATTRIBUTE_NAME: usize = 200;
const MAX_ATTRIBUTE_TEXT: usize = 10_000;
const MAX_UNIT: usize = 50;
const MAX_LABELS: usize = 100;
const MAX_LABEL: usize = 100;

/// Adds the violations of the fields of `mask`, and of all together. Lengths are in characters.
pub(crate) fn check(details: &Details, mask: Mask, violations: &mut Violations) {
    check_fields(details, mask, violations);
    if mask.has(Field::Variants) {
        check_variants(details, violations);
    }
    check_sums(details, violations);
    offer::check_references(details, mask, violations);
}

/// Adds the violations of the fields of `mask`, each by itself: of parts that are merged into others.
pub(crate) fn check_fields(details: &Details, mask: Mask, violations: &mut Violations) {
    for field in mask.fields() {
        match field {
            Field::NAME if details.name.trim().is_empty() => violations.add("name", "is required"),
            Field::Text(text) => {
                check_text(text.name(), details.text(text), text.max_chars(), violations);
            }
            // Checked when they are parsed: violations of pictures depend on the name of their
            // field.
            Field::Price | Field::Status | Field::Condition | Field::Media => {}
            Field::Offer(field) => offer::check_field(field, &details.offer, violations),
            Field::Costs => offer::check_costs(&details.costs, violations),
            Field::StockQty => {
                if details.stock_qty < 0 {
                    violations.add("stock_qty", "must not be negative");
                }
            }
            Field::CategoryIds => check_categories(details, violations),
            Field::Attributes => check_attributes(&details.attributes, violations),
            Field::Labels => check_labels(&details.labels, violations),
            Field::ExternalId => check_external_id(details.external_id.as_deref(), violations),
            Field::Variants => variants::check(&details.variants, violations),
        }
    }
}

/// Adds the violations of all variants of a product together.
pub(crate) fn check_variants(details: &Details, violations: &mut Violations) {
    variants::check_together(&details.variants, violations);
}

/// Adds the violations that concern several fields. Updates check them on the whole product,
/// because small updates add up.
pub(crate) fn check_whole(details: &Details, violations: &mut Violations) {
    check_sums(details, violations);
    offer::check_references(details, Mask::all(), violations);
}

fn check_sums(details: &Details, violations: &mut Violations) {
    variants::check_currencies(details, violations);
    variants::check_total_stock(&details.variants, violations);
    offer::check_currencies(details, violations);
    if details.bytes() > MAX_PRODUCT_BYTES {
        violations.add("product", format!("must have at most {MAX_PRODUCT_BYTES} bytes of text"));
    }
}

/// Adds a violation if `mask` sets the total stock of `current`, which has variants.
pub(crate) fn check_stock_mask(current: &Details, mask: Mask, violations: &mut Violations) {
    let alone = mask.has(Field::StockQty) && !mask.has(Field::Variants);
    if alone && !current.variants.is_empty() {
        violations.add("stock_qty", "is the sum of the variants' stock; set that of a variant");
    }
}

/// Adds the violations of a category's name.
pub(crate) fn check_category_name(field: &str, name: &str, violations: &mut Violations) {
    if name.trim().is_empty() {
        violations.add(field, "is required");
    } else if name.chars().any(char::is_control) {
        violations.add(field, "must not contain control characters");
    } else {
        check_text(field, name, MAX_CATEGORY_NAME, violations);
    }
}

/// NUL is not allowed, because PostgreSQL cannot store it.
fn check_text(field: &str, text: &str, max_chars: usize, violations: &mut Violations) {
    if text.contains('\0') {
        violations.add(field, "must not contain NUL");
    }
    // Compares bytes first, to count characters only if necessary.
    if text.len() > max_chars && text.chars().count() > max_chars {
        violations.add(field, format!("must be at most {max_chars} characters"));
    }
}

fn check_categories(details: &Details, violations: &mut Violations) {
    let ids = &details.category_ids;
    check_count("category_ids", ids.len(), MAX_CATEGORIES, violations);
    let field = |index| format!("category_ids[{index}]");
    check_unique(ids.iter().map(super::CategoryId::as_str), field, violations);
}

fn check_attributes(attributes: &[Attribute], violations: &mut Violations) {
    check_count("attributes", attributes.len(), MAX_ATTRIBUTES, violations);
    for (index, attribute) in attributes.iter().enumerate() {
        // Field names are formatted only for violations, because imports check millions of
        // attributes.
        let mut found = Violations::default();
        if attribute.name.trim().is_empty() {
            found.add("name", "is required");
        }
        check_text("name", &attribute.name, MAX_ATTRIBUTE_NAME, &mut found);
        check_text("unit", &attribute.unit, MAX_UNIT, &mut found);
        match &attribute.value {
            Value::Text(text) => check_text("text", text, MAX_ATTRIBUTE_TEXT, &mut found),
            Value::Number(number) if !number.is_finite() => found.add("number", "must be finite"),
            Value::Number(_) | Value::Flag(_) => {}
        }
        if !attribute.unit.is_empty() && !matches!(attribute.value, Value::Number(_)) {
            found.add("unit", "only a number has a unit");
        }
        for (field, description) in found.iter() {
            violations.add(format!("attributes[{index}].{field}"), description);
        }
    }
    let field = |index| format!("attributes[{index}].name");
    check_unique(attributes.iter().map(|attribute| attribute.name.as_str()), field, violations);
}

fn check_labels(labels: &[String], violations: &mut Violations) {
    check_count("labels", labels.len(), MAX_LABELS, violations);
    for (index, label) in labels.iter().enumerate() {
        if label.trim().is_empty() {
            violations.add(format!("labels[{index}]"), "must not be empty");
        }
        if label.len() > MAX_LABEL || label.contains('\0') {
            check_text(&format!("labels[{index}]"), label, MAX_LABEL, violations);
        }
    }
    let field = |index| format!("labels[{index}]");
    check_unique(labels.iter().map(String::as_str), field, violations);
}

fn check_external_id(external_id: Option<&str>, violations: &mut Violations) {
    let Some(external_id) = external_id else { return };
    if external_id.chars().any(char::is_control) {
        violations.add("external_id", "must not contain control characters");
    }
    check_text("external_id", external_id, MAX_EXTERNAL_ID, violations);
}

pub(crate) fn check_count(field: &str, count: usize, max: usize, violations: &mut Violations) {
    if count > max {
        violations.add(field, format!("must be at most {max}"));
    }
}

fn check_unique<'a>(
    items: impl Iterator<Item = &'a str>,
    field: impl Fn(usize) -> String,
    violations: &mut Violations,
) {
    let mut seen = HashSet::new();
    for (index, item) in items.enumerate() {
        if !seen.insert(item) {
            violations.add(field(index), "is a duplicate");
        }
    }
}

#[cfg(test)]
mod tests {
    use product_fields::TextField;

    use super::*;

    fn refused(details: &Details, mask: Mask) -> Vec<String> {
        let mut violations = Violations::default();
        check(details, mask, &mut violations);
        violations.iter().map(|(field, _)| field.to_owned()).collect()
    }

    fn text(name: &str, text: &str) -> Attribute {
        let value = Value::Text(text.to_owned());
        Attribute { name: name.to_owned(), value, unit: String::new() }
    }

    #[test]
    fn every_fault_is_named_at_once() {
        let details = Details {
            name: " ".to_owned(),
            stock_qty: -1,
            attributes: vec![
                text("colour", "red"),
                Attribute { value: Value::Number(f64::NAN), ..text("weight", "") },
                Attribute { unit: "kg".to_owned(), ..text("colour", "blue") },
            ],
            labels: vec!["new".to_owned(), "new".to_owned(), String::new()],
            external_id: Some("a\nb".to_owned()),
            ..Default::default()
        };
        assert_eq!(
            refused(&details, Mask::all()),
            [
                "name",
                "stock_qty",
                "attributes[1].number",
                "attributes[2].unit",
                "attributes[2].name",
                "labels[2]",
                "labels[1]",
                "external_id",
            ]
        );
        assert_eq!(refused(&details, Mask::default().with(Field::Text(TextField::Brand))), [""; 0]);
    }

    #[test]
    fn limits_count_characters() {
        let max_chars = TextField::Name.max_chars();
        let fits = Details { name: "é".repeat(max_chars), ..Default::default() };
        assert_eq!(refused(&fits, Mask::all()), [""; 0]);
        let long = Details { name: "é".repeat(max_chars + 1), ..Default::default() };
        assert_eq!(refused(&long, Mask::all()), ["name"]);
    }

    #[test]
    fn a_product_is_bounded_as_a_whole() {
        let attributes = (0..30).map(|n| text(&n.to_string(), &"x".repeat(10_000))).collect();
        let details = Details { name: "Big".to_owned(), attributes, ..Default::default() };
        assert_eq!(refused(&details, Mask::all()), ["product"]);
    }
}
