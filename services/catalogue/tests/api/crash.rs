//! Kills with SIGKILL: acknowledged writes survive, and none is applied twice.

use std::process::Stdio;

use proto::catalogue::v1::{
    AdjustStockRequest, CreateProductRequest, GetStockRequest, ImportProductsRequest, ImportRow,
    ListProductsRequest, StockLevel, catalogue_service_client::CatalogueServiceClient,
    stock_service_client::StockServiceClient, transfer_service_client::TransferServiceClient,
};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    sync::mpsc,
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;

use crate::support::{Data, product, soon};

/// A catalogue in a separate process.
pub(crate) struct Process {
    child: Child,
    pub(crate) channel: Channel,
}

impl Process {
    async fn start(data: &Data) -> Self {
        Self::spawn(Command::new(env!("CARGO_BIN_EXE_catalogue")), data).await
    }

    /// Starts one with files of at most this many blocks of 512 bytes.
    #[allow(dead_code, reason = "used on SQLite only")]
    pub(crate) async fn start_with_file_limit(data: &Data, blocks: u32) -> Self {
        let mut shell = Command::new("sh");
        let limited = format!("ulimit -f {blocks}; exec \"$0\" \"$@\"");
        shell.args(["-c", &limited, env!("CARGO_BIN_EXE_catalogue")]);
        Self::spawn(shell, data).await
    }

