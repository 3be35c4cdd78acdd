//! `cargo xtask up` with the real services.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::PathBuf,
    time::Duration,
};

use nix::sys::signal::Signal;
use testkit::{
    Consul, Postgres, Process, are_free, free_ports, get, program, run, until, until_within,
};

/// Runs `cargo xtask up` with the built programs.
fn up(dir: &std::path::Path, base: u16) -> Process {
    let arguments = ["up", "--no-build", "--port-base", &base.to_string(), "--data-dir"];
    let data = dir.join("data");
    let arguments = arguments.map(PathBuf::from).into_iter().chain([data]);
    Process::start(&program("xtask"), arguments, &dir.join("up.log")).expect("xtask starts")
}

#[tokio::test(flavor = "multi_thread")]
async fn up_starts_the_system_and_ends_all_processes() {
    let dir = tempfile::tempdir().unwrap();
    let base = free_ports(6);
    let mut up = up(dir.path(), base);
    let table = until("the table is shown", async || {
        assert!(up.exit_status().is_none(), "{}", up.log());
        Some(up.log()).filter(|log| log.contains("Five things to try"))
    })
    .await;
    assert!(table.contains("370"), "{table}");
    let page = get(&format!("http://127.0.0.1:{base}/v1/search?q=mug")).await.unwrap().json();
    assert!(page["totalSize"].as_i64().unwrap() > 0, "{page}");

    // A second `up` reports the first.
    let second = ["up", "--no-build", "--port-base", &base.to_string(), "--ephemeral"];
    let second = run(program("xtask"), second).await;
    assert_eq!(second.code, Some(1), "{second:?}");
    assert!(second.err.contains(&base.to_string()), "{second:?}");

    up.signal(Signal::SIGKILL);
    up.wait();
    // The services end without a signal.
    until_within(Duration::from_secs(30), "all ports are free", async || {
        are_free(base, 6).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_are_found_through_consul() {
    // Skipped without Consul and PostgreSQL.
    if Consul::shared().await.is_none() || Postgres::shared().await.is_none() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    // PostgreSQL runs as another user than root, which must have access.
    fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).unwrap();
    let base = free_ports(7);
    let data = dir.path().join("data");
    let data = data.to_str().unwrap();
    let xtask = async |arguments: &[&str]| run(program("xtask"), arguments).await;
    let (port, consul) = (base.to_string(), (base + 6).to_string());
    let detached = ["up", "--no-build", "--detach", "--port-base", &port, "--data-dir", data];
    let replicated = ["--replicas", "catalogue=3,search=2", "--consul", &consul];
    let started = xtask(&[detached.as_slice(), &replicated].concat()).await;
    assert_eq!(started.code, Some(0), "{started:?}");

    let health =
        |service: &str| format!("http://127.0.0.1:{consul}/v1/health/service/{service}?passing");
    for (service, count) in [("catalogue-service", 3), ("search-service", 2), ("gateway", 1)] {
        until(&format!("{count} of {service} pass"), async || {
            let passing = get(&health(service)).await.ok()?.json();
            (passing.as_array()?.len() == count).then_some(())
        })
        .await;
    }
    let search = format!("http://127.0.0.1:{base}/v1/search?q=mug");
    assert!(get(&search).await.unwrap().json()["totalSize"].as_i64().unwrap() > 0);
    let metrics = get(&format!("http://127.0.0.1:{}/metrics", base + 3)).await.unwrap().text();
    let age = "discovery_endpoints_age_seconds{target=\"consul://catalogue-service\"";
    let age = metrics
        .lines()
        .find(|line| line.replace("otel_scope_name=\"discovery\",", "").starts_with(age));
    assert!(age.is_some_and(|line| line.ends_with(" 0")), "{metrics}");
    let restarted = xtask(&["restart", "catalogue-2", "--data-dir", data]).await;
    assert_eq!(restarted.code, Some(0), "{restarted:?}");
    assert!(get(&search).await.unwrap().status.is_success());

    let stopped = xtask(&["down", "--data-dir", data]).await;
    assert_eq!(stopped.code, Some(0), "{stopped:?}");
    until("all ports are free", async || are_free(base, 7).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn detached_run_is_listed_and_stopped() {
    let dir = tempfile::tempdir().unwrap();
    let base = free_ports(6).to_string();
    let data = dir.path().join("data");
    let data = data.to_str().unwrap();
    let xtask = async |arguments: &[&str]| run(program("xtask"), arguments).await;
    let detached = ["up", "--no-build", "--detach", "--port-base", &base, "--data-dir", data];
    let started = xtask(&detached).await;
    assert_eq!(started.code, Some(0), "{started:?}");
    let listed = xtask(&["ps", "--data-dir", data]).await;
    for service in ["catalogue", "search", "gateway"] {
        assert!(listed.out.contains(service), "{listed:?}");
    }
    let restarted = xtask(&["restart", "search", "--data-dir", data]).await;
    assert_eq!(restarted.code, Some(0), "{restarted:?}");
    let stopped = xtask(&["down", "--data-dir", data]).await;
    assert_eq!(stopped.code, Some(0), "{stopped:?}");
    assert!(are_free(base.parse().unwrap(), 6));
}
