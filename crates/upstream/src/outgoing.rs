//! The body of a request on its way out.

use std::{
    mem,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt as _;
use rpc::received::Gathered;
use tonic::{Status, body::Body};

/// A request larger than this is not kept for another try, in bytes.
const KEPT: usize = 256 << 10;

/// A request's body: whole, so that it can be sent again, or as it comes, and then it cannot.
#[derive(Debug)]
pub(super) enum Outgoing {
    Whole(Bytes),
    /// What has been read already, and the rest.
    AsItComes(Bytes, Body),
    Sent,
}

impl Outgoing {
    /// Reads the body to its end if it is small enough to be kept.
    ///
    /// # Errors
    /// The body failed, as when it held a message that is too large.
    pub(super) async fn kept(self) -> Result<Self, Status> {
        let Self::AsItComes(first, mut body) = self else { return Ok(self) };
        let mut bytes = Gathered::new(first);
        while let Some(frame) = body.frame().await {
            if let Ok(data) = frame?.into_data() {
                bytes.push(data);
            }
            if bytes.len() > KEPT {
                return Ok(Self::AsItComes(bytes.take(), body));
            }
        }
        Ok(Self::Whole(bytes.take()))
    }

    /// The body for one attempt. What is not whole is gone with it.
    pub(super) fn take(&mut self) -> Self {
        match self {
            Self::Whole(bytes) => Self::Whole(bytes.clone()),
            Self::AsItComes(..) | Self::Sent => mem::replace(self, Self::Sent),
        }
    }

    /// Whether an attempt has taken it, for good.
    pub(super) fn is_gone(&self) -> bool {
        matches!(self, Self::Sent)
    }

    pub(super) fn is_whole(&self) -> bool {
        matches!(self, Self::Whole(_))
    }
}

impl From<Bytes> for Outgoing {
    fn from(bytes: Bytes) -> Self {
        if bytes.len() <= KEPT { Self::Whole(bytes) } else { Self::AsItComes(bytes, Body::empty()) }
    }
}

impl From<Body> for Outgoing {
    fn from(body: Body) -> Self {
        Self::AsItComes(Bytes::new(), body)
    }
}

impl http_body::Body for Outgoing {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        match &mut *self {
            Self::Whole(bytes) | Self::AsItComes(bytes, _) if !bytes.is_empty() => {
                Poll::Ready(Some(Ok(Frame::data(mem::take(bytes)))))
            }
            Self::AsItComes(_, body) => Pin::new(body).poll_frame(cx),
            Self::Whole(_) | Self::Sent => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(bytes) => bytes.is_empty(),
            Self::AsItComes(first, body) => first.is_empty() && body.is_end_stream(),
            Self::Sent => true,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Self::AsItComes(..) => SizeHint::default(),
            Self::Sent => SizeHint::with_exact(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::stream;
    use http_body::Body as _;
    use http_body_util::StreamBody;

    use super::*;

    fn body(pieces: &[usize]) -> Outgoing {
        let frames: Vec<_> = pieces
            .iter()
            .map(|length| Ok::<_, Status>(Frame::data(Bytes::from(vec![7; *length]))))
            .collect();
        Outgoing::from(Body::new(StreamBody::new(stream::iter(frames))))
    }

    #[tokio::test]
    async fn a_small_request_can_be_sent_again() {
        for pieces in [&[][..], &[5], &[5, 1, 300]] {
            let mut kept = body(pieces).kept().await.unwrap();
            for _ in 0..2 {
                let sent = kept.take().collect().await.unwrap().to_bytes();
                assert_eq!(sent.len(), pieces.iter().sum::<usize>());
            }
        }
    }

    #[tokio::test]
    async fn a_large_one_is_sent_once_and_not_held() {
        let mut kept = body(&[KEPT, 1, KEPT]).kept().await.unwrap();
        assert!(!kept.is_whole());
        let sent = kept.take().collect().await.unwrap().to_bytes();
        assert_eq!(sent.len(), 2 * KEPT + 1);
        assert!(kept.take().is_end_stream());
    }
}
