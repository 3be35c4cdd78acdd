//! Reservations: all lines or none, and no stock lost or gained.

use std::{collections::HashMap, time::Duration};

use pbjson_types::{Duration as WireDuration, FieldMask};
use proto::catalogue::v1::stock_service_client::StockServiceClient;
use proto::catalogue::v1::{
    CommitReservationRequest, DeleteProductRequest, GetReservationRequest, Product,
    ReleaseReservationRequest, Reservation, ReservationLine, ReserveStockRequest, StockLevel,
    UpdateProductRequest, product::Status as ProductStatus, reservation::State,
};
use tonic::{Code, Status, transport::Channel};

use crate::{
    stock::{adjust, shirt, stock_of},
    support::{Catalogue, assert_fields, assert_invalid, assert_refused, product, soon},
};

/// Creates a mug with a stock of ten, and a shirt of two sizes with five each.
async fn start() -> Catalogue {
    let catalogue = Catalogue::start().await;
    catalogue.create(Product { stock_qty: 10, ..product("mug") }).await;
    catalogue.create(shirt(&[5, 5])).await;
    catalogue
}

fn line(product_id: &str, sku: &str, quantity: i32) -> ReservationLine {
    ReservationLine { product_id: product_id.to_owned(), sku: sku.to_owned(), quantity }
}

fn request(lines: &[ReservationLine]) -> ReserveStockRequest {
    ReserveStockRequest { lines: lines.to_vec(), ..Default::default() }
}

fn short(lines: &[ReservationLine]) -> ReserveStockRequest {
    let ttl = Some(WireDuration { seconds: 1, nanos: 0 });
    ReserveStockRequest { ttl, ..request(lines) }
}

async fn reserve(
    catalogue: &Catalogue,
    request: ReserveStockRequest,
) -> Result<Reservation, Status> {
    Ok(catalogue.stock().reserve_stock(request).await?.into_inner())
}

async fn commit(catalogue: &Catalogue, id: &str) -> Result<Reservation, Status> {
    let reservation_id = id.to_owned();
    let request = CommitReservationRequest { reservation_id, ..Default::default() };
    Ok(catalogue.stock().commit_reservation(request).await?.into_inner())
}

async fn release(catalogue: &Catalogue, id: &str) -> Result<Reservation, Status> {
    let reservation_id = id.to_owned();
    let request = ReleaseReservationRequest { reservation_id, ..Default::default() };
    Ok(catalogue.stock().release_reservation(request).await?.into_inner())
}

async fn read(catalogue: &Catalogue, id: &str) -> Result<Reservation, Status> {
    let request = GetReservationRequest { reservation_id: id.to_owned() };
    Ok(catalogue.stock().get_reservation(request).await?.into_inner())
}

/// A reservation as reads return it.
fn without_token(written: &Reservation) -> Reservation {
    Reservation { revision_token: String::new(), ..written.clone() }
}

/// Available and reserved stock.
async fn level(catalogue: &Catalogue, id: &str) -> (i32, i32) {
    let total = stock_of(catalogue, id, "").await.unwrap().total.unwrap();
    (total.stock_qty, total.reserved_qty.unwrap())
}

