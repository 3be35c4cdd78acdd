//! The visibility of a product in the storefront, by its status.

use proto::catalogue::v1::{Product, product::Status};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Visibility {
    /// Listed and sold.
    ForSale,
    /// Archived: not listed, and its page says that it is no longer sold.
    Discontinued,
    /// A draft, or deleted: the response is that of a product that does not exist.
    Hidden,
}

/// The catalogue's filter for listed products.
pub(super) const FOR_SALE: &str = "status = ACTIVE";

impl Visibility {
    pub(super) fn of(product: &Product) -> Self {
        match product.status() {
            _ if product.delete_time.is_some() => Self::Hidden,
            // Unspecified means active, the same as on creation.
            Status::Active | Status::Unspecified => Self::ForSale,
            Status::Archived => Self::Discontinued,
            Status::Draft => Self::Hidden,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_active_products_that_are_not_deleted_are_for_sale() {
        let of = |status: Status, delete_time| {
            Visibility::of(&Product { status: status.into(), delete_time, ..Default::default() })
        };
        assert_eq!(of(Status::Active, None), Visibility::ForSale);
        assert_eq!(of(Status::Unspecified, None), Visibility::ForSale);
        assert_eq!(of(Status::Archived, None), Visibility::Discontinued);
        assert_eq!(of(Status::Draft, None), Visibility::Hidden);
        for status in [Status::Active, Status::Archived] {
            assert_eq!(of(status, Some(Default::default())), Visibility::Hidden);
        }
    }
}
