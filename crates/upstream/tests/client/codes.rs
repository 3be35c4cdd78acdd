//! The effect of each completion on the endpoint's breaker.

use tonic::Code;

use crate::{Fake, READ, Reply, connected, stream, unary};

/// How a breaker counted the calls.
#[derive(Debug, PartialEq)]
enum Verdict {
    /// As failures in a row, of which one more opens it.
    Failure,
    /// As failures, but not in a row.
    Overload,
    /// As calls, not as failures.
    NoFailure,
}

/// The meaning of each code, in the headers as in the trailers.
const CODES: [(Code, Verdict); 17] = [
    (Code::Ok, Verdict::NoFailure),
    (Code::Cancelled, Verdict::NoFailure),
    (Code::Unknown, Verdict::Failure),
    (Code::InvalidArgument, Verdict::NoFailure),
    (Code::DeadlineExceeded, Verdict::Failure),
    (Code::NotFound, Verdict::NoFailure),
    (Code::AlreadyExists, Verdict::NoFailure),
    (Code::PermissionDenied, Verdict::NoFailure),
    (Code::ResourceExhausted, Verdict::Overload),
    (Code::FailedPrecondition, Verdict::NoFailure),
    (Code::Aborted, Verdict::NoFailure),
    (Code::OutOfRange, Verdict::NoFailure),
    (Code::Unimplemented, Verdict::NoFailure),
    (Code::Internal, Verdict::Failure),
    (Code::Unavailable, Verdict::Failure),
    (Code::DataLoss, Verdict::NoFailure),
    (Code::Unauthenticated, Verdict::NoFailure),
];

/// Makes four calls: one more would open the breaker.
async fn verdict(reply: Reply, streaming: bool) -> Verdict {
    let fake = Fake::start(reply).await;
    let upstream = connected(&[&fake]).await;
    while fake.calls() < 4 {
        if streaming {
            if let Ok(mut messages) = stream(&upstream).await {
                while let Ok(Some(_)) = messages.message().await {}
            }
        } else {
            unary(&upstream, READ).await.ok();
        }
    }
    let breaker = upstream.report().endpoints.remove(0).breaker;
    match (breaker.consecutive_failures, breaker.failures, breaker.state) {
        (0, 0, "closed") => Verdict::NoFailure,
        (0, 4.., "closed") => Verdict::Overload,
        (4.., ..) | (_, _, "open") => Verdict::Failure,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_status_code_counts_as_documented_in_headers_and_trailers() {
    for (code, wanted) in CODES {
        for reply in [Reply::Status(code), Reply::Broken(code)] {
            assert_eq!(verdict(reply.clone(), false).await, wanted, "unary {reply:?}");
            // A stream with response headers was in time.
            let wanted = match (&reply, code) {
                (Reply::Broken(_), Code::DeadlineExceeded) => &Verdict::NoFailure,
                _ => &wanted,
            };
            assert_eq!(verdict(reply.clone(), true).await, *wanted, "stream {reply:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_completion_without_a_status_counts_as_documented() {
    let table = [
        (Reply::Silent, Verdict::Failure),
        (Reply::Torn(h2::Reason::INTERNAL_ERROR), Verdict::Failure),
        (Reply::Reset(h2::Reason::INTERNAL_ERROR), Verdict::Failure),
        (Reply::Reset(h2::Reason::REFUSED_STREAM), Verdict::Failure),
        (Reply::Reset(h2::Reason::CANCEL), Verdict::NoFailure),
        (Reply::Reset(h2::Reason::ENHANCE_YOUR_CALM), Verdict::Overload),
        (Reply::Pushback(Code::Unavailable, "60000"), Verdict::Overload),
        (Reply::Pushback(Code::Unavailable, "-1"), Verdict::Overload),
        (Reply::Http(503), Verdict::Failure),
        (Reply::Http(429), Verdict::Overload),
        (Reply::Http(404), Verdict::NoFailure),
    ];
    for (reply, wanted) in table {
        for streaming in [false, true] {
            assert_eq!(verdict(reply.clone(), streaming).await, wanted, "{streaming} {reply:?}");
        }
    }
}
