//! The fake stock service.

use std::collections::HashMap;

use proto::catalogue::v1::{
    AdjustStockRequest, CommitReservationRequest, GetReservationRequest, GetStockRequest,
    GetStockResponse, ReleaseReservationRequest, Reservation, ReservationLine, ReserveStockRequest,
    SetStockRequest, StockLevel, reservation::State, stock_service_server::StockService,
};
use rpc::status::error;
use tonic::{Code, Request, Response, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use super::{Fake, RpcResult};

#[tonic::async_trait]
impl StockService for Fake {
    async fn adjust_stock(&self, request: Request<AdjustStockRequest>) -> RpcResult<StockLevel> {
        let AdjustStockRequest { product_id, delta, .. } = self.record(request);
        let old = self.get(&product_id)?.stock_qty;
        let stock_qty = old + delta;
        if stock_qty < 0 {
            return Err(insufficient(old));
        }
        let revision = self.put(&product_id, stock_qty).revision;
        let revision_token = "t3".to_owned();
        let level =
            StockLevel { product_id, stock_qty, revision, revision_token, ..Default::default() };
        Ok(Response::new(level))
    }

    async fn get_stock(&self, request: Request<GetStockRequest>) -> RpcResult<GetStockResponse> {
        let request = self.record(request);
        let product = self.get(&request.product_id)?;
        let level = StockLevel {
            product_id: product.id,
            stock_qty: product.stock_qty,
            revision: product.revision,
            ..Default::default()
        };
        let variants = product.variants.into_iter().map(|variant| StockLevel {
            sku: variant.sku,
            stock_qty: variant.stock_qty,
            ..level.clone()
        });
        let variants = variants.collect();
        Ok(Response::new(GetStockResponse { total: Some(level), variants }))
    }

    async fn set_stock(&self, request: Request<SetStockRequest>) -> RpcResult<StockLevel> {
        let SetStockRequest { product_id, stock_qty, expected_qty, .. } = self.record(request);
        let product = self.get(&product_id)?;
        if expected_qty.is_some_and(|expected| expected != product.stock_qty) {
            return Err(error(Code::Aborted, "STOCK_CHANGED", "there are others now"));
        }
        let revision = self.put(&product_id, stock_qty).revision;
        Ok(Response::new(StockLevel { product_id, stock_qty, revision, ..Default::default() }))
    }

    async fn reserve_stock(&self, request: Request<ReserveStockRequest>) -> RpcResult<Reservation> {
        let lines = self.record(request).lines;
        Ok(Response::new(reservation("r1", State::Held, lines)))
    }

    async fn get_reservation(
        &self,
        request: Request<GetReservationRequest>,
    ) -> RpcResult<Reservation> {
        let id = self.record(request).reservation_id;
        let reservation = reservation(&id, State::Held, Vec::new());
        Ok(Response::new(Reservation { revision_token: String::new(), ..reservation }))
    }

    async fn commit_reservation(
        &self,
        request: Request<CommitReservationRequest>,
    ) -> RpcResult<Reservation> {
        match self.record(request).reservation_id.as_str() {
            "expired" => Err(error(Code::FailedPrecondition, "RESERVATION_EXPIRED", "too late")),
            id => Ok(Response::new(reservation(id, State::Committed, Vec::new()))),
        }
    }

    async fn release_reservation(
        &self,
        request: Request<ReleaseReservationRequest>,
    ) -> RpcResult<Reservation> {
        let id = self.record(request).reservation_id;
        Ok(Response::new(reservation(&id, State::Released, Vec::new())))
    }
}

fn insufficient(stock_qty: i32) -> Status {
    let about = HashMap::from([("stock_qty".to_owned(), stock_qty.to_string())]);
    let details = ErrorDetails::with_error_info("INSUFFICIENT_STOCK", rpc::status::DOMAIN, about);
    Status::with_error_details(Code::FailedPrecondition, "there are not so many", details)
}

fn reservation(id: &str, state: State, lines: Vec<ReservationLine>) -> Reservation {
    Reservation {
        id: id.to_owned(),
        state: state.into(),
        lines,
        revision_token: "t4".to_owned(),
        ..Default::default()
    }
}
