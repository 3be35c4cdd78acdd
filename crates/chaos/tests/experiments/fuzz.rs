//! Inputs of strangers, for a second each.

use chaos::Group;

use crate::check;

#[tokio::test(flavor = "multi_thread")]
async fn queries_are_no_fault_of_the_server() {
    check(Group::Fuzz, "query", 0.01).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_are_no_fault_of_the_server() {
    check(Group::Fuzz, "filter", 0.01).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn page_tokens_are_no_fault_of_the_server() {
    check(Group::Fuzz, "page-token", 0.01).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn json_is_no_fault_of_the_server() {
    check(Group::Fuzz, "transcoder", 0.01).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn imports_are_no_fault_of_the_server() {
    check(Group::Fuzz, "import", 0.01).await;
}
