//! Revocation on several replicas of the catalogue.

use std::{path::Path, time::Instant};

use testkit::{Output, Postgres, Process, free_ports, program, run, until};
use tonic::Code;

use crate::{
    access::calls::{call, is_refused},
    access::keys::REVOKED_WITHIN,
    data::channel,
};

const SECRET: &str = "a-secret-that-only-this-test-has-0004";
const READ: &str = "/catalogue.v1.FeedService/GetWatermark";

struct Replica {
    addr: String,
    _process: Process,
}

impl Replica {
    async fn start(dir: &Path, database: &str, port: u16) -> Self {
        let addr = format!("127.0.0.1:{port}");
        let arguments = [
            format!("--listen={addr}"),
            format!("--admin=127.0.0.1:{}", port + 1),
            format!("--database-url={database}"),
            format!("--service-secret-file={}", dir.join("service.secret").display()),
        ];
        let log = dir.join(format!("{port}.log"));
        let mut process = Process::start(&program("catalogue"), arguments, &log).unwrap();
        process.ready(port + 1).await;
        Self { addr, _process: process }
    }

    async fn catctl(&self, arguments: &[&str]) -> Output {
        let server = format!("http://{}", self.addr);
        let ended = run(
            program("catctl"),
            [&["--server", &server, "--key", SECRET][..], arguments].concat(),
        )
        .await;
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        ended
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_one_replica_revokes_is_refused_by_all_three() {
    let Some(postgres) = Postgres::shared().await else { return };
    let database = postgres.database().await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("service.secret"), SECRET).unwrap();
    let first = free_ports(6);
    let mut replicas = Vec::new();
    for port in [first, first + 2, first + 4] {
        replicas.push(Replica::start(dir.path(), &database.url, port).await);
    }
    let made = replicas[0].catctl(&["key", "create", "--name", "reader", "--scope", "read"]).await;
    let key = made.out.trim();
    let mut channels = Vec::new();
    for replica in &replicas {
        channels.push(channel(&replica.addr).await);
    }
    until("all replicas know the key", async || {
        for channel in &channels {
            if is_refused(&call(channel, READ, Some(key)).await) {
                return None;
            }
        }
        Some(())
    })
    .await;
    let id = key.split('_').nth(1).unwrap();
    replicas[1].catctl(&["key", "revoke", id]).await;
    let revoked = Instant::now();
    for channel in &channels {
        until("the key is refused", async || {
            let status = call(channel, READ, Some(key)).await;
            (status.code() == Code::Unauthenticated).then_some(())
        })
        .await;
    }
    let elapsed = revoked.elapsed();
    eprintln!("refused by all replicas after {elapsed:?}");
    assert!(elapsed < REVOKED_WITHIN, "{elapsed:?}");
}
