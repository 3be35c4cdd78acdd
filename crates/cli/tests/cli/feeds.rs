//! Feeds that are pushed.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::Stdio,
    sync::mpsc,
    thread,
    time::{Duration, SystemTime},
};

use proto::{
    catalogue::v1::{Product, SalePeriod, product::Status},
    money,
    time::timestamp,
};
use serde_json::Value;

use super::{
    catctl,
    fake::{Server, Store},
    path, product,
};

/// A host that takes everything: its address, and the products of each request.
fn host() -> (String, mpsc::Receiver<Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/acp", listener.local_addr().unwrap());
    let (sender, requests) = mpsc::channel();
    thread::spawn(move || {
        for socket in listener.incoming() {
            let sender = sender.clone();
            thread::spawn(move || serve(socket.unwrap(), &sender));
        }
    });
    (url, requests)
}

fn serve(socket: TcpStream, requests: &mpsc::Sender<Value>) {
    let mut reader = BufReader::new(socket.try_clone().unwrap());
    let mut writer = socket;
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            match line.trim().to_ascii_lowercase().split_once(": ") {
                Some(("content-length", value)) => length = value.parse().unwrap(),
                Some(_) => {}
                None if line.trim().is_empty() => break,
                None => {}
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        requests.send(serde_json::from_slice(&body).unwrap()).ok();
        writer.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").unwrap();
    }
}

#[test]
fn a_product_is_pushed_again_when_its_sale_ends() {
    let end = SystemTime::now() + Duration::from_secs(4);
    let mug = Product {
        status: Status::Active.into(),
        price: Some(money::from_minor(900, "EUR")),
        compare_at_price: Some(money::from_minor(1_200, "EUR")),
        sale_period: Some(SalePeriod { start_time: None, end_time: Some(timestamp(end)) }),
        ..product("mug", "Mug")
    };
    let plain = Product { status: Status::Active.into(), ..product("cup", "Cup") };
    let server = Server::start(Store::with_products([mug, plain]));
    let (url, requests) = host();
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("feed.state");
    // The push goes on after a cursor: its sales may have ended meanwhile.
    let kept = serde_json::json!({ "feed": format!("{url}/feeds/f/products"), "cursor": "quiet" });
    fs::write(&state, kept.to_string()).unwrap();
    let arguments = ["feed", "push", "--feed", "f", "--url", &url, "--state", path(&state)];
    let mut pushing = catctl(&server, &arguments).stderr(Stdio::inherit()).spawn().unwrap();
    let prices = [(); 2].map(|()| {
        let request = requests.recv_timeout(Duration::from_secs(30)).unwrap();
        let products = request["products"].as_array().unwrap();
        assert_eq!(products.len(), 1, "{request}");
        products[0]["variants"][0]["price"]["amount"].as_i64().unwrap()
    });
    pushing.kill().unwrap();
    pushing.wait().unwrap();
    assert_eq!(prices, [900, 1_200]);
}
