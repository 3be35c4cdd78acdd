//! Stock levels.

use proto::catalogue::v1 as wire;

use crate::domain::StockLevel;

/// Converts a level, without its reserved quantity, which most reads do not know.
pub(in crate::grpc) fn stock_level(level: StockLevel) -> wire::StockLevel {
    wire::StockLevel {
        product_id: level.item.product_id.into(),
        sku: level.item.sku.map(String::from).unwrap_or_default(),
        stock_qty: level.stock_qty,
        revision: level.revision,
        ..Default::default()
    }
}
