//! Every way a call can end, and what it says about the endpoint.

use tonic::Code;

use crate::{Fake, READ, Reply, connected, stream, unary};

/// What a breaker has made of ten calls.
#[derive(Debug, PartialEq)]
enum Verdict {
    /// It has opened, or would have.
    Failure,
    /// It counts the failures, not the row.
    Overload,
    /// It has counted nothing but the calls.
    Fine,
}

/// The codes, and what each means, whether in the headers or in the trailers.
const CODES: [(Code, Verdict); 17] = [
    (Code::Ok, Verdict::Fine),
    (Code::Cancelled, Verdict::Fine),
    (Code::Unknown, Verdict::Failure),
    (Code::InvalidArgument, Verdict::Fine),
    (Code::DeadlineExceeded, Verdict::Failure),
    (Code::NotFound, Verdict::Fine),
    (Code::AlreadyExists, Verdict::Fine),
    (Code::PermissionDenied, Verdict::Fine),
    (Code::ResourceExhausted, Verdict::Overload),
    (Code::FailedPrecondition, Verdict::Fine),
    (Code::Aborted, Verdict::Fine),
    (Code::OutOfRange, Verdict::Fine),
    (Code::Unimplemented, Verdict::Fine),
    (Code::Internal, Verdict::Failure),
    (Code::Unavailable, Verdict::Failure),
    (Code::DataLoss, Verdict::Failure),
    (Code::Unauthenticated, Verdict::Fine),
];

/// Four calls: one short of what opens a breaker.
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
        (0, 0, "closed") => Verdict::Fine,
        (0, 4.., "closed") => Verdict::Overload,
        (4.., ..) | (_, _, "open") => Verdict::Failure,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_code_is_judged_as_the_table_says_wherever_it_stands() {
    for (code, wanted) in CODES {
        for reply in [Reply::Status(code), Reply::Broken(code)] {
            assert_eq!(verdict(reply.clone(), false).await, wanted, "unary {reply:?}");
            // A stream that has begun to answer was not late.
            let wanted = match (&reply, code) {
                (Reply::Broken(_), Code::DeadlineExceeded) => &Verdict::Fine,
                _ => &wanted,
            };
            assert_eq!(verdict(reply.clone(), true).await, *wanted, "stream {reply:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_end_without_a_code_is_judged_as_the_table_says() {
    let table = [
        (Reply::Silent, Verdict::Failure),
        (Reply::Torn(h2::Reason::INTERNAL_ERROR), Verdict::Failure),
        (Reply::Reset(h2::Reason::INTERNAL_ERROR), Verdict::Failure),
        (Reply::Reset(h2::Reason::REFUSED_STREAM), Verdict::Failure),
        (Reply::Reset(h2::Reason::CANCEL), Verdict::Fine),
        (Reply::Reset(h2::Reason::ENHANCE_YOUR_CALM), Verdict::Overload),
        (Reply::Pushback(Code::Unavailable, "60000"), Verdict::Overload),
        (Reply::Pushback(Code::Unavailable, "-1"), Verdict::Overload),
        (Reply::Http(503), Verdict::Failure),
        (Reply::Http(429), Verdict::Overload),
        (Reply::Http(404), Verdict::Fine),
    ];
    for (reply, wanted) in table {
        for streaming in [false, true] {
            assert_eq!(verdict(reply.clone(), streaming).await, wanted, "{streaming} {reply:?}");
        }
    }
}
