//! A response body that holds a stream slot until it has been sent.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::body::Body;
use bytes::Bytes;
use http_body::{Frame, SizeHint};

use crate::overload::StreamSlot;

/// A body and its slot among the open streams.
pub(super) struct SlotBody {
    body: Body,
    _slot: StreamSlot,
}

impl SlotBody {
    pub(super) fn new(body: Body, slot: StreamSlot) -> Self {
        Self { body, _slot: slot }
    }
}

impl http_body::Body for SlotBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
