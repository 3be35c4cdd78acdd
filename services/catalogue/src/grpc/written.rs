//! Resources of writes, for the audit trail: read from requests and responses.

use proto::catalogue::v1 as wire;

use crate::store::Written;

/// A field of a request that names the resource of a write.
pub(super) trait Id {
    /// The id; empty if it is not known yet.
    fn id(&self) -> &str;
}

impl Id for String {
    fn id(&self) -> &str {
        self
    }
}

impl Id for Option<wire::Product> {
    fn id(&self) -> &str {
        self.as_ref().map_or("", |product| &product.id)
    }
}

impl Id for Option<wire::Category> {
    fn id(&self) -> &str {
        self.as_ref().map_or("", |category| &category.id)
    }
}

impl Id for Vec<wire::ReservationLine> {
    /// A reservation has an id once it is made.
    fn id(&self) -> &str {
        ""
    }
}

/// The response to a write.
pub(super) trait Names {
    /// The written resource.
    fn written(&self) -> Written;
}

impl Names for wire::Product {
    fn written(&self) -> Written {
        Written::of(&self.id, self.revision)
    }
}

impl Names for wire::Category {
    fn written(&self) -> Written {
        Written::of(&self.id, 0)
    }
}

impl Names for wire::StockLevel {
    fn written(&self) -> Written {
        Written::of(&self.product_id, self.revision)
    }
}

impl Names for wire::Reservation {
    fn written(&self) -> Written {
        Written::of(&self.id, 0)
    }
}
