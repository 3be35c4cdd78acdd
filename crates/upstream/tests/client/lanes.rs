//! Threads with their own runtimes, such as a server's, have their own connections.

use std::thread;

use tokio::runtime::{Builder, Runtime};
use upstream::Upstream;

use crate::{Fake, READ, Reply, connected, unary, until};

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn connections(upstream: &Upstream) -> usize {
    upstream.report().endpoints.iter().map(|endpoint| endpoint.connected).sum()
}

/// Makes calls on a new thread, after there are `expected` connections on all threads.
fn call_on_a_thread(upstream: &Upstream, expected: usize) -> thread::JoinHandle<()> {
    let upstream = upstream.clone();
    thread::spawn(move || {
        runtime().block_on(async {
            unary(&upstream, READ).await.unwrap();
            until("the thread is connected", async || connections(&upstream) == expected).await;
            for _ in 0..20 {
                unary(&upstream, READ).await.unwrap();
            }
        });
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_opens_its_own_connections_and_closes_them_when_it_ends() {
    let (one, two) = (Fake::start(Reply::Ok).await, Fake::start(Reply::Ok).await);
    let upstream = connected(&[&one, &two]).await;
    assert_eq!(connections(&upstream), 2);
    for _ in 0..2 {
        let calling = call_on_a_thread(&upstream, 4);
        tokio::task::spawn_blocking(|| calling.join().unwrap()).await.unwrap();
        assert_eq!(connections(&upstream), 2);
    }
    unary(&upstream, READ).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_fails_no_read_while_a_replica_restarts() {
    let (mut one, two) = (Fake::start(Reply::Ok).await, Fake::start(Reply::Ok).await);
    let upstream = connected(&[&one, &two]).await;
    let (stop, mut stopped) = tokio::sync::oneshot::channel::<()>();
    let caller = upstream.clone();
    let calling = thread::spawn(move || {
        runtime().block_on(async {
            let mut calls = 0;
            while stopped.try_recv().is_err() {
                unary(&caller, READ).await.unwrap();
                calls += 1;
            }
            calls
        })
    });
    until("the thread is connected", async || connections(&upstream) == 4).await;
    one.kill();
    until("one is disconnected", async || connections(&upstream) == 2).await;
    one.revive().await;
    until("it is connected on both", async || connections(&upstream) == 4).await;
    let before = one.calls();
    until("it gets calls", async || one.calls() > before).await;
    stop.send(()).unwrap();
    let calls = tokio::task::spawn_blocking(|| calling.join().unwrap()).await.unwrap();
    assert!(calls > 0);
}
