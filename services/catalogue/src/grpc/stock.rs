//! `StockService`: stock levels and reservations.

use chassis::CancellationToken;
use proto::catalogue::v1::{
    self as wire, AdjustStockRequest, CommitReservationRequest, GetReservationRequest,
    GetStockRequest, GetStockResponse, ReleaseReservationRequest, ReserveStockRequest,
    SetStockRequest, WatchAvailabilityRequest, WatchAvailabilityResponse,
};
use tonic::{Request, Response, Status, codegen::BoxStream};

use super::{
    availability,
    convert::{micros, stock_level, timestamp},
    min_revision, read,
    visible::{Visible, visible},
    write,
};
use crate::{
    domain::{
        Error, ItemKey, Line, ProductId, Reservation, ReservationId, ReservationState, Result, Sku,
        StockLevel, Violations,
    },
    feed::ChangeBroadcast,
    store::{AfterWrite, Store},
};

const MAX_LINES: usize = 100;

pub(super) struct Service {
    pub(super) store: Store,
    pub(super) broadcast: ChangeBroadcast,
    pub(super) shutdown: CancellationToken,
}

#[tonic::async_trait]
impl wire::stock_service_server::StockService for Service {
    async fn get_stock(
        &self,
        request: Request<GetStockRequest>,
    ) -> Result<Response<GetStockResponse>, Status> {
        min_revision::reach(&self.store, &request).await?;
        let visible = visible(&request);
        let GetStockRequest { product_id, sku, .. } = request.get_ref();
        let mut violations = Violations::default();
        let item = item("", product_id, sku, &mut violations);
        violations.check()?;
        let item = required(item)?;
        let stock = self.store.stock(item.clone()).await?;
        let product_id = &stock.total.item.product_id;
        if visible == Visible::Active && !read::is_active(&self.store, product_id).await? {
            // As for a SKU that does not exist: its product is hidden as well.
            return Err(match item {
                ItemKey::Sku(sku, _) => Error::SkuNotFound(sku),
                ItemKey::Product(id) => Error::ProductNotFound(id),
            }
            .into());
        }
        let variants = stock.variants.into_iter().map(with_on_hand).collect();
        Ok(Response::new(GetStockResponse { total: Some(with_on_hand(stock.total)), variants }))
    }

    async fn adjust_stock(
        &self,
        request: Request<AdjustStockRequest>,
    ) -> Result<Response<wire::StockLevel>, Status> {
        let (request, write) = write::parse(request, write_response)?;
        let mut violations = Violations::default();
        let item = item("", &request.product_id, &request.sku, &mut violations);
        if request.delta == 0 {
            violations.add("delta", "must not be zero");
        }
        violations.check()?;
        Ok(Response::new(self.store.adjust_stock(write, required(item)?, request.delta).await?))
    }

    async fn set_stock(
        &self,
        request: Request<SetStockRequest>,
    ) -> Result<Response<wire::StockLevel>, Status> {
        let (request, write) = write::parse(request, write_response)?;
        let mut violations = Violations::default();
        let item = item("", &request.product_id, &request.sku, &mut violations);
        if request.stock_qty < 0 {
            violations.add("stock_qty", "must not be negative");
        }
        violations.check()?;
        let SetStockRequest { stock_qty, expected_qty, .. } = request;
        let level = self.store.set_stock(write, required(item)?, stock_qty, expected_qty).await?;
        Ok(Response::new(level))
    }

    async fn reserve_stock(
        &self,
        request: Request<ReserveStockRequest>,
    ) -> Result<Response<wire::Reservation>, Status> {
        let (request, write) = write::parse(request, reservation_response)?;
        let mut violations = Violations::default();
        let lines = lines(&request.lines, &mut violations);
        let ttl = match request.ttl {
            None => Reservation::DEFAULT_TTL,
            Some(ttl) => micros(&ttl),
        };
        if !Reservation::TTL.contains(&ttl) {
            violations.add("ttl", "must be 1 second to 24 hours");
        }
        violations.check()?;
        Ok(Response::new(self.store.reserve(write, lines, ttl).await?))
    }

    async fn get_reservation(
        &self,
        request: Request<GetReservationRequest>,
    ) -> Result<Response<wire::Reservation>, Status> {
        let id = reservation_id(&request.get_ref().reservation_id)?;
        Ok(Response::new(reservation_message(self.store.reservation(id).await?)))
    }

    async fn commit_reservation(
        &self,
        request: Request<CommitReservationRequest>,
    ) -> Result<Response<wire::Reservation>, Status> {
        let (request, write) = write::parse(request, reservation_response)?;
        let id = reservation_id(&request.reservation_id)?;
        Ok(Response::new(self.store.commit_reservation(write, id).await?))
    }

