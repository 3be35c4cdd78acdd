//! A round: a product, writers that race for it, and the comparison of its stock with the ledger.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures::future::try_join_all;
use proto::catalogue::v1::{CreateProductRequest, Product};
use testkit::Random;
use tokio::time::{sleep, sleep_until};

use super::{
    book::{Counts, Ledger},
    clients::{Clients, Outcome, outcome},
    kind::{Kind, SHORT},
    writer::{self, Held, Writer},
};

const WRITERS: u64 = 4;
/// Time until expired reservations must have been returned to stock.
const PATIENCE: Duration = Duration::from_secs(20);

/// Runs a round.
///
/// # Errors
/// A call failed unexpectedly.
pub(super) async fn run(
    clients: Arc<Clients>,
    number: u64,
    mut random: Random,
) -> anyhow::Result<Counts> {
    let kind = Kind::random(&mut random);
    let created = create(&clients, kind.product(number, &mut random)).await?;
    let mut ledger = Ledger::default();
    match &created.variants[..] {
        [] => ledger.add("", created.stock_qty),
        variants => variants.iter().for_each(|new| ledger.add(&new.sku, new.stock_qty)),
    }
    let path = format!("/v1/products/{}", created.id);
    let document = clients.gateway.get(&path).await?.json();
    let writers = (0..WRITERS).map(|number| {
        let random = random.branch(&format!("writer {number}"));
        Writer::new(&clients, kind, number, created.clone(), document.clone(), random).run()
    });
    let (mut counts, mut held) = (Counts { rounds: 1, ..Default::default() }, Vec::new());
    for end in try_join_all(writers).await? {
        ledger.merge(end.ledger);
        counts = counts.plus(end.counts);
        held.extend(end.held);
    }
    if kind == Kind::Expiring {
        expire(&clients, held, &mut random, &mut ledger).await?;
    }
    let began = Instant::now();
    let differences = loop {
        let differences = ledger.differences(&clients.levels(&created.id).await?);
        let may_settle = kind == Kind::Expiring && began.elapsed() < PATIENCE;
        if differences.is_empty() || !may_settle {
            break differences;
        }
        sleep(Duration::from_millis(20)).await;
    };
    for difference in &differences {
        println!("round {number} ({kind:?}): {difference}");
    }
    counts.wrong = differences.len() as u64;
    Ok(counts)
}

async fn create(clients: &Clients, product: Product) -> anyhow::Result<Product> {
    loop {
        let request = CreateProductRequest { product: Some(product.clone()), ..Default::default() };
        match outcome(clients.products().create_product(request).await, &[])? {
            Outcome::Written(created) => return Ok(created),
            Outcome::Refused | Outcome::Busy => sleep(Duration::from_millis(5)).await,
        }
    }
}

/// Commits or releases reservations about when they expire, or leaves them to that.
async fn expire(
    clients: &Clients,
    held: Vec<Held>,
    random: &mut Random,
    ledger: &mut Ledger,
) -> anyhow::Result<()> {
    for reservation in held {
        let jitter = Duration::from_millis(random.below(120));
        sleep_until((reservation.at + SHORT - Duration::from_millis(20) + jitter).into()).await;
        let Held { id, sku, quantity, .. } = reservation;
        let is_sold = match random.below(3) {
            0 => reservation_is_committed(clients, &id).await?,
            1 => {
                writer::release(clients, &id, &[]).await?;
                false
            }
            _ => false,
        };
        ledger.reserve(&sku, -quantity);
        if is_sold {
            ledger.add(&sku, -quantity);
        }
    }
    Ok(())
}

async fn reservation_is_committed(clients: &Clients, id: &str) -> anyhow::Result<bool> {
    let committed = writer::commit(clients, id, &["RESERVATION_EXPIRED"]).await?;
    Ok(matches!(committed, Outcome::Written(())))
}
