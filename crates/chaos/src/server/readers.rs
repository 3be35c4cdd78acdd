//! Thousands of open event streams, half of which are not read.

use std::time::Duration;

use anyhow::{Context as _, Result};
use proto::catalogue::v1::{
    AdjustStockRequest, CreateProductRequest, SetStockRequest,
    catalogue_service_client::CatalogueServiceClient, stock_service_client::StockServiceClient,
};
use socket2::{Domain, Socket, Type};
use testkit::{Figure, Fleet, Service, peak_bytes};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    task::JoinSet,
    time::timeout,
};
use tonic::transport::Endpoint;

use crate::catalogue::product;
use crate::{RunConfig, load::at_rate};

const PAGES: u64 = 5_000;
const PRODUCTS: u64 = 1_000;
const CHANGES_PER_SECOND: f64 = 500.0;
const TIME: Duration = Duration::from_secs(60);
/// Number of unread streams that follow all changes instead of one product, and therefore fall behind.
const FOLLOW_ALL: u64 = 50;
/// The final stock of every product.
const LAST: i32 = 999_999;
/// Timeout until readers receive it, after the load.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Receive buffer of an unread socket in bytes: small, so that the sender soon blocks.
const SMALL_BUFFER: usize = 4_096;
const MEGABYTE: f64 = 1_048_576.0;

pub(super) async fn run(config: &RunConfig) -> Result<Vec<Figure>> {
    let mut fleet = Fleet::start().await;
    let products = config.count(PRODUCTS);
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
    let (mut reading, mut unread) = (JoinSet::new(), Vec::new());
    for number in 0..config.count(PAGES) {
        let product_id = id(number % products);
        let follows_all = number / 2 < config.count(FOLLOW_ALL);
        match number % 2 {
            0 => {
                reading.spawn(read(open(&gateway, &availability(&product_id), None).await?));
            }
            _ if follows_all => {
                unread.push(open(&gateway, "/v1/changes", Some(SMALL_BUFFER)).await?)
            }
            _ => unread.push(open(&gateway, &availability(&product_id), Some(SMALL_BUFFER)).await?),
        }
    }
    let opened = reading.len() + unread.len();
    let stock = StockServiceClient::new(channel);
    let adjust = |number: u64| {
        let mut stock = stock.clone();
        async move {
            let product_id = id(number % products);
            let request = AdjustStockRequest { product_id, delta: 1, ..Default::default() };
            stock.adjust_stock(request).await.map(drop)
        }
    };
    let changes = at_rate(CHANGES_PER_SECOND, config.time(TIME), adjust).await;
    let failed = changes.failed().count();
    for number in 0..products {
        let product_id = id(number);
        let request = SetStockRequest { product_id, stock_qty: LAST, ..Default::default() };
        stock.clone().set_stock(request).await?;
    }
    let mut received = 0;
    while let Some(page) = reading.join_next().await {
        received += usize::from(page.context("a reader panicked")?);
    }
    let read = opened - unread.len();
    let memory = peak_bytes(fleet.process(Service::Gateway).id())? as f64 / MEGABYTE;
    Ok(vec![
        Figure::at_least("open streams", opened as f64, config.count(PAGES) as f64),
        Figure::exactly("failed changes", failed, 0),
        Figure::exactly("readers without the final stock", read - received, 0),
        Figure::at_most("gateway peak memory, MB", memory, 400.0),
    ])
}

fn availability(product_id: &str) -> String {
    format!("/v1/availability?productId={product_id}")
}

/// Opens an event stream without reading it, optionally with this receive buffer.
async fn open(gateway: &str, path: &str, receive_buffer: Option<usize>) -> Result<TcpStream> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    if let Some(bytes) = receive_buffer {
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

/// Reads events until one has the final stock. Returns whether one did.
async fn read(stream: TcpStream) -> bool {
    let wanted = format!("\"stockQty\":{LAST}");
    let mut lines = BufReader::new(stream).lines();
    let until = async {
        while let Ok(Some(line)) = lines.next_line().await {
            if line.contains(&wanted) {
                return true;
            }
        }
        false
    };
    timeout(TIME * 2 + TIMEOUT, until).await.unwrap_or(false)
}

fn id(number: u64) -> String {
    format!("p-{number:04}")
}
