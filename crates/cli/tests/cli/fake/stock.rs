//! StockService.

use proto::catalogue::v1::{reservation::State, stock_service_server::StockService, *};
use tonic::{Code, Request, Response, Status};

use super::{ResponseStream, Store, error, not_found};

impl Store {
    fn change_stock(
        &self,
        product_id: String,
        sku: String,
        change: impl FnOnce(i32) -> Result<i32, Status>,
    ) -> Result<StockLevel, Status> {
        let product_id = if product_id.is_empty() { "of-the-sku".to_owned() } else { product_id };
        let mut products = self.products.lock().unwrap();
        let product = products.get_mut(&product_id).ok_or_else(|| not_found(&product_id))?;
        product.stock_qty = change(product.stock_qty)?;
        let stock_qty = product.stock_qty;
        Ok(StockLevel { product_id, stock_qty, sku, revision: 2, ..Default::default() })
    }

    fn reservation(&self, id: &str, state: State) -> Reservation {
        let line = |product_id: &str, sku: &str, quantity| ReservationLine {
            product_id: product_id.to_owned(),
            sku: sku.to_owned(),
            quantity,
        };
        Reservation {
            id: id.to_owned(),
            lines: vec![line("mug", "", 2), line("", "mug-blue", 1)],
            expire_time: Some(pbjson_types::Timestamp { seconds: 1_795_362_241, nanos: 0 }),
            state: state.into(),
            ..Default::default()
        }
    }
}

#[tonic::async_trait]
impl StockService for Store {
    async fn get_stock(
        &self,
        request: Request<GetStockRequest>,
    ) -> Result<Response<GetStockResponse>, Status> {
        let GetStockRequest { product_id, sku, .. } = self.record(request);
        let total = self.change_stock(product_id, String::new(), Ok)?;
        let on_hand_qty = Some(total.stock_qty + 2);
        let variant = StockLevel { sku, reserved_qty: Some(2), on_hand_qty, ..total.clone() };
        let variants = if variant.sku.is_empty() { Vec::new() } else { vec![variant] };
        Ok(Response::new(GetStockResponse { total: Some(total), variants }))
    }

    async fn adjust_stock(
        &self,
        request: Request<AdjustStockRequest>,
    ) -> Result<Response<StockLevel>, Status> {
        let request = self.record(request);
        self.once(&request.request_id, || {
            self.change_stock(request.product_id, request.sku, |stock| {
                let left = stock + request.delta;
                let message = format!("only {stock} in stock");
                match left {
                    0.. => Ok(left),
                    _ => Err(error(Code::FailedPrecondition, "INSUFFICIENT_STOCK", message)),
                }
            })
        })
    }

    async fn set_stock(
        &self,
        request: Request<SetStockRequest>,
    ) -> Result<Response<StockLevel>, Status> {
        let request = self.record(request);
        self.once(&request.request_id, || {
            self.change_stock(request.product_id, request.sku, |stock| match request.expected_qty {
                Some(expected) if expected != stock => {
                    let message = format!("there are {stock}, and not {expected}");
                    Err(error(Code::Aborted, "STOCK_CHANGED", message))
                }
                _ => Ok(request.stock_qty),
            })
        })
    }

    async fn reserve_stock(
        &self,
        request: Request<ReserveStockRequest>,
    ) -> Result<Response<Reservation>, Status> {
        let request = self.record(request);
        self.once(&request.request_id, || Ok(self.reservation("r-1", State::Held)))
    }

    async fn get_reservation(
        &self,
        request: Request<GetReservationRequest>,
    ) -> Result<Response<Reservation>, Status> {
        let id = self.record(request).reservation_id;
        Ok(Response::new(self.reservation(&id, State::Held)))
    }

    async fn commit_reservation(
        &self,
        request: Request<CommitReservationRequest>,
    ) -> Result<Response<Reservation>, Status> {
        let request = self.record(request);
        self.once(&request.request_id, || {
            Ok(self.reservation(&request.reservation_id, State::Committed))
        })
    }

    async fn release_reservation(
        &self,
        request: Request<ReleaseReservationRequest>,
    ) -> Result<Response<Reservation>, Status> {
        let request = self.record(request);
        self.once(&request.request_id, || {
            Ok(self.reservation(&request.reservation_id, State::Released))
        })
    }

    async fn watch_availability(
        &self,
        _: Request<WatchAvailabilityRequest>,
    ) -> Result<Response<ResponseStream<WatchAvailabilityResponse>>, Status> {
        Err(Status::unimplemented("catctl does not watch stock this way"))
    }
}
