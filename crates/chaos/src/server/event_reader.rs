//! Readers of event streams over HTTP/1.1.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anyhow::{Result, ensure};
use socket2::{Domain, Socket, Type};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    time::sleep,
};
use tokio_util::task::AbortOnDropHandle;

/// Opens an event stream without reading it, optionally with this receive buffer.
pub(super) async fn open(
    gateway: &str,
    path: &str,
    receive_buffer: Option<usize>,
) -> Result<TcpStream> {
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

/// Waits until a stream has sent the cursor that it begins with, without reading it.
pub(super) async fn has_begun(stream: &TcpStream) -> Result<()> {
    let mut bytes = [0; 4_096];
    loop {
        let length = stream.peek(&mut bytes).await?;
        let received = String::from_utf8_lossy(&bytes[..length]);
        ensure!(
            received.starts_with("HTTP/1.1 200"),
            "the stream is refused or has ended: {received}"
        );
        if received.contains("\nid: ") {
            return Ok(());
        }
        sleep(Duration::from_millis(1)).await;
    }
}

/// Events received by a reader.
#[derive(Debug, Default)]
pub(super) struct Received {
    /// Whether an event has come, if only an id.
    pub(super) has_begun: bool,
    /// The request ids of the changes.
    pub(super) changes: Vec<String>,
    pub(super) resyncs: u64,
    /// The last stock.
    pub(super) stock: i64,
    /// The number of events with a stock that the product never had, or not after the one before: each
    /// change raises revision and stock by one.
    pub(super) wrong_stock: u64,
}

impl Received {
    fn on_event(&mut self, name: &str, data: &str) {
        match name {
            "change" => self.changes.extend(field(data, "requestId").map(str::to_owned)),
            "resync" => self.resyncs += 1,
            "availability" => {
                let number = |name| field(data, name).and_then(|value| value.parse::<i64>().ok());
                let (stock, revision) = (number("stockQty"), number("revision"));
                let is_right = stock == revision && stock > Some(self.stock);
                self.wrong_stock += u64::from(!is_right);
                self.stock = stock.unwrap_or(self.stock);
            }
            _ => {}
        }
    }
}

/// A task that reads a stream.
pub(super) struct Reader {
    received: Arc<Mutex<Received>>,
    _reading: AbortOnDropHandle<()>,
}

impl Reader {
    pub(super) fn start(stream: TcpStream) -> Self {
        let received = Arc::<Mutex<Received>>::default();
        let recorded = Arc::clone(&received);
        let reading = tokio::spawn(async move {
            let mut lines = BufReader::new(stream).lines();
            let mut name = String::new();
            while let Ok(Some(line)) = lines.next_line().await {
                match line.split_once(": ") {
                    Some(("event", event)) => event.clone_into(&mut name),
                    Some(("id", _)) => lock(&recorded).has_begun = true,
                    Some(("data", data)) => lock(&recorded).on_event(&name, data),
                    _ => {}
                }
            }
        });
        Self { received, _reading: AbortOnDropHandle::new(reading) }
    }

    pub(super) fn received(&self) -> MutexGuard<'_, Received> {
        lock(&self.received)
    }
}

fn lock(received: &Mutex<Received>) -> MutexGuard<'_, Received> {
    received.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The first value of a field in JSON, without quotes.
fn field<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    let start = json.find(&format!("\"{name}\":"))? + name.len() + 3;
    let value = json[start..].trim_start_matches('"');
    Some(&value[..value.find(['"', ',', '}'])?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stock_is_checked() {
        let mut received = Received::default();
        received.on_event("availability", r#"{"productId":"p","stockQty":3,"revision":"3"}"#);
        received.on_event("availability", r#"{"productId":"p","stockQty":5,"revision":"5"}"#);
        assert_eq!((received.stock, received.wrong_stock), (5, 0));
        received.on_event("availability", r#"{"productId":"p","stockQty":6,"revision":"7"}"#);
        received.on_event("availability", r#"{"productId":"p","stockQty":4,"revision":"4"}"#);
        assert_eq!(received.wrong_stock, 2);
        received.on_event("change", r#"{"op":"OP_STOCK","requestId":"change-7"}"#);
        assert_eq!(received.changes, ["change-7"]);
    }
}
