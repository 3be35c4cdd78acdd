//! More than there is room for.

use std::{num::NonZeroUsize, time::Duration};

use axum::{Router, routing::post};
use chassis::{
    CancellationToken, ServeArgs,
    overload::OverloadArgs,
    status::{OVERLOADED, PUSHBACK, reason},
};
use tokio::sync::mpsc;
use tonic::{Code, Status};

use crate::{call, check, start_with, upstream, watch};

fn room_for(calls: usize, streams: usize) -> ServeArgs {
    let calls = NonZeroUsize::new(calls).unwrap();
    let overload = OverloadArgs { min_calls: calls, max_calls: calls, max_open_streams: streams };
    ServeArgs { overload, ..ServeArgs::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_call_too_many_is_refused_at_once_and_health_never() {
    let (entered, mut on_entry) = mpsc::channel::<()>(2);
    let go = CancellationToken::new();
    let wait = go.clone();
    let slow = post(move || async move {
        entered.send(()).await.expect("the test listens");
        wait.cancelled().await;
        chassis::grpc::answer(Status::not_found("finished"))
    });
    let running = start_with(Router::new().route("/test.Service/Slow", slow), &room_for(2, 10));
    let upstream = upstream(running.addr).deadline(Duration::from_secs(30));
    let under_way: Vec<_> =
        (0..2).map(|_| tokio::spawn(call(upstream.clone(), "/test.Service/Slow"))).collect();
    for _ in 0..2 {
        on_entry.recv().await.expect("both arrive");
    }
    let refused = call(upstream.clone(), "/test.Service/Slow").await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted);
    assert_eq!(reason(&refused).as_deref(), Some(OVERLOADED));
    assert!(refused.metadata().get(PUSHBACK).is_some(), "{refused:?}");
    check(upstream.clone()).await.expect("health is answered");
    watch(upstream.clone()).await.message().await.expect("so is whoever watches it");
    go.cancel();
    for call in under_way {
        assert_eq!(call.await.unwrap().unwrap_err().message(), "finished");
    }
    let again = call(upstream, "/test.Service/Slow").await.unwrap_err();
    assert_eq!(again.message(), "finished", "there is room again");
}
