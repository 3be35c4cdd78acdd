//! Keys: revoked everywhere, made by a newcomer; services that need a setting.

use std::time::Duration;

use proto::catalogue::v1::WatchChangesRequest;
use testkit::Service;
use tonic::{Code, Request};

use super::{
    Restricted, SERVICES,
    calls::{call, read_of, reason},
};
use crate::data::channel;

/// Time within which a revoked key must be refused everywhere.
pub(crate) const REVOKED_WITHIN: Duration = Duration::from_secs(5);

#[tokio::test]
async fn a_revoked_key_is_refused_everywhere_and_its_streams_end() {
    let (system, key) = Restricted::start().await;
    let mut feed = proto::catalogue::v1::feed_service_client::FeedServiceClient::with_interceptor(
        channel(&system.fleet.addr(Service::Gateway)).await,
        |mut request: Request<()>| {
            let value = format!("Bearer {key}").parse().unwrap();
            request.metadata_mut().insert("authorization", value);
            Ok(request)
        },
    );
    let mut stream = feed.watch_changes(WatchChangesRequest::default()).await.unwrap().into_inner();
    let id = key.split('_').nth(1).unwrap();
    let revoked = system.fleet.catctl(&["--key", &system.secret, "key", "revoke", id]).await;
    assert_eq!(revoked.code, Some(0), "{}", revoked.err);
    tokio::time::timeout(REVOKED_WITHIN, async {
        for service in SERVICES {
            let channel = channel(&system.fleet.addr(service)).await;
            while call(&channel, read_of(service), Some(&key)).await.code() != Code::Unauthenticated
            {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        let ended = loop {
            match stream.message().await {
                Ok(Some(_)) => {}
                Ok(None) => panic!("the stream ended without a status"),
                Err(status) => break status,
            }
        };
        assert_eq!(reason(&ended), "CREDENTIAL_INVALID");
    })
    .await
    .expect("the key is refused in time");
}

/// The five commands of docs/access.md, after which a key may only read.
#[tokio::test]
async fn a_newcomer_makes_a_key_that_may_only_read() {
    let (system, key) = Restricted::start().await;
    let listed = system.fleet.catctl(&["--key", &system.secret, "key", "list"]).await;
    assert!(listed.out.contains("reader") && !listed.out.contains(&key), "{}", listed.out);
    let read = system.fleet.catctl(&["--key", &key, "list"]).await;
    assert_eq!(read.code, Some(0), "{}", read.err);
    let write = system.fleet.catctl(&["--key", &key, "stock", "x", "+1"]).await;
    assert_eq!(write.code, Some(5));
    assert!(write.err.contains("write:stock"), "{}", write.err);
    let anonymous = system.fleet.catctl(&["stock", "x", "+1"]).await;
    assert!(anonymous.err.contains("needs a key"), "{}", anonymous.err);
    let text = std::fs::read_to_string(testkit::repository().join("docs/access.md")).unwrap();
    for command in ["key create --name reader --scope read", "key list", "stock"] {
        assert!(text.contains(command), "docs/access.md has no `{command}`");
    }
}

#[tokio::test]
async fn no_service_listens_to_other_machines_without_a_setting() {
    for program in ["catalogue", "search", "gateway"] {
        let arguments = ["--listen=0.0.0.0:0", "--admin=127.0.0.1:0"];
        let dir = tempfile::tempdir().unwrap();
        let data = format!("--data-dir={}", dir.path().display());
        let mut arguments: Vec<String> = arguments.map(str::to_owned).into();
        if program != "gateway" {
            arguments.push(data);
        }
        let ended = testkit::run(testkit::program(program), arguments).await;
        assert_eq!(ended.code, Some(1));
        assert!(
            ended.err.contains("--access keys") && ended.err.contains("docs/access.md"),
            "{}",
            ended.err
        );
    }
}