    async fn spawn(mut command: Command, data: &Data) -> Self {
        command
            .args(["--listen=127.0.0.1:0", "--admin=127.0.0.1:0", "--log-format=json"])
            .args(["--threads=1", "--log=info", "--data-dir"])
            .arg(data.path())
            .env_remove("DATABASE_URL")
            .env_remove("DATABASE_READ_URL");
        if let Some(url) = data.url() {
            command.env("DATABASE_URL", url);
        }
        let mut child =
            command.stdin(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let addr = soon(async {
            loop {
                let line = lines.next_line().await.unwrap().expect("it says where it serves");
                let said: serde_json::Value = serde_json::from_str(&line).expect("a log line");
                if let Some(addr) = said["addr"].as_str() {
                    return addr.to_owned();
                }
            }
        });
        let url = format!("http://{}", addr.await);
        let channel = Channel::from_shared(url).unwrap().connect().await.unwrap();
        // Drained, so that later output does not block on a full pipe.
        tokio::spawn(async move { while let Ok(Some(_line)) = lines.next_line().await {} });
        Self { child, channel }
    }

    async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// All ids, in order.
    async fn ids(&self) -> Vec<String> {
        let mut products = CatalogueServiceClient::new(self.channel.clone());
        let list = products.list_products(ListProductsRequest::default()).await;
        let mut list = list.unwrap().into_inner();
        let mut ids = Vec::new();
        while let Some(product) = soon(list.message()).await.unwrap() {
            ids.push(product.id);
        }
        ids
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_writes_survive_a_kill() {
    let data = Data::new().await;
    let (mut expected, mut stock, mut number) = (Vec::new(), 0, 0);
    for round in 0..4 {
        let process = Process::start(&data).await;
        let present = process.ids().await;
        // Only the interrupted call may have had either outcome.
        assert!(present.len() <= expected.len() + round);
        assert!(expected.iter().all(|id| present.contains(id)), "{expected:?} in {present:?}");
        expected = present;
        let (acks, mut acked) = mpsc::unbounded_channel();
        let channel = process.channel.clone();
        let first = number;
        let writer = tokio::spawn(async move {
            let mut products = CatalogueServiceClient::new(channel.clone());
            let mut levels = StockServiceClient::new(channel);
            for number in first.. {
                let id = format!("p-{number:05}");
                let create =
                    CreateProductRequest { product: Some(product(&id)), ..Default::default() };
                let Ok(_created) = products.create_product(create).await else { return };
                acks.send(id).ok();
                let adjust = AdjustStockRequest {
                    product_id: "p-00000".to_owned(),
                    delta: 1,
                    ..Default::default()
                };
                let Ok(level) = levels.adjust_stock(adjust).await else { return };
                acks.send(format!("{}", level.get_ref().stock_qty)).ok();
            }
        });
        let mut seen = 0;
        while let Some(ack) = soon(acked.recv()).await {
            if ack.starts_with("p-") {
                expected.push(ack);
            } else {
                let level: i32 = ack.parse().unwrap();
                // One adjustment may have been stored without an acknowledgement.
                assert!((stock + 1..=stock + 2).contains(&level), "{level} after {stock}");
                stock = level;
            }
            seen += 1;
            if seen == 9 + round {
                break;
            }
        }
        process.kill().await;
        writer.await.unwrap();
        while let Some(ack) = acked.recv().await {
            match ack.parse() {
                Ok(level) => stock = level,
                Err(_) => expected.push(ack),
            }
        }
        number += 1_000;
    }
}

/// Takes one of "mug" repeatedly until the process is killed, starting with the call that had no
/// response before. Returns the first call without a response.
async fn take_until_killed(channel: Channel, taker: usize, first: u32) -> u32 {
    let mut stock = StockServiceClient::new(channel);
    let mut last: Option<(AdjustStockRequest, StockLevel)> = None;
    for number in first.. {
        let request = AdjustStockRequest {
            product_id: "mug".to_owned(),
            delta: 1,
            request_id: format!("{taker}-{number}"),
            ..Default::default()
        };
        let Ok(level) = stock.adjust_stock(request.clone()).await else { return number };
        let level = level.into_inner();
        if let Some((request, answered)) = last.take() {
            // Repeats a call that has a response: it gets the same response, or none any more.
            let Ok(again) = stock.adjust_stock(request).await else { return number + 1 };
            assert_eq!(again.into_inner(), answered);
        }
        last = Some((request, level));
    }
    unreachable!("numbers do not end")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_retried_after_a_kill_is_applied_once() {
    const KILLS: i32 = 5;
    const TAKERS: usize = 6;
    let data = Data::new().await;
    let mut next = [0; TAKERS];
    for round in 0..=KILLS {
        let process = Process::start(&data).await;
        let mut stock = StockServiceClient::new(process.channel.clone());
        let get = GetStockRequest { product_id: "mug".to_owned(), ..Default::default() };
        let answered: i32 = next.iter().sum();
        if round == 0 {
            let mug = CreateProductRequest { product: Some(product("mug")), ..Default::default() };
            CatalogueServiceClient::new(process.channel.clone()).create_product(mug).await.unwrap();
        } else {
            let total = stock.get_stock(get.clone()).await.unwrap().into_inner().total.unwrap();
            // A call without a response may have been applied or not.
            let most = answered + i32::try_from(TAKERS).unwrap();
            assert!((answered..=most).contains(&total.stock_qty), "{total:?} of {answered}");
        }
        let takers: Vec<_> = (0..TAKERS)
            .map(|taker| {
                let first = u32::try_from(next[taker]).unwrap();
                tokio::spawn(take_until_killed(process.channel.clone(), taker, first))
            })
            .collect();
        // Kills at different times, with writes in progress.
        let wanted = answered + 20 + round * 7;
        soon(async {
            let level = async |stock: &mut StockServiceClient<Channel>| {
                stock.get_stock(get.clone()).await.unwrap().into_inner().total.unwrap().stock_qty
            };
            while level(&mut stock).await < wanted {}
        })
        .await;
        process.kill().await;
        for (next, taker) in next.iter_mut().zip(takers) {
            *next = i32::try_from(soon(taker).await.unwrap()).unwrap();
        }
    }
    // Every call has a response once the last one is repeated.
    let process = Process::start(&data).await;
    let mut stock = StockServiceClient::new(process.channel.clone());
    let mut levels = Vec::new();
    for (taker, number) in next.iter().enumerate() {
        let request = AdjustStockRequest {
            product_id: "mug".to_owned(),
            delta: 1,
            request_id: format!("{taker}-{number}"),
            ..Default::default()
        };
        levels.push(stock.adjust_stock(request).await.unwrap().into_inner().stock_qty);
    }
    let expected: i32 = next.iter().map(|next| next + 1).sum();
    let get = GetStockRequest { product_id: "mug".to_owned(), ..Default::default() };
    let total = stock.get_stock(get).await.unwrap().into_inner().total.unwrap();
    assert_eq!(total.stock_qty, expected, "{next:?} {levels:?}");
    process.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_import_resumes_after_the_acknowledged_rows() {
    let data = Data::new().await;
    let process = Process::start(&data).await;
    let row = |line: i64| ImportRow {
        line,
        product: Some(product(&format!("p-{line:05}"))),
        update_mask: None,
    };
    let message = |lines: std::ops::Range<i64>| ImportProductsRequest {
        rows: lines.map(row).collect(),
        ..Default::default()
    };
    let (rows, requests) = mpsc::channel(4);
    for start in 0..4 {
        rows.send(message(start * 500 + 1..start * 500 + 501)).await.unwrap();
    }
    let mut transfer = TransferServiceClient::new(process.channel.clone());
    let answers = transfer.import_products(ReceiverStream::new(requests)).await;
    let mut answers = answers.unwrap().into_inner();
    let mut settled = soon(answers.message()).await.unwrap().unwrap().acknowledged_line;
    process.kill().await;
    while let Ok(Some(answer)) = soon(answers.message()).await {
        settled = answer.acknowledged_line;
    }

    let process = Process::start(&data).await;
    assert!(process.ids().await.len() >= usize::try_from(settled).unwrap());
    let mut transfer = TransferServiceClient::new(process.channel.clone());
    let starts = (settled + 1..2_001).step_by(500);
    let rest: Vec<_> = starts.map(|start| message(start..2_001.min(start + 500))).collect();
    let rest = tokio_stream::iter(rest);
    let mut answers = transfer.import_products(rest).await.unwrap().into_inner();
    let mut last = None;
    while let Some(answer) = soon(answers.message()).await.unwrap() {
        last = Some(answer);
    }
    let last = last.unwrap();
    assert_eq!((last.updated, last.rejected), (0, 0));
    let expected: Vec<_> = (1..2_001).map(|line| format!("p-{line:05}")).collect();
    assert_eq!(process.ids().await, expected);
    process.kill().await;
}
