//! `StockService`: how many there are, and goods held for a while.

use chassis::CancellationToken;
use proto::catalogue::v1::{
    self as wire, AdjustStockRequest, CommitReservationRequest, GetStockRequest, GetStockResponse,
    ReleaseReservationRequest, ReserveStockRequest, SetStockRequest, WatchAvailabilityRequest,
    WatchAvailabilityResponse,
};
use tonic::{Request, Response, Status, codegen::BoxStream};

use super::{availability, convert::timestamp, revision, write};
use crate::{
    domain::{
        AskedItem, Error, Line, Micros, ProductId, Reservation, ReservationId, ReservationState,
        Result, Sku, StockLevel, Violations,
    },
    feed::News,
    store::{Done, Store},
};

const MAX_LINES: usize = 100;
/// How long a reservation holds when its request does not say.
const DEFAULT_TTL: Micros = 15 * 60 * 1_000_000;
const MIN_TTL: Micros = 1_000_000;
const MAX_TTL: Micros = 24 * 60 * 60 * 1_000_000;

pub(super) struct Service {
    pub(super) store: Store,
    pub(super) news: News,
    pub(super) shutdown: CancellationToken,
}

#[tonic::async_trait]
impl wire::stock_service_server::StockService for Service {
    async fn get_stock(
        &self,
        request: Request<GetStockRequest>,
    ) -> Result<Response<GetStockResponse>, Status> {
        revision::reach(&self.store, &request).await?;
        let GetStockRequest { product_id, sku, .. } = request.get_ref();
        let mut violations = Violations::default();
        let item = item("", product_id, sku, &mut violations);
        violations.check()?;
        let stock = self.store.stock(required(item)?).await?;
        let variants = stock.variants.into_iter().map(level).collect();
        Ok(Response::new(GetStockResponse { total: Some(level(stock.total)), variants }))
    }

    async fn adjust_stock(
        &self,
        request: Request<AdjustStockRequest>,
    ) -> Result<Response<wire::StockLevel>, Status> {
        let (request, write) = write::parse(request, written)?;
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
        let (request, write) = write::parse(request, written)?;
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
        let (request, write) = write::parse(request, reservation)?;
        let mut violations = Violations::default();
        let lines = lines(&request.lines, &mut violations);
        let ttl = match request.ttl {
            None => DEFAULT_TTL,
            Some(ttl) => micros(&ttl),
        };
        if !(MIN_TTL..=MAX_TTL).contains(&ttl) {
            violations.add("ttl", "must be 1 second to 24 hours");
        }
        violations.check()?;
        Ok(Response::new(self.store.reserve(write, lines, ttl).await?))
    }

    async fn commit_reservation(
        &self,
        request: Request<CommitReservationRequest>,
    ) -> Result<Response<wire::Reservation>, Status> {
        let (request, write) = write::parse(request, reservation)?;
        let id = reservation_id(&request.reservation_id)?;
        Ok(Response::new(self.store.commit_reservation(write, id).await?))
    }

    async fn release_reservation(
        &self,
        request: Request<ReleaseReservationRequest>,
    ) -> Result<Response<wire::Reservation>, Status> {
        let (request, write) = write::parse(request, reservation)?;
        let id = reservation_id(&request.reservation_id)?;
        Ok(Response::new(self.store.release_reservation(write, id).await?))
    }

    async fn watch_availability(
        &self,
        request: Request<WatchAvailabilityRequest>,
    ) -> Result<Response<BoxStream<WatchAvailabilityResponse>>, Status> {
        let (store, shutdown) = (self.store.clone(), self.shutdown.clone());
        let answers = availability::watch(store, &self.news, shutdown, &request)?;
        Ok(Response::new(answers))
    }
}

/// What is asked for: a product by its id, a variant by its sku, or by both. `prefix` is where the
/// fields are, such as `lines[2].`.
fn item(
    prefix: &str,
    product_id: &str,
    sku: &str,
    violations: &mut Violations,
) -> Option<AskedItem> {
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
        (product_id, Some(sku)) => Some(AskedItem::Sku(sku, product_id)),
        (product_id, None) => product_id.map(AskedItem::Product),
    }
}

/// Behind a check that has found nothing to refuse.
fn required(item: Option<AskedItem>) -> Result<AskedItem> {
    item.ok_or_else(|| Error::field("product_id", "is required"))
}

fn lines(lines: &[wire::ReservationLine], violations: &mut Violations) -> Vec<(AskedItem, i32)> {
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

/// Rounded down, and as long as can be at most.
fn micros(duration: &pbjson_types::Duration) -> Micros {
    let whole = duration.seconds.saturating_mul(1_000_000);
    whole.saturating_add(i64::from(duration.nanos) / 1_000)
}

/// A level as clients see it.
pub(super) fn level(level: StockLevel) -> wire::StockLevel {
    wire::StockLevel {
        product_id: level.item.product_id.into(),
        sku: level.item.sku.map(String::from).unwrap_or_default(),
        stock_qty: level.stock_qty,
        revision: level.revision,
        reserved_qty: i32::try_from(level.reserved_qty).unwrap_or(i32::MAX),
        ..Default::default()
    }
}

/// A stock as a write leaves it.
fn written(written: StockLevel, done: &Done) -> wire::StockLevel {
    let revision_token = done.position.encode(b"");
    wire::StockLevel { revision_token, reserved_qty: 0, ..level(written) }
}

/// A reservation as a write leaves it.
fn reservation(reservation: Reservation, done: &Done) -> wire::Reservation {
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
        revision_token: done.position.encode(b""),
    }
}
