//! `StockService`: how many there are.

use proto::catalogue::v1::{self as wire, AdjustStockRequest, StockLevel};
use tonic::{Request, Response, Status};

use super::convert::product_id;
use crate::{
    domain::{Error, Violations},
    store::Store,
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
        let AdjustStockRequest { product_id: id, delta, .. } = request.into_inner();
        let mut violations = Violations::default();
        let parsed = product_id("product_id", &id, &mut violations);
        if delta == 0 {
            violations.add("delta", "must not be zero");
        }
        violations.check()?;
        let parsed = parsed.ok_or_else(|| Error::field("product_id", "is required"))?;
        let level = self.store.adjust_stock(parsed, delta).await?;
        let (stock_qty, revision) = (level.stock_qty, level.revision);
        Ok(Response::new(StockLevel { product_id: id, stock_qty, revision, ..Default::default() }))
    }
}
