//! The fake key service: keys that a test has made, and sessions of them.

use std::{
    sync::Mutex,
    time::{Duration, SystemTime},
};

use access::{Digest, KeyText};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use proto::{
    catalogue::v1::{
        CreateKeyRequest, CreateSessionRequest, CreatedKey, CreatedSession, EndSessionsRequest,
        EndSessionsResponse, Key, KeyDigest, ListKeysRequest, ListKeysResponse, RevokeKeyRequest,
        RotateKeyRequest, RotatePageTokenKeyRequest, RotatePageTokenKeyResponse, SessionHolder,
        WatchKeysRequest, WatchKeysResponse, key_service_server::KeyService,
    },
    time::timestamp,
};
use rpc::status::error;
use tokio::sync::watch;
use tonic::{Code, Request, Response, Status, codegen::BoxStream};

use super::{Fake, RpcResult};

#[derive(Default)]
pub(super) struct FakeKeys {
    known: Mutex<Vec<KeyDigest>>,
    /// Wakes watches.
    changed: watch::Sender<()>,
}

impl Fake {
    /// Makes a key; returns its text.
    pub(crate) fn put_key(&self, name: &str, scopes: &[&str]) -> String {
        let text = KeyText::random();
        self.put_digest(KeyDigest {
            id: text.id().to_owned(),
            name: name.to_owned(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            digest: Digest::of(text.as_str()).to_hex(),
            ..KeyDigest::default()
        });
        text.as_str().to_owned()
    }

    /// The ids of the sessions.
    pub(crate) fn sessions(&self) -> Vec<String> {
        let known = self.0.keys.known.lock().unwrap();
        known.iter().filter(|it| it.session_of.is_some()).map(|it| it.id.clone()).collect()
    }

    /// The holders of the sessions, by kind and id, each once.
    pub(crate) fn holders(&self) -> Vec<(String, String)> {
        let known = self.0.keys.known.lock().unwrap();
        let holders = known.iter().filter_map(|it| it.session_of.clone());
        let mut holders: Vec<_> = holders.map(|it| (it.kind, it.id)).collect();
        holders.dedup();
        holders
    }

    /// Lets all sessions expire.
    pub(crate) fn expire_sessions(&self) {
        let past = SystemTime::now() - Duration::from_secs(1);
        for it in self.0.keys.known.lock().unwrap().iter_mut().filter(|it| it.session_of.is_some())
        {
            it.expire_time = Some(timestamp(past));
        }
        self.0.keys.changed.send_replace(());
    }

    fn put_digest(&self, digest: KeyDigest) {
        self.0.keys.known.lock().unwrap().push(digest);
        self.0.keys.changed.send_replace(());
    }

    fn caller<T>(&self, request: &Request<T>) -> Result<KeyDigest, Status> {
        let sent = request.metadata().get("authorization").and_then(|it| it.to_str().ok());
        let text = sent.and_then(|it| it.strip_prefix("Bearer ")).unwrap_or_default();
        let digest = Digest::of(text).to_hex();
        let known = self.0.keys.known.lock().unwrap();
        let found = known.iter().find(|it| it.digest == digest).cloned();
        found.ok_or_else(|| error(Code::Unauthenticated, "CREDENTIAL_INVALID", "unknown"))
    }
}

/// The subject of a token, whose signature is not checked here.
fn subject<T>(request: &Request<T>) -> Option<String> {
    let sent = request.metadata().get("authorization")?.to_str().ok()?;
    let payload = URL_SAFE_NO_PAD.decode(sent.split('.').nth(1)?).ok()?;
    let claims: serde_json::Value = serde_json::from_slice(&payload).ok()?;
    claims["sub"].as_str().map(str::to_owned)
}

#[tonic::async_trait]
impl KeyService for Fake {
    async fn create_session(
        &self,
        request: Request<CreateSessionRequest>,
    ) -> RpcResult<CreatedSession> {
        let holder = match subject(&request) {
            Some(id) => KeyDigest {
                name: id.clone(),
                session_of: Some(SessionHolder { kind: "token".to_owned(), id }),
                ..KeyDigest::default()
            },
            None => self.caller(&request)?,
        };
        let session_of = match &holder.session_of {
            Some(holder) if holder.kind == "token" => holder.clone(),
            Some(_) => {
                return Err(error(Code::FailedPrecondition, "SESSION_HOLDER", "is a session"));
            }
            None => SessionHolder { kind: "key".to_owned(), id: holder.id.clone() },
        };
        self.record(request);
        let text = KeyText::random();
        let expire_time = Some(timestamp(SystemTime::now() + Duration::from_secs(60)));
        self.put_digest(KeyDigest {
            id: text.id().to_owned(),
            digest: Digest::of(text.as_str()).to_hex(),
            expire_time,
            session_of: Some(session_of),
            ..holder
        });
        let (id, text) = (text.id().to_owned(), text.as_str().to_owned());
        Ok(Response::new(CreatedSession { id, text, expire_time }))
    }

    async fn end_sessions(
        &self,
        request: Request<EndSessionsRequest>,
    ) -> RpcResult<EndSessionsResponse> {
        let caller = self.caller(&request)?;
        let EndSessionsRequest { everywhere } = self.record(request);
        let mut known = self.0.keys.known.lock().unwrap();
        let before = known.len();
        known.retain(|it| match everywhere {
            true => it.session_of.is_none() || it.session_of != caller.session_of,
            false => it.id != caller.id,
        });
        let ended_count = (before - known.len()).try_into().unwrap();
        self.0.keys.changed.send_replace(());
        Ok(Response::new(EndSessionsResponse { ended_count }))
    }

    async fn watch_keys(
        &self,
        _: Request<WatchKeysRequest>,
    ) -> RpcResult<BoxStream<WatchKeysResponse>> {
        let fake = self.clone();
        let mut changed = self.0.keys.changed.subscribe();
        Ok(Response::new(Box::pin(async_stream::stream! {
            loop {
                let keys = fake.0.keys.known.lock().unwrap().clone();
                let has_keys = !keys.is_empty();
                yield Ok(WatchKeysResponse { keys, has_keys, page_token_keys: Vec::new() });
                if changed.changed().await.is_err() {
                    return;
                }
            }
        })))
    }

    async fn create_key(&self, _: Request<CreateKeyRequest>) -> RpcResult<CreatedKey> {
        Err(Status::unimplemented(""))
    }

    async fn list_keys(&self, _: Request<ListKeysRequest>) -> RpcResult<ListKeysResponse> {
        Err(Status::unimplemented(""))
    }

    async fn revoke_key(&self, _: Request<RevokeKeyRequest>) -> RpcResult<Key> {
        Err(Status::unimplemented(""))
    }

    async fn rotate_key(&self, _: Request<RotateKeyRequest>) -> RpcResult<CreatedKey> {
        Err(Status::unimplemented(""))
    }

    async fn rotate_page_token_key(
        &self,
        _: Request<RotatePageTokenKeyRequest>,
    ) -> RpcResult<RotatePageTokenKeyResponse> {
        Err(Status::unimplemented(""))
    }
}
