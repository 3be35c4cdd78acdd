//! What rows would change, as it is told.

use prost::Message as _;
use proto::catalogue::v1::{ProductDiff, RowDiff};

use crate::{
    domain::Field,
    grpc::{MAX_ANSWER, convert::fields},
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
    let before = diff.before.map(|before| fields(&before, diff.changed));
    let after = Some(fields(&diff.after, diff.changed));
    RowDiff {
        line: diff.line,
        product_id: diff.id.map(String::from).unwrap_or_default(),
        created,
        diff: Some(ProductDiff { changed_fields, before, after }),
    }
}

#[cfg(test)]
mod tests {
    use product_fields::TextField;

    use super::*;
    use proto::catalogue::v1 as wire;

    use crate::domain::{Details, Mask};

    #[test]
    fn only_what_has_changed_is_told() {
        let brand = |brand: &str| Details { brand: brand.to_owned(), ..Default::default() };
        let diff = row_diff(Diff {
            line: 3,
            id: None,
            before: Some(brand("Acme")),
            after: brand("Zenith"),
            changed: Mask::default().with(Field::Text(TextField::Brand)),
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
            changed: Mask::default().with(Field::Text(TextField::Description)),
        };
        let portions = portions((1..=20).map(diff).collect());
        assert!(portions.len() > 1);
        let bytes = |diffs: &Vec<RowDiff>| diffs.iter().map(RowDiff::encoded_len).sum::<usize>();
        assert!(portions.iter().all(|diffs| bytes(diffs) <= MAX_ANSWER));
        assert!(portions.concat().iter().map(|diff| diff.line).eq(1..=20));
    }
}
