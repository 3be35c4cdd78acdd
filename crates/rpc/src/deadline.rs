//! Deadlines: read from `grpc-timeout`, enforced until the end of the response body.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use http::{HeaderMap, HeaderName, HeaderValue};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep};
use tonic::{Code, Status};

use crate::status::{DEADLINE, error};

/// The header with the time left for a call.
pub const GRPC_TIMEOUT: HeaderName = HeaderName::from_static("grpc-timeout");

/// A `grpc-timeout` header that is no timeout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// The timeout of the `grpc-timeout` header, if there is one.
///
/// # Errors
/// The header is malformed: a call without the deadline that its client expects would outlive it.
pub fn timeout_of(headers: &HeaderMap) -> Result<Option<Duration>, Malformed> {
    match headers.get(GRPC_TIMEOUT) {
        None => Ok(None),
        Some(value) => parse(value).map(Some).ok_or(Malformed),
    }
}

/// Parses the header's value (PROTOCOL-HTTP2: at most 8 digits and a unit).
fn parse(value: &HeaderValue) -> Option<Duration> {
    let text = value.to_str().ok()?;
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let count: u64 = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(count * 3_600)),
        "M" => Some(Duration::from_secs(count * 60)),
        "S" => Some(Duration::from_secs(count)),
        "m" => Some(Duration::from_millis(count)),
        "u" => Some(Duration::from_micros(count)),
        "n" => Some(Duration::from_nanos(count)),
        _ => None,
    }
}

/// The header's value for `timeout`, in milliseconds, rounded up so that it is never 0.
pub fn header_of(timeout: Duration) -> HeaderValue {
    const MOST: u64 = 99_999_999;
    let microseconds = u64::try_from(timeout.as_micros()).unwrap_or(u64::MAX);
    let mut rest = microseconds.div_ceil(1_000).clamp(1, MOST);
    // By hand: every call has one, and formatting would allocate.
    let mut text = *b"........m";
    let mut first = text.len() - 1;
    while rest > 0 {
        first -= 1;
        text[first] = b"0123456789"[(rest % 10) as usize];
        rest /= 10;
    }
    HeaderValue::from_bytes(&text[first..]).expect("digits and a letter")
}

tokio::task_local! {
    /// Deadline of the call that this task serves.
    static CURRENT: Instant;
}

/// Runs `work` with a deadline that calls it makes inherit.
pub async fn within<F: Future>(deadline: Instant, work: F) -> F::Output {
    CURRENT.scope(deadline, work).await
}

/// The deadline of the call that this task serves, if any.
pub fn inherited() -> Option<Instant> {
    CURRENT.try_with(|deadline| *deadline).ok()
}

/// DEADLINE_EXCEEDED.
pub fn exceeded() -> Status {
    error(Code::DeadlineExceeded, DEADLINE, "the time given for this call ran out")
}

pin_project! {
    #[derive(Debug)]
    /// A body that ends with DEADLINE_EXCEEDED in its trailers at the deadline.
    pub struct DeadlineBody<B> {
        #[pin]
        inner: B,
        #[pin]
        deadline: Option<Sleep>,
        over: bool,
    }
}

impl<B> DeadlineBody<B> {
    /// `inner`, ended at `deadline` if there is one.
    pub fn new(inner: B, deadline: Option<Instant>) -> Self {
        Self { inner, deadline: deadline.map(tokio::time::sleep_until), over: false }
    }
}

impl<B: Body> Body for DeadlineBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let this = self.project();
        if *this.over {
            return Poll::Ready(None);
        }
        if let Poll::Ready(frame) = this.inner.poll_frame(cx) {
            return Poll::Ready(frame);
        }
        if let Some(deadline) = this.deadline.as_pin_mut() {
            ready!(deadline.poll(cx));
            *this.over = true;
            let mut trailers = HeaderMap::new();
            exceeded().add_header(&mut trailers).expect("our own status has valid headers");
            return Poll::Ready(Some(Ok(Frame::trailers(trailers))));
        }
        Poll::Pending
    }

    fn is_end_stream(&self) -> bool {
        self.over || self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_are_parsed_as_grpc_defines_them() {
        let read = |text: &'static str| {
            timeout_of(&HeaderMap::from_iter([(GRPC_TIMEOUT, HeaderValue::from_static(text))]))
        };
        assert_eq!(read("2S"), Ok(Some(Duration::from_secs(2))));
        assert_eq!(read("150m"), Ok(Some(Duration::from_millis(150))));
        assert_eq!(read("99999999H"), Ok(Some(Duration::from_secs(99_999_999 * 3_600))));
        assert_eq!(timeout_of(&HeaderMap::new()), Ok(None));
        for malformed in ["", "S", "2", "123456789m", "-1S", "2s", "2 S"] {
            assert_eq!(read(malformed), Err(Malformed), "{malformed:?}");
        }
        assert_eq!(header_of(Duration::from_micros(1)), "1m");
        assert_eq!(header_of(Duration::from_millis(2_500)), "2500m");
        assert_eq!(header_of(Duration::MAX), "99999999m");
    }
}
