//! Thousands of open pages, half of which nobody looks at any more.

use std::time::Duration;

use anyhow::{Context as _, Result};
use proto::catalogue::v1::{
    AdjustStockRequest, CreateProductRequest, SetStockRequest,
    catalogue_service_client::CatalogueServiceClient, stock_service_client::StockServiceClient,
};
use socket2::{Domain, Socket, Type};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    task::JoinSet,
    time::timeout,
};
use tonic::transport::Endpoint;

use super::{super::catalogue::subject::product, load::at_rate};
use crate::{Figure, Fleet, Service, Setting, peak_bytes};

const PAGES: u64 = 5_000;
const PRODUCTS: u64 = 1_000;
const CHANGES_PER_SECOND: f64 = 500.0;
const TIME: Duration = Duration::from_secs(60);
/// Of those who do not read, so many follow every change rather than one product: they fall behind.
const FOLLOW_ALL: u64 = 50;
/// What every product's stock is in the end.
const LAST: i32 = 999_999;
/// For that to be read.
const PATIENCE: Duration = Duration::from_secs(20);
/// What an idle reader's socket takes in before the sender must wait, in bytes.
const SMALL: usize = 4_096;
const MEGABYTE: f64 = 1_048_576.0;

pub(super) async fn run(setting: &Setting) -> Result<Vec<Figure>> {
    let mut fleet = Fleet::start().await;
    let products = setting.count(PRODUCTS);
    let to = Endpoint::from_shared(format!("http://{}", fleet.addr(Service::Catalogue)))?;
    let channel = to.connect().await?;
    let mut catalogue = CatalogueServiceClient::new(channel.clone());
    for number in 0..products {
        let mut product = product(id(number));
        product.stock_qty = 1;
        let request = CreateProductRequest { product: Some(product), ..Default::default() };
        catalogue.create_product(request).await?;
    }
    let gateway = fleet.addr(Service::Gateway);
    let (mut reading, mut idle) = (JoinSet::new(), Vec::new());
    for number in 0..setting.count(PAGES) {
        let product_id = id(number % products);
        let follows_all = number / 2 < setting.count(FOLLOW_ALL);
        match number % 2 {
            0 => {
                reading.spawn(read(open(&gateway, &availability(&product_id), None).await?));
            }
            _ if follows_all => idle.push(open(&gateway, "/v1/changes", Some(SMALL)).await?),
            _ => idle.push(open(&gateway, &availability(&product_id), Some(SMALL)).await?),
        }
    }
    let opened = reading.len() + idle.len();
    let stock = StockServiceClient::new(channel);
    let adjust = |number: u64| {
        let mut stock = stock.clone();
        async move {
            let product_id = id(number % products);
            let request = AdjustStockRequest { product_id, delta: 1, ..Default::default() };
            stock.adjust_stock(request).await.map(drop)
        }
    };
    let changes = at_rate(CHANGES_PER_SECOND, setting.time(TIME), adjust).await;
    let failed = changes.failed().count();
    for number in 0..products {
        let product_id = id(number);
        let request = SetStockRequest { product_id, stock_qty: LAST, ..Default::default() };
        stock.clone().set_stock(request).await?;
    }
    let mut told = 0;
    while let Some(page) = reading.join_next().await {
        told += usize::from(page.context("a page is read")?);
    }
    let read = opened - idle.len();
    let memory = peak_bytes(fleet.process(Service::Gateway).id())? as f64 / MEGABYTE;
    Ok(vec![
        Figure::at_least("pages open", opened as f64, setting.count(PAGES) as f64),
        Figure::exactly("changes that failed", failed, 0),
        Figure::exactly("readers who were not told the last of their product", read - told, 0),
        Figure::at_most("gateway, MB at its peak", memory, 400.0),
    ])
}

fn availability(product_id: &str) -> String {
    format!("/v1/availability?productId={product_id}")
}

/// Opens a stream of events, and reads nothing of it yet.
async fn open(gateway: &str, path: &str, receives: Option<usize>) -> Result<TcpStream> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    if let Some(bytes) = receives {
        socket.set_recv_buffer_size(bytes)?;
    }
    socket.connect(&gateway.parse::<std::net::SocketAddr>()?.into())?;
    socket.set_nonblocking(true)?;
    let mut stream = TcpStream::from_std(socket.into())?;
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: {gateway}\r\naccept: text/event-stream\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    Ok(stream)
}

/// Reads events until one says what the last change was. Whether one did.
async fn read(page: TcpStream) -> bool {
    let wanted = format!("\"stockQty\":{LAST}");
    let mut lines = BufReader::new(page).lines();
    let until = async {
        while let Ok(Some(line)) = lines.next_line().await {
            if line.contains(&wanted) {
                return true;
            }
        }
        false
    };
    timeout(TIME * 2 + PATIENCE, until).await.unwrap_or(false)
}

fn id(number: u64) -> String {
    format!("p-{number:04}")
}
