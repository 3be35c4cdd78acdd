//! Sessions: what they permit, whose they are, and when they end.

use std::time::{Duration, SystemTime};

use pbjson_types::Duration as Ttl;
use proto::{
    catalogue::v1::{
        AdjustStockRequest, CreateSessionRequest, CreatedSession, EndSessionsRequest,
        ListAuditEventsRequest, ListKeysRequest, RevokeKeyRequest, WatchKeysRequest,
        audit_service_client::AuditServiceClient, key_service_client::KeyServiceClient,
        stock_service_client::StockServiceClient,
    },
    time::system_time,
};
use testkit::until;
use tonic::{Code, Status};

use crate::{
    signed::{SECRET, Signed, create_key, signed, start},
    support::{Catalogue, assert_invalid, assert_refused, product, soon},
};

fn keys(catalogue: &Catalogue, credential: &str) -> KeyServiceClient<Signed> {
    KeyServiceClient::new(signed(catalogue, credential))
}

async fn begin(catalogue: &Catalogue, key: &str, ttl: i64) -> Result<CreatedSession, Status> {
    let ttl = (ttl != 0).then_some(Ttl { seconds: ttl, nanos: 0 });
    let created = keys(catalogue, key).create_session(CreateSessionRequest { ttl }).await;
    created.map(tonic::Response::into_inner)
}

async fn end(catalogue: &Catalogue, credential: &str, everywhere: bool) -> i32 {
    let request = EndSessionsRequest { everywhere };
    keys(catalogue, credential).end_sessions(request).await.unwrap().into_inner().ended_count
}

