//! What only a database that is a file has: a directory, a lock, and others of them.

use chassis::CancellationToken;
use tempfile::TempDir;

use crate::support::{Catalogue, config, failure, soon};

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_used_is_said_in_one_line() {
    let catalogue = Catalogue::start().await;
    let second = failure(catalogue.data().config()).await;
    assert!(second.contains("another catalogue is using"), "{second}");

    let dir = TempDir::new().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "in the way").unwrap();
    let blocked = failure(config(&file, None)).await;
    assert!(blocked.contains("--data-dir"), "{blocked}");

    let garbage = TempDir::new().unwrap();
    std::fs::write(garbage.path().join("catalogue.db"), "not a database ".repeat(100)).unwrap();
    let damaged = failure(config(garbage.path(), None)).await;
    assert!(damaged.contains("not an intact database"), "{damaged}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_database_file_can_be_named() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("elsewhere.db");
    let url = format!("sqlite://{}", file.display());
    let shutdown = CancellationToken::new();
    let config = config(dir.path(), Some(&url));
    let running = catalogue::start(config, shutdown.clone()).await.unwrap();
    shutdown.cancel();
    soon(running.finished()).await.unwrap();
    assert!(file.exists() && !dir.path().join("catalogue.db").exists());
}
