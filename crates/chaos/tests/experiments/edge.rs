//! Attacks on the gateway's port.

use chaos::Group;

use crate::check;

#[tokio::test(flavor = "multi_thread")]
async fn requests_without_their_bodies_take_no_capacity() {
    check(Group::Edge, "bodies", 0.1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unread_streams_starve_no_call() {
    check(Group::Edge, "streams", 0.05).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_follows_the_bytes_of_bodies_in_chunks() {
    check(Group::Edge, "chunks", 0.005).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_leave_open_files_to_others() {
    check(Group::Edge, "idle", 0.1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn costly_filters_starve_no_call() {
    check(Group::Edge, "filters", 0.05).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn floods_are_cut_and_others_served() {
    check(Group::Edge, "floods", 0.05).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attacks_kills_and_load_together_lose_nothing() {
    check(Group::Edge, "everything", 0.01).await;
}
