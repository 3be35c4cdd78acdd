//! Messages too large are refused at their first five bytes.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Buf;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use tonic::{Code, Status};

use crate::status::{MESSAGE_TOO_LARGE, error};

/// A flag byte and the length, big-endian (gRPC over HTTP/2, "Length-Prefixed-Message").
const PREFIX: usize = 5;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// `body`, failing with RESOURCE_EXHAUSTED as soon as it announces a message of more than `max`
/// bytes. (tonic's own limit answers OUT_OF_RANGE, which tells callers something else.)
pub fn limit_messages<B>(body: B, max: usize) -> LimitMessages<B> {
    LimitMessages { inner: body, max, prefix: [0; PREFIX], have: 0, left: 0 }
}

pin_project! {
    /// What [`limit_messages`] makes.
    pub struct LimitMessages<B> {
        #[pin]
        inner: B,
        max: usize,
        prefix: [u8; PREFIX],
        // Bytes of the prefix read so far, and bytes of the message that are still to come.
        have: usize,
        left: usize,
    }
}

impl<B> Body for LimitMessages<B>
where
    B: Body<Data = bytes::Bytes, Error: Into<BoxError>>,
{
    type Data = bytes::Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<bytes::Bytes>, BoxError>>> {
        let this = self.project();
        let Some(frame) = ready!(this.inner.poll_frame(cx)) else { return Poll::Ready(None) };
        let frame = frame.map_err(Into::into)?;
        let mut bytes = frame.data_ref().cloned().unwrap_or_default();
        while bytes.has_remaining() {
            if *this.left > 0 {
                let skipped = bytes.remaining().min(*this.left);
                bytes.advance(skipped);
                *this.left -= skipped;
                continue;
            }
            this.prefix[*this.have] = bytes.get_u8();
            *this.have += 1;
            if *this.have == PREFIX {
                *this.have = 0;
                let length = this.prefix[1..].iter().fold(0, |n, byte| n << 8 | usize::from(*byte));
                if length > *this.max {
                    return Poll::Ready(Some(Err(too_large(length, *this.max).into())));
                }
                *this.left = length;
            }
        }
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

fn too_large(length: usize, max: usize) -> Status {
    let message = format!("a message of {length} bytes is more than the {max} that are taken");
    error(Code::ResourceExhausted, MESSAGE_TOO_LARGE, message)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use futures::stream;
    use http_body_util::{BodyExt as _, StreamBody};

    use super::*;

    /// Messages of these lengths as a body cut into chunks of `chunk` bytes.
    async fn read(lengths: &[usize], chunk: usize, max: usize) -> Result<usize, BoxError> {
        let mut bytes = Vec::new();
        for length in lengths {
            bytes.push(0);
            bytes.extend_from_slice(&u32::try_from(*length).unwrap().to_be_bytes());
            bytes.extend(std::iter::repeat_n(7, *length));
        }
        let chunks: Vec<_> = bytes.chunks(chunk).map(Bytes::copy_from_slice).collect();
        let frames = chunks.into_iter().map(|chunk| Ok::<_, BoxError>(Frame::data(chunk)));
        let body = limit_messages(StreamBody::new(stream::iter(frames)), max);
        Ok(body.collect().await?.to_bytes().len())
    }

    #[tokio::test]
    async fn messages_within_the_limit_pass_however_they_are_cut() {
        for chunk in [1, 3, 5, 7, 1_000] {
            assert_eq!(read(&[0, 100, 3], chunk, 100).await.unwrap(), 118);
        }
    }

    #[tokio::test]
    async fn a_message_over_the_limit_is_refused_by_code() {
        for chunk in [1, 6, 1_000] {
            let error = read(&[100, 101], chunk, 100).await.unwrap_err();
            let status = error.downcast_ref::<Status>().expect("a status");
            assert_eq!(status.code(), Code::ResourceExhausted);
        }
    }
}
