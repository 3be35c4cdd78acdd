//! `StockService`: how many there are.

use proto::catalogue::v1::{self as wire, AdjustStockRequest, StockLevel};
use tonic::{Request, Response, Status};

use super::{convert::product_id, write};
use crate::{
    domain::{Error, Violations},
    store::{self, Done, Store},
};

pub(super) struct Service {
    pub(super) store: Store,
}

#[tonic::async_trait]
impl wire::stock_service_server::StockService for Service {
    async fn adjust_stock(
        &self,
        request: Request<AdjustStockRequest>,
    ) -> Result<Response<StockLevel>, Status> {
        let (request, write) = write::parse(request, written)?;
        let AdjustStockRequest { product_id: id, delta, .. } = request;
        let mut violations = Violations::default();
        let parsed = product_id("product_id", &id, &mut violations);
        if delta == 0 {
            violations.add("delta", "must not be zero");
        }
        violations.check()?;
        let parsed = parsed.ok_or_else(|| Error::field("product_id", "is required"))?;
        Ok(Response::new(self.store.adjust_stock(write, parsed, delta).await?))
    }
}

/// A stock as a write leaves it.
fn written(level: store::StockLevel, done: &Done) -> StockLevel {
    StockLevel {
        product_id: level.product_id.into(),
        stock_qty: level.stock_qty,
        revision: level.revision,
        revision_token: done.position.encode(b""),
        ..Default::default()
    }
}
