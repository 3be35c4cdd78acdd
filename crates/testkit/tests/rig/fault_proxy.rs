//! The fault proxy.

use std::time::{Duration, Instant};

use testkit::{Fault, FaultProxy};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::timeout,
};

/// Time in which bytes on loopback certainly arrive.
const SILENCE: Duration = Duration::from_millis(200);
const TIMEOUT: Duration = Duration::from_secs(60);

#[tokio::test]
async fn without_faults_all_bytes_pass_and_connections_may_be_half_closed() {
    let (_proxy, mut client) = connect().await;
    client.write_all(b"all of it").await.unwrap();
    client.shutdown().await.unwrap();
    let mut echo = Vec::new();
    client.read_to_end(&mut echo).await.unwrap();
    assert_eq!(echo, b"all of it");
}

#[tokio::test]
async fn delayed_and_sliced_bytes_are_unchanged() {
    let (proxy, client) = connect().await;
    let slow = Duration::from_millis(5);
    proxy.set(Fault { jitter: slow, slice_bytes: Some(700), ..Fault::default() });
    let sent: Vec<u8> = (0..1_000_000_u32).map(|number| (number % 251) as u8).collect();
    let (mut read, mut write) = client.into_split();
    let expected = sent.clone();
    let sending = tokio::spawn(async move {
        write.write_all(&sent).await.unwrap();
        write.shutdown().await.unwrap();
    });
    let mut echo = Vec::new();
    timeout(TIMEOUT, read.read_to_end(&mut echo)).await.unwrap().unwrap();
    sending.await.unwrap();
    assert!(echo == expected);
}

#[tokio::test]
async fn slices_are_small() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = FaultProxy::start(listener.local_addr().unwrap(), 1).await;
    proxy.set(Fault { slice_bytes: Some(1), ..Fault::default() });
    let mut client = TcpStream::connect(proxy.addr).await.unwrap();
    let (mut server, _) = listener.accept().await.unwrap();
    client.write_all(b"abc").await.unwrap();
    let mut piece = [0; 3];
    // The proxy runs on this thread, so it cannot write again before this read.
    assert_eq!(server.read(&mut piece).await.unwrap(), 1);
}

#[tokio::test]
async fn latency_applies_in_each_direction_and_does_not_limit_throughput() {
    let (proxy, mut client) = connect().await;
    let latency = Duration::from_millis(100);
    proxy.set(Fault { latency, ..Fault::default() });
    let began = Instant::now();
    echo(&mut client, &[7; 4_000_000]).await;
    let took = began.elapsed();
    assert!(took >= 2 * latency, "{took:?}");
    // Sequential chunks would take 24 s: 244 of them at 100 ms.
    assert!(took < 100 * latency, "{took:?}");
}

#[tokio::test]
async fn stall_keeps_connections_and_buffered_bytes() {
    let (proxy, mut client) = connect().await;
    echo(&mut client, b"before").await;
    proxy.set(Fault { stall: true, ..Fault::default() });
    client.write_all(b"during").await.unwrap();
    let mut received = [0; 6];
    assert!(timeout(SILENCE, client.read_exact(&mut received)).await.is_err());
    proxy.set(Fault::default());
    timeout(TIMEOUT, client.read_exact(&mut received)).await.unwrap().unwrap();
    assert_eq!(&received, b"during");
}

#[tokio::test]
async fn connection_stalls_after_a_number_of_bytes() {
    let (proxy, mut client) = connect().await;
    proxy.set(Fault { stall_after_bytes: Some(12), ..Fault::default() });
    echo(&mut client, b"before").await;
    client.write_all(b"during").await.unwrap();
    let mut received = [0; 6];
    assert!(timeout(SILENCE, client.read_exact(&mut received)).await.is_err());
    // The count is per connection.
    echo(&mut TcpStream::connect(proxy.addr).await.unwrap(), b"hello").await;
    proxy.set(Fault::default());
    timeout(TIMEOUT, client.read_exact(&mut received)).await.unwrap().unwrap();
    assert_eq!(&received, b"during");
}

#[tokio::test]
async fn stalled_proxy_has_a_bounded_buffer() {
    let (proxy, mut client) = connect().await;
    proxy.set(Fault { stall: true, ..Fault::default() });
    let chunk = vec![0; 1 << 20];
    let mut taken = 0;
    while let Ok(written) = timeout(SILENCE, client.write(&chunk)).await {
        taken += written.unwrap();
        // Much more than the buffers of the proxy and the sockets.
        assert!(taken < 64 << 20, "{taken} bytes are buffered");
    }
}

#[tokio::test]
async fn cut_resets_open_connections_only() {
    let (proxy, mut one) = connect().await;
    let mut other = TcpStream::connect(proxy.addr).await.unwrap();
    echo(&mut one, b"hello").await;
    echo(&mut other, b"hello").await;
    proxy.cut();
    assert!(is_reset(&mut one).await);
    assert!(is_reset(&mut other).await);
    echo(&mut TcpStream::connect(proxy.addr).await.unwrap(), b"again").await;
}

#[tokio::test]
async fn connection_is_reset_after_a_number_of_bytes() {
    let (proxy, mut client) = connect().await;
    proxy.set(Fault { cut_after_bytes: Some(15), ..Fault::default() });
    echo(&mut client, b"12345").await;
    client.write_all(b"12345").await.unwrap();
    // Ten bytes from the client and five from the server have passed.
    assert!(is_reset(&mut client).await);
    // The count is per connection.
    echo(&mut TcpStream::connect(proxy.addr).await.unwrap(), b"12345").await;
}

#[tokio::test]
async fn new_connections_are_refused_and_open_ones_stay() {
    let (proxy, mut open) = connect().await;
    echo(&mut open, b"before").await;
    proxy.set(Fault { refuse: true, ..Fault::default() });
    assert!(is_reset(&mut TcpStream::connect(proxy.addr).await.unwrap()).await);
    echo(&mut open, b"still here").await;
    proxy.set(Fault::default());
    echo(&mut TcpStream::connect(proxy.addr).await.unwrap(), b"welcome").await;
}

#[tokio::test]
async fn dropped_proxy_closes_connections() {
    let (proxy, mut client) = connect().await;
    echo(&mut client, b"hello").await;
    drop(proxy);
    let mut end = Vec::new();
    timeout(TIMEOUT, client.read_to_end(&mut end)).await.unwrap().ok(); // closed or reset
    assert_eq!(end, b"");
}

/// A connection through a proxy to an echo server.
async fn connect() -> (FaultProxy, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = FaultProxy::start(listener.local_addr().unwrap(), 1).await;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut read, mut write) = stream.split();
                tokio::io::copy(&mut read, &mut write).await.ok();
                write.shutdown().await.ok();
            });
        }
    });
    let client = TcpStream::connect(proxy.addr).await.unwrap();
    (proxy, client)
}

/// Sends bytes, and reads the same back.
async fn echo(stream: &mut TcpStream, bytes: &[u8]) {
    let (mut read, mut write) = stream.split();
    let mut received = vec![0; bytes.len()];
    let both = async { tokio::try_join!(write.write_all(bytes), read.read_exact(&mut received)) };
    timeout(TIMEOUT, both).await.unwrap().unwrap();
    assert!(received == bytes);
}

/// Whether the connection ends with a reset, not with the end of the stream.
async fn is_reset(stream: &mut TcpStream) -> bool {
    let ended = timeout(TIMEOUT, stream.read(&mut [0; 64])).await.expect("the connection ends");
    ended.is_err_and(|error| error.kind() == std::io::ErrorKind::ConnectionReset)
}
