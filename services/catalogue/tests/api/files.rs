//! Databases in files: directory, lock, and other files.

use chassis::CancellationToken;
use tempfile::TempDir;

use crate::support::{Catalogue, config, failure, soon};

#[tokio::test(flavor = "multi_thread")]
async fn unusable_data_is_reported_in_one_line() {
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
async fn the_database_file_is_configurable() {
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
