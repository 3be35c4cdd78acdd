//! The official client of Connect against the running system. Needs `node` and `npm`, which installs it once.

use testkit::{Fleet, repository};
use tokio::process::Command;

use crate::{
    clients::{has, install, succeed},
    data::with_demo,
};

/// HTTP versions, encodings, and POST or GET for reads.
const TRANSPORTS: usize = 2 * 2 * 2;

#[tokio::test(flavor = "multi_thread")]
async fn the_official_client_is_answered() {
    let folder = repository().join("crates/testkit/tests/system/connect");
    if !has("node") || !has("npm") || !install(&folder, "node_modules/@connectrpc").await {
        return;
    }
    let fleet = Fleet::start().await;
    with_demo(&fleet).await;
    let contract = repository().join("crates/proto/src/generated/descriptors.bin");
    let mut client = Command::new("node");
    client.arg(folder.join("client.mjs")).arg(fleet.url("")).arg(contract);
    let text = succeed(&mut client).await;
    for (line, expected) in [
        ("product true 2", TRANSPORTS),
        ("stock 1", TRANSPORTS),
        ("missing NotFound PRODUCT_NOT_FOUND", TRANSPORTS),
        ("watch 1", TRANSPORTS),
        // Both directions stream over HTTP/2 alone.
        ("import true", TRANSPORTS / 2),
    ] {
        let found = text.lines().filter(|it| *it == line).count();
        assert_eq!(found, expected, "{line}: {text}");
    }
    let late = text.lines().filter(|line| line.starts_with("late DeadlineExceeded")).count();
    assert_eq!(late, TRANSPORTS, "{text}");
}