    async fn release_reservation(
        &self,
        request: Request<ReleaseReservationRequest>,
    ) -> Result<Response<wire::Reservation>, Status> {
        let (request, write) = write::parse(request, reservation_response)?;
        let id = reservation_id(&request.reservation_id)?;
        Ok(Response::new(self.store.release_reservation(write, id).await?))
    }

    async fn watch_availability(
        &self,
        request: Request<WatchAvailabilityRequest>,
    ) -> Result<Response<BoxStream<WatchAvailabilityResponse>>, Status> {
        let (store, shutdown) = (self.store.clone(), self.shutdown.clone());
        let responses = availability::watch(store, &self.broadcast, shutdown, &request)?;
        Ok(Response::new(responses))
    }
}

/// Parses an item: a product by its id, a variant by its SKU, or by both. `prefix` is the path of the
/// fields, such as `lines[2].`.
fn item(prefix: &str, product_id: &str, sku: &str, violations: &mut Violations) -> Option<ItemKey> {
    let parsed_sku = match sku {
        "" => None,
        sku => Some(Sku::parse(sku).map_err(|rule| violations.add(format!("{prefix}sku"), rule))),
    };
    let parsed_id = match product_id {
        "" if parsed_sku.is_some() => None,
        id => {
            let refuse = |rule| violations.add(format!("{prefix}product_id"), rule);
            Some(ProductId::parse(id).map_err(refuse))
        }
    };
    match (parsed_id.transpose().ok()?, parsed_sku.transpose().ok()?) {
        (product_id, Some(sku)) => Some(ItemKey::Sku(sku, product_id)),
        (product_id, None) => product_id.map(ItemKey::Product),
    }
}

/// Unwraps an item after the violations have been checked.
fn required(item: Option<ItemKey>) -> Result<ItemKey> {
    item.ok_or_else(|| Error::field("product_id", "is required"))
}

fn lines(lines: &[wire::ReservationLine], violations: &mut Violations) -> Vec<(ItemKey, i32)> {
    if lines.is_empty() || lines.len() > MAX_LINES {
        violations.add("lines", format!("must be 1 to {MAX_LINES}"));
        return Vec::new();
    }
    let mut parsed = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let prefix = format!("lines[{index}].");
        let item = item(&prefix, &line.product_id, &line.sku, violations);
        if line.quantity <= 0 {
            violations.add(format!("{prefix}quantity"), "must be more than zero");
        }
        parsed.extend(item.map(|item| (item, line.quantity)));
    }
    parsed
}

fn reservation_id(id: &str) -> Result<ReservationId> {
    ReservationId::parse(id).map_err(|rule| Error::field("reservation_id", rule))
}

/// Converts the result of a write.
fn write_response(written: StockLevel, after: &AfterWrite) -> wire::StockLevel {
    let revision_token = super::position::revision_token(after.position);
    wire::StockLevel { revision_token, ..stock_level(written) }
}

/// Converts a level with a known reserved quantity.
fn with_on_hand(level: StockLevel) -> wire::StockLevel {
    let on_hand = i64::from(level.stock_qty) + level.reserved_qty;
    let on_hand_qty = Some(i32::try_from(on_hand).unwrap_or(i32::MAX));
    let reserved_qty = Some(i32::try_from(level.reserved_qty).unwrap_or(i32::MAX));
    wire::StockLevel { reserved_qty, on_hand_qty, ..stock_level(level) }
}

/// Converts the result of a write of a reservation.
fn reservation_response(reservation: Reservation, after: &AfterWrite) -> wire::Reservation {
    let revision_token = super::position::revision_token(after.position);
    wire::Reservation { revision_token, ..reservation_message(reservation) }
}

fn reservation_message(reservation: Reservation) -> wire::Reservation {
    let line = |line: Line| wire::ReservationLine {
        product_id: line.item.product_id.into(),
        sku: line.item.sku.map(String::from).unwrap_or_default(),
        quantity: line.quantity,
    };
    let state = match reservation.state {
        ReservationState::Held => wire::reservation::State::Held,
        ReservationState::Committed => wire::reservation::State::Committed,
        ReservationState::Released => wire::reservation::State::Released,
        ReservationState::Expired => wire::reservation::State::Expired,
    };
    wire::Reservation {
        id: reservation.id.into(),
        lines: reservation.lines.into_iter().map(line).collect(),
        expire_time: Some(timestamp(reservation.expires_at)),
        state: state.into(),
        revision_token: String::new(),
    }
}
