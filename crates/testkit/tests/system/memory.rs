//! Memory that does not grow with the answer.

use testkit::{Fleet, Service, repository, shared_data};

use crate::data::{client, list_all, many};

const MEGABYTE: u64 = 1 << 20;

#[tokio::test(flavor = "multi_thread")]
async fn streaming_everything_out_does_not_grow_the_catalogue() {
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
    // Idle means idle: started anew, with the data there and nobody asking.
    fleet.process(Service::Catalogue).kill();
    fleet.restart(Service::Catalogue);
    fleet.ready(Service::Catalogue).await;
    let idle = fleet.process(Service::Catalogue).resident_bytes();

    let mut client = client(&fleet.addr(Service::Catalogue)).await;
    let mut most = 0;
    for _ in 0..2 {
        let count = list_all(&mut client).await.len();
        assert!(count > 19_000, "{count}");
        most = most.max(fleet.process(Service::Catalogue).resident_bytes());
    }
    let grown = most.saturating_sub(idle) / MEGABYTE;
    println!("idle {} MB, grown by {grown} MB", idle / MEGABYTE);
    assert!(grown <= 20, "idle {} MB, then {} MB", idle / MEGABYTE, most / MEGABYTE);
}
