//! Request bodies.

use std::{
    mem,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::Frame;
use http_body_util::BodyExt as _;
use rpc::received::Gathered;
use tonic::{Status, body::Body};

/// The largest body that is buffered for a retry, in bytes.
const MAX_BUFFERED: usize = 256 << 10;

/// A request's body: buffered, so that it can be sent again, or streaming, and sent once.
#[derive(Debug)]
pub(crate) enum RequestBody {
    Buffered(Bytes),
    /// The part that has been read, and the rest.
    Streaming(Bytes, Body),
    /// An attempt has taken the body.
    Sent,
}

impl RequestBody {
    /// Reads the body to its end, unless it is larger than 256 KiB.
    ///
    /// # Errors
    /// The body failed, for example because a message is too large.
    pub(crate) async fn buffer(self) -> Result<Self, Status> {
        let Self::Streaming(first, mut body) = self else { return Ok(self) };
        let mut bytes = Gathered::new(first);
        while let Some(frame) = body.frame().await {
            if let Ok(data) = frame?.into_data() {
                bytes.push(data);
            }
            if bytes.len() > MAX_BUFFERED {
                return Ok(Self::Streaming(bytes.take(), body));
            }
        }
        Ok(Self::Buffered(bytes.take()))
    }

    /// The body for one attempt. Only a buffered body remains for the next.
    pub(crate) fn take(&mut self) -> Self {
        match self {
            Self::Buffered(bytes) => Self::Buffered(bytes.clone()),
            Self::Streaming(..) | Self::Sent => mem::replace(self, Self::Sent),
        }
    }

    pub(crate) fn is_sent(&self) -> bool {
        matches!(self, Self::Sent)
    }

    pub(crate) fn is_buffered(&self) -> bool {
        matches!(self, Self::Buffered(_))
    }
}

impl From<Bytes> for RequestBody {
    fn from(bytes: Bytes) -> Self {
        if bytes.len() <= MAX_BUFFERED {
            Self::Buffered(bytes)
        } else {
            Self::Streaming(bytes, Body::empty())
        }
    }
}

impl From<Body> for RequestBody {
    fn from(body: Body) -> Self {
        Self::Streaming(Bytes::new(), body)
    }
}

impl http_body::Body for RequestBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        match &mut *self {
            Self::Buffered(bytes) | Self::Streaming(bytes, _) if !bytes.is_empty() => {
                Poll::Ready(Some(Ok(Frame::data(mem::take(bytes)))))
            }
            Self::Streaming(_, body) => Pin::new(body).poll_frame(cx),
            Self::Buffered(_) | Self::Sent => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Buffered(bytes) => bytes.is_empty(),
            Self::Streaming(first, body) => first.is_empty() && body.is_end_stream(),
            Self::Sent => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::stream;
    use http_body::Body as _;
    use http_body_util::StreamBody;

    use super::*;

    fn body(pieces: &[usize]) -> RequestBody {
        let frames: Vec<_> = pieces
            .iter()
            .map(|length| Ok::<_, Status>(Frame::data(Bytes::from(vec![7; *length]))))
            .collect();
        RequestBody::from(Body::new(StreamBody::new(stream::iter(frames))))
    }

    #[tokio::test]
    async fn a_small_body_can_be_sent_again() {
        for pieces in [&[][..], &[5], &[5, 1, 300]] {
            let mut buffered = body(pieces).buffer().await.unwrap();
            for _ in 0..2 {
                let sent = buffered.take().collect().await.unwrap().to_bytes();
                assert_eq!(sent.len(), pieces.iter().sum::<usize>());
            }
        }
    }

    #[tokio::test]
    async fn a_large_body_is_sent_once_and_not_buffered() {
        let mut buffered = body(&[MAX_BUFFERED, 1, MAX_BUFFERED]).buffer().await.unwrap();
        assert!(!buffered.is_buffered());
        let sent = buffered.take().collect().await.unwrap().to_bytes();
        assert_eq!(sent.len(), 2 * MAX_BUFFERED + 1);
        assert!(buffered.take().is_end_stream());
    }
}
