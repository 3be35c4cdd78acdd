//! Validation of request bodies: messages that are too large are refused by their prefix, malformed
//! framing by name.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use rpc::status::{MESSAGE_INVALID, MESSAGE_TOO_LARGE, error, status_in};
use tokio::time::{Sleep, sleep};
use tonic::{Code, Status};

use super::framing::{Framing, Prefix};
use crate::overload::Refusal;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Requirements on a request body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MessageRules {
    /// Maximum message size, in bytes.
    pub(crate) max: usize,
    /// Whether the body is exactly one message.
    pub(crate) one: bool,
    /// Whether messages may be compressed.
    pub(crate) compressed: bool,
    /// Maximum time without a byte before the first message, and within each.
    pub(crate) patience: Duration,
}

pin_project! {
    /// A body that fails with a status as soon as it violates its rules. (tonic's own checks answer
    /// OUT_OF_RANGE for size and INTERNAL for all else, which clients misread.)
    pub(crate) struct CheckedBody<B> {
        #[pin]
        inner: B,
        expected: MessageRules,
        framing: Framing,
        ended: bool,
        // Runs while bytes of a message are awaited.
        late: Option<Pin<Box<Sleep>>>,
    }
}

impl<B> CheckedBody<B> {
    pub(crate) fn new(inner: B, expected: MessageRules, framing: Framing) -> Self {
        Self { inner, expected, framing, ended: false, late: None }
    }
}

impl MessageRules {
    fn check(self, Prefix { flag, length, index }: Prefix) -> Result<(), Status> {
        match flag {
            0 => {}
            1 if self.compressed => {}
            1 => return Err(invalid("a message is compressed, but grpc-encoding is missing")),
            _ => return Err(invalid("the compression flag of a message is neither 0 nor 1")),
        }
        if length > self.max {
            return Err(too_large(length, self.max));
        }
        if self.one && index > 0 {
            return Err(invalid("there are several messages, but the method takes one"));
        }
        Ok(())
    }

    fn check_end(self, framing: &Framing) -> Result<(), Status> {
        if !framing.is_between_messages() {
            Err(invalid("the last message is incomplete"))
        } else if self.one && framing.count == 0 {
            Err(invalid("a message is missing"))
        } else {
            Ok(())
        }
    }
}

impl<B> Body for CheckedBody<B>
where
    B: Body<Data = Bytes, Error: Into<BoxError>>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.project();
        let expected = *this.expected;
        let Poll::Ready(frame) = this.inner.poll_frame(cx) else {
            // Between messages a stream may pause.
            if this.framing.count == 0 || !this.framing.is_between_messages() {
                let late = this.late.get_or_insert_with(|| Box::pin(sleep(expected.patience)));
                ready!(late.as_mut().poll(cx));
                return Poll::Ready(Some(Err(Refusal::BodyTimeout.status().into())));
            }
            return Poll::Pending;
        };
        *this.late = None;
        let Some(frame) = frame else {
            let had_ended = std::mem::replace(this.ended, true);
            let violation = expected.check_end(this.framing).err().filter(|_| !had_ended);
            return Poll::Ready(violation.map(|status| Err(status.into())));
        };
        let frame = frame.map_err(|error| hung_up(error.into()))?;
        if let Some(bytes) = frame.data_ref() {
            this.framing.follow(bytes.clone(), |prefix| expected.check(prefix))?;
        }
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream() && (self.ended || self.expected.check_end(&self.framing).is_ok())
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// CANCELLED for a body that broke off: its client is gone, which is no fault of the server.
fn hung_up(error: BoxError) -> BoxError {
    if let Some(status) = status_in(&*error) {
        return status.clone().into();
    }
    tracing::debug!(%error, "a request body broke off");
    Status::cancelled("the client ended the call before its request was complete").into()
}

fn invalid(message: &str) -> Status {
    error(Code::InvalidArgument, MESSAGE_INVALID, message)
}

fn too_large(length: usize, max: usize) -> Status {
    let message = format!("a message of {length} bytes exceeds the limit of {max}");
    error(Code::ResourceExhausted, MESSAGE_TOO_LARGE, message)
}

#[cfg(test)]
mod tests {
    use futures::{StreamExt as _, stream};
    use http_body_util::{BodyExt as _, StreamBody};

    use super::*;
    use rpc::status::reason;

    const EXPECTED: MessageRules =
        MessageRules { max: 100, one: true, compressed: false, patience: Duration::from_secs(30) };

