//! Validation of request bodies: messages that are too large are refused by their prefix, malformed
//! framing by name.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use rpc::status::{MESSAGE_INVALID, MESSAGE_TOO_LARGE, error};
use tonic::{Code, Status};

use super::framing::{Framing, Prefix};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Requirements on a request body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MessageRules {
    /// Maximum message size, in bytes.
    pub(crate) max: usize,
    /// Whether at least one message is required.
    pub(crate) one: bool,
    /// Whether messages may be compressed.
    pub(crate) compressed: bool,
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
    }
}

impl<B> CheckedBody<B> {
    pub(crate) fn new(inner: B, expected: MessageRules, framing: Framing) -> Self {
        Self { inner, expected, framing, ended: false }
    }
}

impl MessageRules {
    fn check(self, Prefix { flag, length }: Prefix) -> Result<(), Status> {
        match flag {
            0 => {}
            1 if self.compressed => {}
            1 => return Err(invalid("a message is compressed, but grpc-encoding is missing")),
            _ => return Err(invalid("the compression flag of a message is neither 0 nor 1")),
        }
        if length > self.max {
            return Err(too_large(length, self.max));
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
        let Some(frame) = ready!(this.inner.poll_frame(cx)) else {
            let had_ended = std::mem::replace(this.ended, true);
            let violation = expected.check_end(this.framing).err().filter(|_| !had_ended);
            return Poll::Ready(violation.map(|status| Err(status.into())));
        };
        let frame = frame.map_err(Into::into)?;
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

fn invalid(message: &str) -> Status {
    error(Code::InvalidArgument, MESSAGE_INVALID, message)
}

fn too_large(length: usize, max: usize) -> Status {
    let message = format!("a message of {length} bytes exceeds the limit of {max}");
    error(Code::ResourceExhausted, MESSAGE_TOO_LARGE, message)
}

#[cfg(test)]
mod tests {
    use futures::stream;
    use http_body_util::{BodyExt as _, StreamBody};

    use super::*;
    use rpc::status::reason;

    const EXPECTED: MessageRules = MessageRules { max: 100, one: true, compressed: false };

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
            assert_eq!(read(&messages(&[0, 100, 3]), chunk, EXPECTED).await.unwrap(), 118);
        }
    }

    #[tokio::test]
    async fn a_message_over_the_limit_is_refused_by_code() {
        for chunk in [1, 6, 1_000] {
            let status = read(&messages(&[100, 101]), chunk, EXPECTED).await.unwrap_err();
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
