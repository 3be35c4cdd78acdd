//! A client of gRPC and JSON of low CPU cost, for load generators: h2 with encoded messages.

use std::time::Duration;

use bytes::{BufMut as _, Bytes, BytesMut};
use h2::client::SendRequest;
use http::{HeaderMap, HeaderValue, Request, StatusCode, Uri, header};
use tokio::net::TcpStream;
use tonic::Status;

/// The overhead of unread small DATA frames at which h2 closes a connection, in bytes. Each small message is such a frame:
/// with the default, a few hundred responses that come together end a generator's connection.
const UNREAD_FRAMES: usize = 128 << 20;

/// Bytes of responses that may be on their way, so that a response does not wait for the client to ask for more.
const STREAM_WINDOW: u32 = 1 << 20;
const CONNECTION_WINDOW: u32 = 4 << 20;

/// A response as it was sent.
#[derive(Debug)]
pub struct GrpcResponse {
    /// Headers.
    pub headers: HeaderMap,
    /// All messages behind their prefixes.
    pub body: Bytes,
    /// Trailers.
    pub trailers: HeaderMap,
}

impl GrpcResponse {
    /// The status in the trailers, or in the headers of a response without messages.
    pub fn status(&self) -> Option<Status> {
        let of = Status::from_header_map;
        of(&self.headers).or_else(|| of(&self.trailers))
    }
}

/// A connection for unary calls and for JSON. Cheap to clone; clones share it.
#[derive(Debug, Clone)]
pub struct GrpcClient {
    calls: SendRequest<Bytes>,
    base: String,
    timeout: Duration,
}

impl GrpcClient {
    /// Connects to `addr`, a `host:port`. `timeout` is that of each call, sent as `grpc-timeout`.
    ///
    /// # Errors
    /// The connection fails.
    pub async fn connect(addr: &str, timeout: Duration) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(addr).await?;
        stream.set_nodelay(true)?;
        let mut builder = h2::client::Builder::new();
        builder.data_frame_budget(UNREAD_FRAMES);
        builder.initial_window_size(STREAM_WINDOW);
        builder.initial_connection_window_size(CONNECTION_WINDOW);
        let (calls, connection) = builder.handshake(stream).await?;
        tokio::spawn(connection);
        Ok(Self { calls, base: format!("http://{addr}"), timeout })
    }

    /// Makes a unary call and discards the response message.
    ///
    /// # Errors
    /// The status of the response; UNAVAILABLE if the connection failed.
    pub async fn call(self, method: &'static str, message: Bytes) -> Result<(), Status> {
        let result = tokio::time::timeout(self.timeout, self.exchange(method, message)).await;
        match result {
            Ok(Ok(response)) => match response.status() {
                Some(status) if status.code() == tonic::Code::Ok => Ok(()),
                Some(status) => Err(status),
                None => Err(Status::unknown("the response has no status")),
            },
            Ok(Err(error)) => Err(Status::unavailable(error.to_string())),
            Err(_) => Err(Status::deadline_exceeded("no response within the timeout")),
        }
    }

    /// GET of a path as JSON; the body is discarded.
    ///
    /// # Errors
    /// RESOURCE_EXHAUSTED for a refusal, 429 or 503; UNAVAILABLE if the connection failed; UNKNOWN for any other status
    /// than 200.
    pub async fn get(self, path: String) -> Result<(), Status> {
        let exchange = async {
            let request = Request::get(format!("{}{path}", self.base).parse::<Uri>()?).body(())?;
            let (response, _) = self.calls.ready().await?.send_request(request, true)?;
            let (head, mut body) = response.await?.into_parts();
            while let Some(data) = body.data().await {
                body.flow_control().release_capacity(data?.len())?;
            }
            anyhow::Ok(head.status)
        };
        match tokio::time::timeout(self.timeout, exchange).await {
            Ok(Ok(StatusCode::OK)) => Ok(()),
            Ok(Ok(status @ (StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE))) => {
                Err(Status::resource_exhausted(status.to_string()))
            }
            Ok(Ok(status)) => Err(Status::unknown(status.to_string())),
            Ok(Err(error)) => Err(Status::unavailable(error.to_string())),
            Err(_) => Err(Status::deadline_exceeded("no response within the timeout")),
        }
    }

    /// Sends a body as it is, with further headers, and returns the response as it is.
    ///
    /// # Errors
    /// The connection or the stream fails.
    pub async fn send(
        self,
        method: &str,
        more_headers: &[(&'static str, &'static str)],
        body: Bytes,
    ) -> anyhow::Result<GrpcResponse> {
        let mut request =
            Request::post(format!("{}{method}", self.base).parse::<Uri>()?).body(())?;
        let headers = request.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        headers.insert(header::TE, HeaderValue::from_static("trailers"));
        let timeout = HeaderValue::try_from(format!("{}m", self.timeout.as_millis()))?;
        headers.insert("grpc-timeout", timeout);
        for (name, value) in more_headers {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        let (response, mut stream) = self.calls.ready().await?.send_request(request, false)?;
        stream.send_data(body, true)?;
        let (head, mut stream) = response.await?.into_parts();
        let mut body = BytesMut::new();
        while let Some(data) = stream.data().await {
            let data = data?;
            stream.flow_control().release_capacity(data.len())?;
            body.put(data);
        }
        let trailers = stream.trailers().await?.unwrap_or_default();
        Ok(GrpcResponse { headers: head.headers, body: body.freeze(), trailers })
    }

    async fn exchange(self, method: &str, message: Bytes) -> anyhow::Result<GrpcResponse> {
        let mut framed = BytesMut::with_capacity(5 + message.len());
        framed.put_u8(0);
        framed.put_u32(u32::try_from(message.len())?);
        framed.put(message);
        self.send(method, &[], framed.freeze()).await
    }
}
