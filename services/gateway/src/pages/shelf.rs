//! What shoppers may know of a product: that it is for sale, that it was, or nothing.

use proto::catalogue::v1::{Product, product::Status};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shelf {
    /// Listed and sold.
    ForSale,
    /// Found by those who have its address, but not sold any more.
    NoLonger,
    /// As if it did not exist: not ready, or deleted.
    Hidden,
}

/// Which products lists are of, in the catalogue's filter language.
pub(super) const FOR_SALE: &str = "status = ACTIVE";

impl Shelf {
    pub(super) fn of(product: &Product) -> Self {
        match product.status() {
            _ if product.delete_time.is_some() => Self::Hidden,
            // Said by no one means active, as it does on creation.
            Status::Active | Status::Unspecified => Self::ForSale,
            Status::Archived => Self::NoLonger,
            Status::Draft => Self::Hidden,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_active_and_not_deleted_is_for_sale() {
        let of = |status: Status, delete_time| {
            Shelf::of(&Product { status: status.into(), delete_time, ..Default::default() })
        };
        assert_eq!(of(Status::Active, None), Shelf::ForSale);
        assert_eq!(of(Status::Unspecified, None), Shelf::ForSale);
        assert_eq!(of(Status::Archived, None), Shelf::NoLonger);
        assert_eq!(of(Status::Draft, None), Shelf::Hidden);
        for status in [Status::Active, Status::Archived] {
            assert_eq!(of(status, Some(Default::default())), Shelf::Hidden);
        }
    }
}
