//! Diffs of a dry run as messages.

use prost::Message as _;
use proto::catalogue::v1::{ProductDiff, RowDiff};

use crate::{
    domain::Field,
    grpc::{convert::fields, message_budget::split},
    import::Diff,
};

/// Converts diffs, in chunks that each fit into a response.
pub(super) fn chunks(diffs: Vec<Diff>, shows_costs: bool) -> Vec<Vec<RowDiff>> {
    split(diffs.into_iter().map(|diff| row_diff(diff, shows_costs)), RowDiff::encoded_len)
}

fn row_diff(diff: Diff, shows_costs: bool) -> RowDiff {
    let created = diff.before.is_none();
    let changed_fields = diff.changed.fields().map(Field::name).map(str::to_owned).collect();
    let before = diff.before.map(|before| fields(&before, diff.changed, shows_costs));
    let after = Some(fields(&diff.after, diff.changed, shows_costs));
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

    use crate::{
        domain::{Details, Mask},
        grpc::message_budget::MAX_MESSAGE,
    };

    #[test]
    fn only_what_has_changed_is_told() {
        let brand = |brand: &str| Details { brand: brand.to_owned(), ..Default::default() };
        let diff = row_diff(
            Diff {
                line: 3,
                id: None,
                before: Some(brand("Acme")),
                after: brand("Zenith"),
                changed: Mask::default().with(Field::Text(TextField::Brand)),
            },
            false,
        );
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
    fn diffs_are_split_into_chunks_within_the_limit() {
        let details = || Details { description: "x".repeat(250_000), ..Default::default() };
        let diff = |line| Diff {
            line,
            id: None,
            before: Some(details()),
            after: details(),
            changed: Mask::default().with(Field::Text(TextField::Description)),
        };
        let chunks = super::chunks((1..=20).map(diff).collect(), false);
        assert!(chunks.len() > 1);
        let bytes = |diffs: &Vec<RowDiff>| diffs.iter().map(RowDiff::encoded_len).sum::<usize>();
        assert!(chunks.iter().all(|diffs| bytes(diffs) <= MAX_MESSAGE));
        assert!(chunks.concat().iter().map(|diff| diff.line).eq(1..=20));
    }
}
