//! A gRPC body that converts its messages one by one: decompresses requests, compresses responses.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame};
use pin_project_lite::pin_project;
use rpc::{
    frame::{PREFIX, length_in},
    gzip,
};
use tonic::Status;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The conversion of each message.
#[derive(Debug, Clone, Copy)]
enum Conversion {
    /// To at most this many bytes.
    Decompress(usize),
    Compress,
}

pin_project! {
    /// A body that is read message by message. Buffers one message, and the bytes that arrived with its end.
    pub(crate) struct WholeMessages<B> {
        #[pin]
        inner: B,
        conversion: Conversion,
        read: BytesMut,
        // Trailers that came before all messages were passed on.
        trailers: Option<Frame<Bytes>>,
    }
}

impl<B> WholeMessages<B> {
    /// The body of a request, with its messages checked; `max` bytes is the limit when decompressed.
    pub(crate) fn decompressed(inner: B, max: usize) -> Self {
        Self::new(inner, Conversion::Decompress(max))
    }

    /// The body of a response.
    pub(crate) fn compressed(inner: B) -> Self {
        Self::new(inner, Conversion::Compress)
    }

    fn new(inner: B, conversion: Conversion) -> Self {
        Self { inner, conversion, read: BytesMut::new(), trailers: None }
    }
}

impl Conversion {
    fn convert(self, frame: Bytes) -> Result<Bytes, Status> {
        match self {
            Self::Decompress(max) if frame[0] == 1 => gzip::decompress(&frame[PREFIX..], max),
            Self::Decompress(_) => Ok(frame),
            Self::Compress => Ok(gzip::compress(frame)),
        }
    }
}

/// Takes the first message behind its prefix, if it is whole.
fn take_frame(read: &mut BytesMut) -> Option<Bytes> {
    let length = length_in(read.first_chunk()?);
    (read.len() - PREFIX >= length).then(|| read.split_to(PREFIX + length).freeze())
}

impl<B: Body<Data = Bytes, Error: Into<BoxError>>> Body for WholeMessages<B> {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let mut this = self.project();
        loop {
            if let Some(frame) = take_frame(this.read) {
                let converted = this.conversion.convert(frame);
                return Poll::Ready(Some(converted.map(Frame::data).map_err(Into::into)));
            }
            if let Some(trailers) = this.trailers.take() {
                return Poll::Ready(Some(Ok(trailers)));
            }
            match ready!(this.inner.as_mut().poll_frame(cx)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => this.read.extend_from_slice(&data),
                    Err(trailers) => *this.trailers = Some(trailers),
                },
                Some(Err(error)) => return Poll::Ready(Some(Err(error.into()))),
                None => return Poll::Ready(None),
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.read.is_empty() && self.trailers.is_none() && self.inner.is_end_stream()
    }
}

#[cfg(test)]
mod tests {
    use futures::stream;
    use http_body_util::{BodyExt as _, StreamBody};
    use rpc::frame::framed;

    use super::*;

    #[tokio::test]
    async fn messages_are_converted_one_by_one_however_they_are_cut() {
        let (long, short) = (framed(&[7; 5_000]), framed(b"short"));
        let sent = [&long[..], &short, &long].concat();
        for cut in [1, 4, 999, 20_000] {
            let pieces: Vec<_> = sent.chunks(cut).map(Bytes::copy_from_slice).collect();
            let frames = pieces.into_iter().map(|piece| Ok::<_, BoxError>(Frame::data(piece)));
            let end = [Ok(Frame::trailers(http::HeaderMap::new()))];
            let body = StreamBody::new(stream::iter(frames.chain(end)));
            let mut body = WholeMessages::compressed(body);
            let mut read = Vec::new();
            while let Some(frame) = body.frame().await {
                read.push(frame.unwrap());
            }
            let [first, second, third, last] = &read[..] else { panic!("{read:?}") };
            assert!(last.is_trailers());
            assert_eq!(second.data_ref(), Some(&short));
            for message in [first, third].map(|frame| frame.data_ref().unwrap()) {
                assert_eq!(Conversion::Decompress(5_000).convert(message.clone()).unwrap(), long);
            }
        }
    }
}
