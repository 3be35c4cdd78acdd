//! Memory does not grow with the size of a response.

use testkit::{Fleet, Service, repository, shared_data};

use crate::data::{client, list_all, many};

const MEGABYTE: u64 = 1 << 20;

#[tokio::test(flavor = "multi_thread")]
async fn listing_all_products_does_not_grow_the_catalogue() {
    let mut fleet = Fleet::start().await;
    let map = repository().join("examples/icecat.toml");
    let output = match shared_data("products.jsonl.gz") {
        Some(file) => {
            let arguments = ["import", file.to_str().unwrap(), "--map", map.to_str().unwrap()];
            fleet.catctl(&arguments).await
        }
        None => {
            let file = many(fleet.dir(), 20_000);
            fleet.catctl(&["import", file.to_str().unwrap()]).await
        }
    };
    assert_eq!(output.code, Some(0), "{output:?}");
    // Measured after a restart with the data, before any call.
    fleet.process(Service::Catalogue).kill();
    fleet.restart(Service::Catalogue);
    fleet.ready(Service::Catalogue).await;
    let idle = fleet.process(Service::Catalogue).anonymous_bytes();

    let mut client = client(&fleet.addr(Service::Catalogue)).await;
    let mut peak = 0;
    for _ in 0..2 {
        let count = list_all(&mut client).await.len();
        assert!(count > 19_000, "{count}");
        peak = peak.max(fleet.process(Service::Catalogue).anonymous_bytes());
    }
    let grown = peak.saturating_sub(idle) / MEGABYTE;
    println!("idle {} MB, grown by {grown} MB", idle / MEGABYTE);
    assert!(grown <= 20, "idle {} MB, then {} MB", idle / MEGABYTE, peak / MEGABYTE);
}
