//! A gRPC client of low CPU cost, for load generators: h2 with encoded messages.

use std::time::Duration;

use bytes::{BufMut as _, Bytes, BytesMut};
use h2::client::SendRequest;
use http::{HeaderMap, HeaderValue, Request, Uri, header};
use tokio::net::TcpStream;
use tonic::Status;

/// A connection for unary calls. Cheap to clone; clones share it.
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
        let (calls, connection) = h2::client::handshake(stream).await?;
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
            Ok(Ok(trailers)) => match Status::from_header_map(&trailers) {
                Some(status) if status.code() == tonic::Code::Ok => Ok(()),
                Some(status) => Err(status),
                None => Err(Status::unknown("the response has no status")),
            },
            Ok(Err(error)) => Err(Status::unavailable(error.to_string())),
            Err(_) => Err(Status::deadline_exceeded("no response within the timeout")),
        }
    }

    /// Returns the headers that have the status: the trailers, or the headers of a response without body.
    async fn exchange(self, method: &str, message: Bytes) -> anyhow::Result<HeaderMap> {
        let mut request =
            Request::post(format!("{}{method}", self.base).parse::<Uri>()?).body(())?;
        let headers = request.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        headers.insert(header::TE, HeaderValue::from_static("trailers"));
        let timeout = HeaderValue::try_from(format!("{}m", self.timeout.as_millis()))?;
        headers.insert("grpc-timeout", timeout);
        let (response, mut body) = self.calls.ready().await?.send_request(request, false)?;
        let mut framed = BytesMut::with_capacity(5 + message.len());
        framed.put_u8(0);
        framed.put_u32(u32::try_from(message.len())?);
        framed.put(message);
        body.send_data(framed.freeze(), true)?;
        let response = response.await?;
        if response.body().is_end_stream() {
            return Ok(response.into_parts().0.headers);
        }
        let mut body = response.into_body();
        while let Some(data) = body.data().await {
            body.flow_control().release_capacity(data?.len())?;
        }
        Ok(body.trailers().await?.unwrap_or_default())
    }
}
