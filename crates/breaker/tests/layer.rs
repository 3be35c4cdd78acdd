//! The tower layer is a client of the breaker like any other.

use breaker::{
    Breaker, BreakerLayer, ByResult, Classify, Guarded, ManualClock, Outcome, Permit, Rejected,
    Settings, State,
};
use futures::{FutureExt, future};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};
use tower::{BoxError, Layer, Service, ServiceExt, service_fn, util::BoxService};

#[tokio::test]
async fn open_breaker_rejects_without_calling_inner() {
    let (breaker, _) = breaker();
    let calls = Arc::new(AtomicU32::new(0));
    let counted = calls.clone();
    let mut service = guard(&breaker, ByResult, move |()| {
        counted.fetch_add(1, Ordering::SeqCst);
        future::ready(Err::<(), BoxError>("refused".into()))
    });
    for _ in 0..5 {
        let error = service.ready().await.unwrap().call(()).await.unwrap_err();
        assert_eq!(error.to_string(), "refused");
    }
    // Still ready: an error there would mean "discard this service".
    let error = service.ready().await.unwrap().call(()).await.unwrap_err();
    assert!(matches!(error.downcast_ref(), Some(Rejected::Open { .. })), "{error}");
    assert_eq!(calls.load(Ordering::SeqCst), 5);
}

#[tokio::test]
async fn good_probe_closes_again() {
    let (breaker, clock) = breaker();
    open(&breaker);
    clock.advance(Duration::from_secs(2));
    let service = guard(&breaker, ByResult, |()| future::ready(Ok::<_, BoxError>("well")));
    assert_eq!(service.oneshot(()).await.unwrap(), "well");
    assert_eq!(breaker.state(), State::Closed);
}

#[tokio::test]
async fn closure_classifies() {
    let (breaker, _) = breaker();
    let by_code = |answer: Result<&u16, &BoxError>| match answer {
        Ok(500..) | Err(_) => Outcome::Failure,
        Ok(499) => Outcome::Ignored,
        Ok(_) => Outcome::Success,
    };
    let service = guard(&breaker, by_code, |code: u16| future::ready(Ok::<_, BoxError>(code)));
    for code in [200, 404, 499, 503] {
        assert_eq!(service.clone().oneshot(code).await.unwrap(), code);
    }
    let snapshot = breaker.snapshot();
    assert_eq!((snapshot.requests, snapshot.failures), (4, 1));
}

#[tokio::test]
async fn dropped_future_frees_its_probe() {
    let (breaker, clock) = breaker();
    open(&breaker);
    clock.advance(Duration::from_secs(2));
    let mut service = guard(&breaker, ByResult, |()| future::pending::<Result<(), BoxError>>());
    for polled in [true, false] {
        let mut call = service.ready().await.unwrap().call(());
        if polled {
            assert!((&mut call).now_or_never().is_none());
        }
        assert_eq!(breaker.check(), Err(Rejected::TooManyProbes));
        drop(call);
        assert_eq!(breaker.check(), Ok(()));
    }
    assert_eq!(breaker.state(), State::HalfOpen);
}

#[tokio::test]
async fn inner_that_panics_frees_its_probe() {
    let (breaker, clock) = breaker();
    open(&breaker);
    clock.advance(Duration::from_secs(2));
    let service = guard(&breaker, ByResult, |()| async {
        if true {
            std::panic::resume_unwind(Box::new("on purpose"));
        }
        Ok::<_, BoxError>(())
    });
    let joined = tokio::spawn(service.oneshot(())).await;
    assert!(joined.unwrap_err().is_panic());
    assert_eq!(breaker.check(), Ok(()));
}

#[tokio::test]
async fn readiness_is_that_of_inner() {
    struct Busy;
    impl Service<()> for Busy {
        type Response = ();
        type Error = BoxError;
        type Future = future::Ready<Result<(), BoxError>>;
        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
            Poll::Pending
        }
        fn call(&mut self, (): ()) -> Self::Future {
            unreachable!("never ready")
        }
    }
    let (breaker, _) = breaker();
    let mut service = BreakerLayer::new(breaker.clone(), ByResult).layer(Busy);
    assert!(service.ready().now_or_never().is_none());
    open(&breaker);
    assert!(service.ready().now_or_never().is_none());
}

/// As for a stream, judged when it ends: the permit travels in the response.
#[tokio::test]
async fn classifier_may_keep_the_permit() {
    #[derive(Clone)]
    struct AtTheEnd;
    impl Classify<Option<Permit>, BoxError> for AtTheEnd {
        fn classify(&self, _: Result<&Option<Permit>, &BoxError>) -> Outcome {
            Outcome::Ignored
        }
        fn settle(
            &self,
            answer: Result<Option<Permit>, BoxError>,
            mut permit: Permit,
        ) -> Result<Option<Permit>, BoxError> {
            permit.answered();
            answer.map(|_| Some(permit))
        }
    }
    let (breaker, _) = breaker();
    let service = guard(&breaker, AtTheEnd, |()| future::ready(Ok::<_, BoxError>(None)));
    let stream = service.oneshot(()).await.unwrap();
    assert_eq!(breaker.snapshot().failures, 0);
    stream.unwrap().record(false);
    assert_eq!(breaker.snapshot().failures, 1);
}

#[tokio::test]
async fn guarded_service_can_be_boxed() {
    let (breaker, _) = breaker();
    let service = guard(&breaker, ByResult, |()| future::ready(Ok::<_, BoxError>(7)));
    assert_eq!(BoxService::new(service).oneshot(()).await.unwrap(), 7);
}

fn breaker() -> (Breaker, ManualClock) {
    let clock = ManualClock::new();
    (Breaker::builder(Settings::default()).clock(clock.clone()).build(), clock)
}

fn open(breaker: &Breaker) {
    for _ in 0..5 {
        breaker.admit().unwrap().record(false);
    }
    assert_eq!(breaker.state(), State::Open);
}

fn guard<F, C: Clone>(
    breaker: &Breaker,
    classify: C,
    inner: F,
) -> Guarded<tower::util::ServiceFn<F>, C> {
    BreakerLayer::new(breaker.clone(), classify).layer(service_fn(inner))
}