async fn restock(catalogue: &Catalogue, credential: &str) -> Result<(), Status> {
    let request =
        AdjustStockRequest { product_id: "mug".to_owned(), delta: 1, ..Default::default() };
    StockServiceClient::new(signed(catalogue, credential)).adjust_stock(request).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_has_the_rights_of_its_holder_and_its_name() {
    let catalogue = start().await;
    catalogue.create(product("mug")).await;
    let (id, key) = create_key(&catalogue, "anna", &["write:stock"]).await;
    let session = begin(&catalogue, &key, 0).await.unwrap();
    restock(&catalogue, &session.text).await.unwrap();
    let refused = keys(&catalogue, &session.text).list_keys(ListKeysRequest::default()).await;
    assert_refused(refused, Code::PermissionDenied, "SCOPE_MISSING");
    let hours = session.expire_time.as_ref().and_then(system_time).unwrap();
    let hours = hours.duration_since(SystemTime::now()).unwrap().as_secs_f64() / 3_600.0;
    assert!((11.9..=12.0).contains(&hours), "{hours}");

    let mut audit = AuditServiceClient::new(signed(&catalogue, SECRET));
    let events = audit.list_audit_events(ListAuditEventsRequest::default()).await.unwrap();
    let events = events.into_inner().events;
    assert!(
        events[0].method.ends_with("AdjustStock") && events[1].method.ends_with("CreateSession")
    );
    for event in &events[..2] {
        assert_eq!((event.principal.as_str(), event.key_id.as_str()), ("key:anna", id.as_str()));
    }
    assert_eq!(events[1].resource, session.id);

    let mut watch =
        keys(&catalogue, SECRET).watch_keys(WatchKeysRequest {}).await.unwrap().into_inner();
    let watched = soon(watch.message()).await.unwrap().unwrap().keys;
    let holder = watched.iter().find(|key| key.id == session.id).unwrap().session_of.clone();
    assert_eq!(holder.map(|it| (it.kind, it.id)), Some(("key".to_owned(), id)));
    let listed = keys(&catalogue, SECRET).list_keys(ListKeysRequest::default()).await.unwrap();
    assert_eq!(listed.into_inner().keys.len(), 1, "a session is none of the keys");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_alone_or_with_all_of_its_holder() {
    let catalogue = start().await;
    catalogue.create(product("mug")).await;
    let (_, anna) = create_key(&catalogue, "anna", &["write:stock"]).await;
    let (_, bert) = create_key(&catalogue, "bert", &["write:stock"]).await;
    let mut of_anna = Vec::new();
    for _ in 0..3 {
        of_anna.push(begin(&catalogue, &anna, 0).await.unwrap().text);
    }
    let of_bert = begin(&catalogue, &bert, 0).await.unwrap().text;
    assert_eq!(end(&catalogue, &of_anna[0], false).await, 1);
    let refused = restock(&catalogue, &of_anna[0]).await;
    assert_refused(refused, Code::Unauthenticated, "CREDENTIAL_INVALID");
    restock(&catalogue, &of_anna[1]).await.unwrap();
    assert_eq!(end(&catalogue, &anna, false).await, 0, "a key is in no session");
    assert_eq!(end(&catalogue, &of_anna[1], true).await, 2);
    for session in &of_anna {
        let refused = restock(&catalogue, session).await;
        assert_refused(refused, Code::Unauthenticated, "CREDENTIAL_INVALID");
    }
    restock(&catalogue, &of_bert).await.unwrap();
    restock(&catalogue, &anna).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_with_its_key_and_by_itself() {
    let catalogue = start().await;
    catalogue.create(product("mug")).await;
    let (id, key) = create_key(&catalogue, "anna", &["write:stock"]).await;
    let short = begin(&catalogue, &key, 1).await.unwrap().text;
    let long = begin(&catalogue, &key, 3_600).await.unwrap().text;
    until("it expires", async || restock(&catalogue, &short).await.err()).await;
    restock(&catalogue, &long).await.unwrap();
    keys(&catalogue, SECRET).revoke_key(RevokeKeyRequest { key_id: id }).await.unwrap();
    let refused = restock(&catalogue, &long).await;
    assert_refused(refused, Code::Unauthenticated, "CREDENTIAL_INVALID");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_lasts_no_longer_than_its_key() {
    let catalogue = start().await;
    let mut service = keys(&catalogue, SECRET);
    let request = proto::catalogue::v1::CreateKeyRequest {
        name: "anna".to_owned(),
        scopes: Vec::new(),
        ttl: Some(Ttl { seconds: 60, nanos: 0 }),
    };
    let created = service.create_key(request).await.unwrap().into_inner();
    let session = begin(&catalogue, &created.text, 3_600).await.unwrap();
    let until = |time: Option<&pbjson_types::Timestamp>| time.and_then(system_time).unwrap();
    let key_ends = until(created.key.unwrap().expire_time.as_ref());
    let session_ends = until(session.expire_time.as_ref());
    assert!(session_ends <= key_ends && session_ends + Duration::from_secs(1) > key_ends);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_nobody_or_in_a_session_begins_none() {
    let catalogue = start().await;
    let (_, key) = create_key(&catalogue, "anna", &["admin:keys"]).await;
    let session = begin(&catalogue, &key, 0).await.unwrap();
    for credential in [session.text.as_str(), SECRET] {
        let refused = begin(&catalogue, credential, 0).await;
        assert_refused(refused, Code::FailedPrecondition, "SESSION_HOLDER");
    }
    let mut anonymous = KeyServiceClient::new(catalogue.channel.clone());
    let refused = anonymous.create_session(CreateSessionRequest::default()).await;
    assert_refused(refused, Code::Unauthenticated, "CREDENTIAL_MISSING");
    for ttl in [-1, 12 * 3_600 + 1] {
        assert_invalid(begin(&catalogue, &key, ttl).await, &["ttl"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_too_many_sessions_of_a_holder_the_oldest_ends() {
    let catalogue = start().await;
    catalogue.create(product("mug")).await;
    let (_, key) = create_key(&catalogue, "anna", &["write:stock"]).await;
    let first = begin(&catalogue, &key, 0).await.unwrap().text;
    let second = begin(&catalogue, &key, 0).await.unwrap().text;
    for _ in 0..19 {
        begin(&catalogue, &key, 0).await.unwrap();
    }
    assert!(restock(&catalogue, &first).await.is_err());
    restock(&catalogue, &second).await.unwrap();
}
