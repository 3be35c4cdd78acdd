//! Overload.

use std::{num::NonZeroUsize, time::Duration};

use rpc::status::{OVERLOADED, PUSHBACK, reason};
use server::{ServeArgs, overload::OverloadArgs};
use tonic::Code;

use crate::{SLOW, call, check, slow, start_with, upstream, watch};

fn room_for(calls: usize, streams: usize) -> ServeArgs {
    let calls = NonZeroUsize::new(calls).unwrap();
    let overload = OverloadArgs {
        min_calls: calls,
        min_reads: calls,
        max_calls: calls,
        max_open_streams: streams,
    };
    ServeArgs { overload, ..ServeArgs::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_beyond_the_limit_are_refused_and_health_checks_are_not() {
    let (slow, mut on_entry, go) = slow();
    let running = start_with(slow, &room_for(2, 10));
    let upstream = upstream(running.addr).deadline(Duration::from_secs(30));
    let under_way: Vec<_> = (0..2).map(|_| tokio::spawn(call(upstream.clone(), SLOW))).collect();
    for _ in 0..2 {
        on_entry.recv().await.expect("both arrive");
    }
    let refused = call(upstream.clone(), SLOW).await.unwrap_err();
    assert_eq!(refused.code(), Code::ResourceExhausted);
    assert_eq!(reason(&refused).as_deref(), Some(OVERLOADED));
    assert!(refused.metadata().get(PUSHBACK).is_some(), "{refused:?}");
    check(upstream.clone()).await.expect("health is answered");
    watch(upstream.clone()).await.message().await.expect("so is whoever watches it");
    go.cancel();
    for call in under_way {
        assert_eq!(call.await.unwrap().unwrap_err().message(), "finished");
    }
    let again = call(upstream, SLOW).await.unwrap_err();
    assert_eq!(again.message(), "finished", "there is room again");
}
