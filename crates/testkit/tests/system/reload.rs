//! SIGHUP: the file of settings is read again.

use nix::sys::signal::Signal;
use testkit::{Process, free_ports, get, program, until};

#[tokio::test]
async fn hangup_applies_the_log_filter_of_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("catalogue.toml");
    let write = |text: &str| std::fs::write(&file, text).unwrap();
    write("log = 'info'");
    let port = free_ports(2);
    let arguments = [
        format!("--config={}", file.display()),
        format!("--listen=127.0.0.1:{port}"),
        format!("--admin=127.0.0.1:{}", port + 1),
        format!("--data-dir={}", dir.path().join("data").display()),
    ];
    let log = dir.path().join("log");
    let mut catalogue = Process::start(&program("catalogue"), arguments, &log).unwrap();
    catalogue.ready(port + 1).await;
    let level = async || {
        let level = get(&format!("http://127.0.0.1:{}/log-level", port + 1)).await.unwrap();
        level.text().trim().to_owned()
    };
    assert_eq!(level().await, "info");

    write("log = 'info,catalogue=debug'\nkeep-deleted = 7");
    catalogue.signal(Signal::SIGHUP);
    until("the filter is another", async || {
        (level().await == "info,catalogue=debug").then_some(())
    })
    .await;
    until("the rest is named", async || catalogue.log().contains("keep_deleted").then_some(()))
        .await;

    write("log = 'warn'\ncolour = 1");
    catalogue.signal(Signal::SIGHUP);
    until("the error is named", async || {
        catalogue.log().contains("unknown setting `colour`").then_some(())
    })
    .await;
    assert_eq!(level().await, "info,catalogue=debug");
}
