//! gRPC by hand, for callers who must cost little: h2, and a message that is encoded already.

use std::time::Duration;

use bytes::{BufMut as _, Bytes, BytesMut};
use h2::client::SendRequest;
use http::{HeaderMap, HeaderValue, Request, Uri, header};
use tokio::net::TcpStream;
use tonic::Status;

/// A connection that calls are made on. Cheap to clone; clones share it.
#[derive(Debug, Clone)]
pub struct Wire {
    calls: SendRequest<Bytes>,
    base: String,
    patience: Duration,
}

impl Wire {
    /// Connects; calls are given up after `patience`.
    ///
    /// # Errors
    /// Nobody listens at `addr`, a `host:port`.
    pub async fn connect(addr: &str, patience: Duration) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(addr).await?;
        stream.set_nodelay(true)?;
        let (calls, connection) = h2::client::handshake(stream).await?;
        tokio::spawn(connection);
        Ok(Self { calls, base: format!("http://{addr}"), patience })
    }

    /// One unary call; what it brings is not looked at.
    ///
    /// # Errors
    /// The status it ended with; UNAVAILABLE if the connection broke.
    pub async fn call(self, method: &'static str, message: Bytes) -> Result<(), Status> {
        let answered = tokio::time::timeout(self.patience, self.ask(method, message)).await;
        match answered {
            Ok(Ok(trailers)) => match Status::from_header_map(&trailers) {
                Some(status) if status.code() == tonic::Code::Ok => Ok(()),
                Some(status) => Err(status),
                None => Err(Status::unknown("it ended without a status")),
            },
            Ok(Err(error)) => Err(Status::unavailable(error.to_string())),
            Err(_) => Err(Status::deadline_exceeded("not answered in time")),
        }
    }

    /// Where the status is: the trailers, or the headers of an answer that has nothing else.
    async fn ask(self, method: &str, message: Bytes) -> anyhow::Result<HeaderMap> {
        let mut request =
            Request::post(format!("{}{method}", self.base).parse::<Uri>()?).body(())?;
        let headers = request.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        headers.insert(header::TE, HeaderValue::from_static("trailers"));
        let timeout = HeaderValue::try_from(format!("{}m", self.patience.as_millis()))?;
        headers.insert("grpc-timeout", timeout);
        let (answer, mut body) = self.calls.ready().await?.send_request(request, false)?;
        let mut framed = BytesMut::with_capacity(5 + message.len());
        framed.put_u8(0);
        framed.put_u32(u32::try_from(message.len())?);
        framed.put(message);
        body.send_data(framed.freeze(), true)?;
        let answer = answer.await?;
        if answer.body().is_end_stream() {
            return Ok(answer.into_parts().0.headers);
        }
        let mut body = answer.into_body();
        while let Some(data) = body.data().await {
            body.flow_control().release_capacity(data?.len())?;
        }
        Ok(body.trailers().await?.unwrap_or_default())
    }
}
