//! What rows would change, as it is told.

use prost::Message as _;
use proto::catalogue::v1::{self as wire, ProductDiff, RowDiff};

use crate::{
    domain::{Details, Field, Product, ProductId, Tree},
    grpc::{MAX_ANSWER, convert},
    import::Diff,
};

/// The diffs, in portions that each fit into an answer.
pub(super) fn portions(diffs: Vec<Diff>) -> Vec<Vec<RowDiff>> {
    let mut portions: Vec<Vec<RowDiff>> = Vec::new();
    let mut room = 0;
    for diff in diffs {
        let diff = row_diff(diff);
        // The diff, its length and its field's tag. One alone always fits: products are bounded.
        let bytes = diff.encoded_len() + 8;
        match portions.last_mut() {
            Some(portion) if bytes <= room => portion.push(diff),
            _ => {
                portions.push(vec![diff]);
                room = MAX_ANSWER;
            }
        }
        room = room.saturating_sub(bytes);
    }
    portions
}

fn row_diff(diff: Diff) -> RowDiff {
    let created = diff.before.is_none();
    let changed_fields = diff.changed.fields().map(Field::name).map(str::to_owned).collect();
    let (before, after) = (diff.before.map(fields), Some(fields(diff.after)));
    RowDiff {
        line: diff.line,
        product_id: diff.id.map(String::from).unwrap_or_default(),
        created,
        diff: Some(ProductDiff { changed_fields, before, after }),
    }
}

/// What is set of `details`, and nothing that only a whole product has.
fn fields(details: Details) -> wire::Product {
    let nobody = ProductId::known(String::new());
    let product = convert::product(Product::new(nobody, details, 0), &Tree::default());
    wire::Product {
        price_eur: 0.0,
        created_at: None,
        update_time: None,
        etag: String::new(),
        revision: 0,
        // The names of the ids; those of a category that does not exist yet are not known.
        category_paths: Vec::new(),
        ..product
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Mask;

    #[test]
    fn only_what_has_changed_is_told() {
        let brand = |brand: &str| Details { brand: brand.to_owned(), ..Default::default() };
        let diff = row_diff(Diff {
            line: 3,
            id: None,
            before: Some(brand("Acme")),
            after: brand("Zenith"),
            changed: Mask::default().with(Field::Brand),
        });
        let product = |brand: &str| wire::Product { brand: brand.to_owned(), ..Default::default() };
        let expected = ProductDiff {
            changed_fields: vec!["brand".to_owned()],
            before: Some(product("Acme")),
            after: Some(product("Zenith")),
        };
        assert_eq!(
            (diff.product_id.as_str(), diff.created, diff.diff),
            ("", false, Some(expected))
        );
    }

    #[test]
    fn no_portion_is_larger_than_a_message() {
        let details = || Details { description: "x".repeat(250_000), ..Default::default() };
        let diff = |line| Diff {
            line,
            id: None,
            before: Some(details()),
            after: details(),
            changed: Mask::default().with(Field::Description),
        };
        let portions = portions((1..=20).map(diff).collect());
        assert!(portions.len() > 1);
        let bytes = |diffs: &Vec<RowDiff>| diffs.iter().map(RowDiff::encoded_len).sum::<usize>();
        assert!(portions.iter().all(|diffs| bytes(diffs) <= MAX_ANSWER));
        assert!(portions.concat().iter().map(|diff| diff.line).eq(1..=20));
    }
}