async fn wait_for(catalogue: &Catalogue, id: &str, expected: (i32, i32)) {
    soon(async {
        while level(catalogue, id).await != expected {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reserved_stock_is_unavailable_until_it_is_sold_or_released() {
    let catalogue = start().await;
    let lines = [line("mug", "", 3), line("", "shirt/1", 2)];
    let held = reserve(&catalogue, request(&lines)).await.unwrap();
    assert_eq!(held.state(), State::Held);
    assert_eq!(held.lines, [line("mug", "", 3), line("shirt", "shirt/1", 2)]);
    assert_eq!(read(&catalogue, &held.id).await.unwrap(), without_token(&held));
    assert!(held.expire_time.is_some() && !held.revision_token.is_empty());
    assert_eq!(level(&catalogue, "mug").await, (7, 3));
    let stock = stock_of(&catalogue, "shirt", "").await.unwrap();
    let levels: Vec<_> =
        stock.variants.iter().map(|level| (level.stock_qty, level.reserved_qty.unwrap())).collect();
    assert_eq!(levels, [(5, 0), (3, 2)]);
    let on_hand = |level: &StockLevel| level.on_hand_qty;
    assert_eq!(stock.variants.iter().map(on_hand).collect::<Vec<_>>(), [Some(5), Some(5)]);
    assert_eq!(stock.total.as_ref().and_then(on_hand), Some(10));

    let sold = commit(&catalogue, &held.id).await.unwrap();
    assert_eq!((sold.state(), &sold.lines), (State::Committed, &held.lines));
    assert_eq!(read(&catalogue, &held.id).await.unwrap(), without_token(&sold));
    assert_eq!(level(&catalogue, "mug").await, (7, 0));
    assert_eq!(level(&catalogue, "shirt").await, (8, 0));

    let held = reserve(&catalogue, request(&lines)).await.unwrap();
    let back = release(&catalogue, &held.id).await.unwrap();
    assert_eq!(back.state(), State::Released);
    assert_eq!(level(&catalogue, "mug").await, (7, 0));
    assert_eq!(level(&catalogue, "shirt").await, (8, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reservation_ends_once() {
    let catalogue = start().await;
    let lines = [line("mug", "", 3)];
    let sold = reserve(&catalogue, request(&lines)).await.unwrap();
    for _again in 0..2 {
        assert_eq!(commit(&catalogue, &sold.id).await.unwrap().state(), State::Committed);
    }
    let refused = release(&catalogue, &sold.id).await;
    assert_refused(refused, Code::FailedPrecondition, "RESERVATION_COMMITTED");
    assert_eq!(level(&catalogue, "mug").await, (7, 0));

    let back = reserve(&catalogue, request(&lines)).await.unwrap();
    for _again in 0..2 {
        assert_eq!(release(&catalogue, &back.id).await.unwrap().state(), State::Released);
    }
    let refused = commit(&catalogue, &back.id).await;
    assert_refused(refused, Code::FailedPrecondition, "RESERVATION_RELEASED");
    assert_eq!(level(&catalogue, "mug").await, (7, 0));

    let unknown = commit(&catalogue, "unknown").await;
    assert_refused(unknown, Code::NotFound, "RESERVATION_NOT_FOUND");
    let unknown = read(&catalogue, "unknown").await;
    assert_refused(unknown, Code::NotFound, "RESERVATION_NOT_FOUND");
    assert_invalid(read(&catalogue, "").await, &["reservation_id"]);
    assert_invalid(release(&catalogue, "").await, &["reservation_id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reservation_expires() {
    let catalogue = start().await;
    let lines = [line("mug", "", 10), line("", "shirt/0", 5)];
    let held = reserve(&catalogue, short(&lines)).await.unwrap();
    assert_eq!(level(&catalogue, "mug").await, (0, 10));
    wait_for(&catalogue, "mug", (10, 0)).await;
    assert_eq!(level(&catalogue, "shirt").await, (10, 0));
    assert_eq!(read(&catalogue, &held.id).await.unwrap().state(), State::Expired);
    let refused = commit(&catalogue, &held.id).await;
    assert_refused(refused, Code::FailedPrecondition, "RESERVATION_EXPIRED");
    assert_eq!(release(&catalogue, &held.id).await.unwrap().state(), State::Expired);
    assert_eq!(level(&catalogue, "mug").await, (10, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reservation_holds_all_lines_or_none() {
    let catalogue = start().await;
    let lines = [line("mug", "", 3), line("", "shirt/0", 5), line("", "shirt/1", 6)];
    let refused = reserve(&catalogue, request(&lines)).await;
    let refused = assert_refused(refused, Code::FailedPrecondition, "INSUFFICIENT_STOCK");
    assert!(refused.message().contains("sku shirt/1"), "{refused:?}");
    let unknown = reserve(&catalogue, request(&[line("mug", "", 3), line("no", "", 1)])).await;
    assert_refused(unknown, Code::NotFound, "PRODUCT_NOT_FOUND");
    let whole = reserve(&catalogue, request(&[line("mug", "", 3), line("shirt", "", 1)])).await;
    assert_fields(whole, "SKU_REQUIRED", &["lines[1].sku"]);
    assert_eq!(level(&catalogue, "mug").await, (10, 0));
    assert_eq!(level(&catalogue, "shirt").await, (10, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_for_sale_is_reserved() {
    let catalogue = start().await;
    let held = reserve(&catalogue, request(&[line("mug", "", 1)])).await.unwrap();
    let sold = reserve(&catalogue, request(&[line("", "shirt/0", 1)])).await.unwrap();
    let set_status = async |id: &str, status: ProductStatus| {
        let product = Some(Product { status: status.into(), ..product(id) });
        let update_mask = Some(FieldMask { paths: vec!["status".to_owned()] });
        let request = UpdateProductRequest { product, update_mask, ..Default::default() };
        catalogue.products().update_product(request).await.unwrap();
    };
    for (status, state) in
        [(ProductStatus::Draft, "a draft"), (ProductStatus::Archived, "archived")]
    {
        for (id, sku) in [("mug", ""), ("shirt", "shirt/0")] {
            set_status(id, status).await;
            // More than there are, too: it is no question of how many.
            for quantity in [1, 99] {
                let refused = reserve(&catalogue, request(&[line(id, sku, quantity)])).await;
                let refused =
                    assert_refused(refused, Code::FailedPrecondition, "PRODUCT_NOT_FOR_SALE");
                assert!(refused.message().ends_with(state), "{refused:?}");
            }
        }
    }
    assert_eq!(
        (level(&catalogue, "mug").await, level(&catalogue, "shirt").await),
        ((9, 1), (9, 1))
    );
    // Promises made while it was for sale are kept, and its stock can be changed.
    release(&catalogue, &held.id).await.unwrap();
    commit(&catalogue, &sold.id).await.unwrap();
    adjust(&catalogue, "mug", 2).await.unwrap();
    assert_eq!(
        (level(&catalogue, "mug").await, level(&catalogue, "shirt").await),
        ((12, 0), (9, 0))
    );

    set_status("mug", ProductStatus::Active).await;
    let delete = DeleteProductRequest { product_id: "mug".to_owned(), ..Default::default() };
    catalogue.products().delete_product(delete).await.unwrap();
    let refused = reserve(&catalogue, request(&[line("mug", "", 1)])).await;
    let refused = assert_refused(refused, Code::FailedPrecondition, "PRODUCT_NOT_FOR_SALE");
    assert!(refused.message().ends_with("deleted"), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_reservations_are_refused() {
    let catalogue = start().await;
    assert_invalid(reserve(&catalogue, request(&[])).await, &["lines"]);
    let many: Vec<_> = (0..101).map(|number| line(&format!("p-{number}"), "", 1)).collect();
    assert_invalid(reserve(&catalogue, request(&many)).await, &["lines"]);
    let bad = [line("", "", 1), line("mug", "", 0), line("mug", "a b", -1)];
    let fields = ["lines[0].product_id", "lines[1].quantity", "lines[2].sku", "lines[2].quantity"];
    assert_invalid(reserve(&catalogue, request(&bad)).await, &fields);
    let twice = [line("mug", "", 1), line("", "shirt/1", 1), line("shirt", "shirt/1", 1)];
    assert_invalid(reserve(&catalogue, request(&twice)).await, &["lines[2]"]);
    for (seconds, nanos) in [(0, 999_999_999), (86_400, 1_000), (-5, 0), (i64::MAX, 0)] {
        let ttl = Some(WireDuration { seconds, nanos });
        let request = ReserveStockRequest { ttl, ..request(&[line("mug", "", 1)]) };
        assert_invalid(reserve(&catalogue, request).await, &["ttl"]);
    }
    assert_eq!(level(&catalogue, "mug").await, (10, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reservation_can_be_validated_and_repeated() {
    let catalogue = start().await;
    let request = ReserveStockRequest {
        request_id: "cart-1".to_owned(),
        validate_only: true,
        ..request(&[line("mug", "", 4)])
    };
    let would_be = reserve(&catalogue, request.clone()).await.unwrap();
    assert_eq!((would_be.state(), level(&catalogue, "mug").await), (State::Held, (10, 0)));
    let unknown = commit(&catalogue, &would_be.id).await;
    assert_refused(unknown, Code::NotFound, "RESERVATION_NOT_FOUND");
    let request = ReserveStockRequest { validate_only: false, ..request };
    let held = reserve(&catalogue, request.clone()).await.unwrap();
    assert_eq!(reserve(&catalogue, request).await.unwrap(), held);
    assert_eq!(level(&catalogue, "mug").await, (6, 4));
}

#[tokio::test(flavor = "multi_thread")]
async fn stock_is_not_returned_to_a_purged_product() {
    let catalogue = start().await;
    let held = reserve(&catalogue, request(&[line("mug", "", 3)])).await.unwrap();
    let delete =
        DeleteProductRequest { product_id: "mug".to_owned(), purge: true, ..Default::default() };
    catalogue.products().delete_product(delete).await.unwrap();
    // Another product with the same id is not affected.
    catalogue.create(Product { stock_qty: 1, ..product("mug") }).await;
    assert_eq!(level(&catalogue, "mug").await, (1, 0));
    release(&catalogue, &held.id).await.unwrap();
    assert_eq!(level(&catalogue, "mug").await, (1, 0));
}

/// How the race below ends a reservation.
#[derive(Clone, Copy)]
enum Fate {
    Commit,
    Release,
    /// Two calls at the same time: one succeeds, or both get the same response.
    Both,
    Expire,
}

/// Ends a reservation in one of these ways. Returns whether it was committed.
async fn settle(
    stock: &mut StockServiceClient<Channel>,
    reservation_id: String,
    fate: &Fate,
) -> bool {
    let mut other = stock.clone();
    let id = reservation_id.clone();
    let commit = CommitReservationRequest { reservation_id: id, ..Default::default() };
    let release = ReleaseReservationRequest { reservation_id, ..Default::default() };
    match fate {
        Fate::Commit => stock.commit_reservation(commit).await.is_ok(),
        Fate::Release => {
            stock.release_reservation(release).await.unwrap();
            false
        }
        Fate::Both => {
            let both =
                tokio::join!(stock.commit_reservation(commit), other.release_reservation(release));
            // One call succeeds. The other is refused, or both are because the reservation has
            // expired.
            assert!(both.0.is_ok() != both.1.is_ok(), "{both:?}");
            both.0.is_ok()
        }
        Fate::Expire => false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_reservations_neither_lose_nor_gain_stock() {
    let catalogue = start().await;
    let items = [("mug", ""), ("shirt", "shirt/0"), ("shirt", "shirt/1")];
    let fates = [Fate::Commit, Fate::Release, Fate::Release, Fate::Both, Fate::Expire];
    let race = |task: usize| {
        let mut stock = catalogue.stock();
        tokio::spawn(async move {
            let mut sold: HashMap<&str, i32> = HashMap::new();
            for round in 0..10 {
                // Every pair of items, in either order.
                let (first, second) = (items[(task + round) % 3], items[(task * 2 + round) % 3]);
                let mut wanted = vec![(first, 1)];
                if second != first {
                    wanted.push((second, 2));
                }
                let lines: Vec<_> =
                    wanted.iter().map(|((id, sku), count)| line(id, sku, *count)).collect();
                let held = match stock.reserve_stock(short(&lines)).await {
                    Ok(held) => held.into_inner(),
                    Err(refusal) => {
                        assert_eq!(refusal.code(), Code::FailedPrecondition, "{refusal:?}");
                        continue;
                    }
                };
                let fate = &fates[(task + round * 3) % fates.len()];
                let committed = settle(&mut stock, held.id, fate).await;
                for ((id, _), count) in wanted.into_iter().filter(|_| committed) {
                    *sold.entry(id).or_default() += count;
                }
            }
            sold
        })
    };
    let tasks: Vec<_> = (0..8).map(race).collect();
    let mut sold: HashMap<&str, i32> = HashMap::new();
    for task in tasks {
        for (id, count) in soon(task).await.unwrap() {
            *sold.entry(id).or_default() += count;
        }
    }
    for id in ["mug", "shirt"] {
        // The remaining reservations expire.
        wait_for(&catalogue, id, (10 - sold.get(id).copied().unwrap_or(0), 0)).await;
    }
    let shirt = stock_of(&catalogue, "shirt", "").await.unwrap();
    let sum: i32 = shirt.variants.iter().map(|level| level.stock_qty).sum();
    assert_eq!(shirt.total.unwrap().stock_qty, sum);
}
