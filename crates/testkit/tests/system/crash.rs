//! Kills (SIGKILL) of services during an import: no acknowledged row is lost or duplicated.

use std::io::Write as _;

use proto::catalogue::v1::{
    BatchGetProductsRequest, ImportProductsRequest, ImportRow, Product,
    transfer_service_client::TransferServiceClient,
};
use testkit::{Fleet, Process, Service, get, program, until};

use crate::data::{channel, client, distinct, list_all, many, searchable};

const ROWS: usize = 6_000;

/// Kills `victim` after a third of the import, restarts it, and waits for the end of the import. The last
/// third of the rows is sent after that, so that the import cannot end earlier.
async fn survives(victim: Service) {
    let mut fleet = Fleet::start().await;
    let file = std::fs::read_to_string(many(fleet.dir(), ROWS)).unwrap();
    let (first, last) = file.split_at(file.len() * 2 / 3);
    let arguments = ["--server", &fleet.url(""), "import", "-"];
    let log = fleet.dir().join("import.log");
    let (mut import, mut rows) =
        Process::start_with_stdin(&program("catctl"), arguments, &log).unwrap();
    rows.write_all(first.as_bytes()).unwrap();

    let products = fleet.url("/v1/products?pageSize=1");
    until("a third is imported", async || {
        let count = get(&products).await.ok()?.json()["totalSize"].as_u64()?;
        (count as usize > ROWS / 3).then_some(())
    })
    .await;
    fleet.kill(victim);
    fleet.restart(victim);
    fleet.ready(victim).await;
    rows.write_all(last.as_bytes()).unwrap();
    drop(rows);

    let code = until("the import ends", async || import.exit_status()).await.code();
    assert_eq!(code, Some(0), "{}", import.log());
    searchable(&fleet, i32::try_from(ROWS).unwrap()).await;
    let mut client = client(&fleet.addr(Service::Gateway)).await;
    assert_eq!(distinct(&list_all(&mut client).await), ROWS);
}

#[tokio::test(flavor = "multi_thread")]
async fn import_survives_a_kill_of_the_catalogue() {
    survives(Service::Catalogue).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn import_survives_a_kill_of_search() {
    survives(Service::Search).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn import_survives_a_kill_of_the_gateway() {
    survives(Service::Gateway).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_rows_survive_a_kill() {
    let mut fleet = Fleet::start().await;
    let addr = fleet.addr(Service::Catalogue);
    let mut transfer = TransferServiceClient::new(channel(&addr).await);
    let (send, receive) = tokio::sync::mpsc::channel(4);
    let requests = stream_of(receive);
    let sender = tokio::spawn(async move {
        for batch in 0.. {
            let rows = (0..100).map(|row| row_of(batch * 100 + row)).collect();
            if send.send(ImportProductsRequest { rows, ..Default::default() }).await.is_err() {
                return;
            }
        }
    });
    let mut responses = transfer.import_products(requests).await.unwrap().into_inner();
    let mut acknowledged = 0;
    while acknowledged < 1_500 {
        acknowledged = responses.message().await.unwrap().unwrap().acknowledged_line;
    }
    fleet.kill(Service::Catalogue);
    // Responses from before the kill may still arrive.
    while let Ok(Some(response)) = responses.message().await {
        acknowledged = response.acknowledged_line;
    }
    sender.abort();

    fleet.restart(Service::Catalogue);
    fleet.ready(Service::Catalogue).await;
    let mut client = client(&addr).await;
    let ids: Vec<String> = (0..acknowledged).map(|line| row_of(line).product.unwrap().id).collect();
    for product_ids in ids.chunks(1_000) {
        let request =
            BatchGetProductsRequest { product_ids: product_ids.to_vec(), ..Default::default() };
        let response = client.batch_get_products(request).await.unwrap().into_inner();
        assert_eq!(response.missing_ids, Vec::<String>::new());
    }
}

fn row_of(number: i64) -> ImportRow {
    let product = Product {
        id: format!("row-{number}"),
        name: format!("Row {number}"),
        ..Default::default()
    };
    ImportRow { line: number + 1, product: Some(product), update_mask: None }
}

fn stream_of<T>(mut receiver: tokio::sync::mpsc::Receiver<T>) -> impl futures::Stream<Item = T> {
    futures::stream::poll_fn(move |cx| receiver.poll_recv(cx))
}