    const STREAM: MessageRules = MessageRules { one: false, ..EXPECTED };

    /// Reads a body of these bytes in chunks of `chunk` bytes.
    async fn read(bytes: &[u8], chunk: usize, expected: MessageRules) -> Result<usize, Status> {
        let chunks: Vec<_> = bytes.chunks(chunk).map(Bytes::copy_from_slice).collect();
        let frames = chunks.into_iter().map(|chunk| Ok::<_, BoxError>(Frame::data(chunk)));
        let body = StreamBody::new(stream::iter(frames));
        let body = CheckedBody::new(body, expected, Framing::default());
        let read = body.collect().await;
        read.map(|read| read.to_bytes().len()).map_err(|error| *error.downcast().expect("a status"))
    }

    fn messages(lengths: &[usize]) -> Vec<u8> {
        let message = |length: &usize| {
            let prefix = u32::try_from(*length).unwrap().to_be_bytes();
            [&[0], &prefix[..], &vec![7; *length]].concat()
        };
        lengths.iter().flat_map(message).collect()
    }

    #[tokio::test]
    async fn messages_within_the_limit_pass_however_they_are_cut() {
        for chunk in [1, 3, 5, 7, 1_000] {
            assert_eq!(read(&messages(&[0, 100, 3]), chunk, STREAM).await.unwrap(), 118);
            assert_eq!(read(&messages(&[100]), chunk, EXPECTED).await.unwrap(), 105);
        }
    }

    #[tokio::test]
    async fn a_second_message_of_a_unary_call_is_refused() {
        for chunk in [1, 3, 1_000] {
            let status = read(&messages(&[3, 3]), chunk, EXPECTED).await.unwrap_err();
            assert_eq!(status.code(), Code::InvalidArgument);
            assert!(status.message().contains("several messages"), "{status:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_may_pause_between_messages_but_not_within_one() {
        let (first, second) = (messages(&[3]), messages(&[3])[..6].to_vec());
        let pieces = [(0, first), (3_600, second)].into_iter();
        let pieces = stream::iter(pieces).then(|(pause, bytes)| async move {
            sleep(Duration::from_secs(pause)).await;
            Ok::<_, BoxError>(Frame::data(Bytes::from(bytes)))
        });
        let body = StreamBody::new(Box::pin(pieces.chain(stream::pending())));
        let mut body = CheckedBody::new(body, STREAM, Framing::default());
        let began = tokio::time::Instant::now();
        assert!(body.frame().await.unwrap().is_ok());
        assert!(body.frame().await.unwrap().is_ok());
        let late = body.frame().await.unwrap().unwrap_err();
        assert_eq!(began.elapsed(), Duration::from_secs(3_630));
        let status: Box<Status> = late.downcast().expect("a status");
        assert_eq!(reason(&status).as_deref(), Some(rpc::status::BODY_TIMEOUT));
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_cancelled_by_its_client() {
        let broken = stream::iter([Err::<Frame<Bytes>, _>(std::io::Error::other("reset"))]);
        let mut body = CheckedBody::new(StreamBody::new(broken), STREAM, Framing::default());
        let status: Box<Status> = body.frame().await.unwrap().unwrap_err().downcast().unwrap();
        assert_eq!(status.code(), Code::Cancelled);
    }

    #[tokio::test]
    async fn a_message_over_the_limit_is_refused_by_code() {
        for chunk in [1, 6, 1_000] {
            let status = read(&messages(&[100, 101]), chunk, STREAM).await.unwrap_err();
            assert_eq!(status.code(), Code::ResourceExhausted);
        }
    }

    #[tokio::test]
    async fn what_is_no_message_is_the_callers_fault() {
        let cut = messages(&[10]);
        for garbage in [&b"\x07garbage"[..], &[1, 0, 0, 0, 0], &cut[..9], &[0, 0], &[]] {
            for chunk in [1, 1_000] {
                let status = read(garbage, chunk, EXPECTED).await.unwrap_err();
                assert_eq!(status.code(), Code::InvalidArgument, "{garbage:?}");
                assert_eq!(reason(&status).as_deref(), Some(MESSAGE_INVALID));
            }
        }
        let any = MessageRules { one: false, compressed: true, ..EXPECTED };
        assert_eq!(read(&[], 1, any).await.unwrap(), 0);
        assert_eq!(read(&[1, 0, 0, 0, 1, 9], 1, any).await.unwrap(), 6);
    }
}
