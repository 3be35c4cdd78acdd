//! `KeyService`: API keys.

use access::{Digest, KeyText, Scopes, SessionHolder};
use async_stream::try_stream;
use chassis::CancellationToken;
use proto::catalogue::v1::{
    self as wire, CreateKeyRequest, CreateSessionRequest, CreatedKey, CreatedSession,
    EndSessionsRequest, EndSessionsResponse, ListKeysRequest, ListKeysResponse, RevokeKeyRequest,
    RotateKeyRequest, RotatePageTokenKeyRequest, RotatePageTokenKeyResponse, WatchKeysRequest,
    WatchKeysResponse,
};
use tonic::{Request, Response, Status, codegen::BoxStream};

use super::{
    convert::{micros, timestamp},
    sessions::{ended_by, new_session},
    visible::caller,
    write,
};
use crate::{
    domain::{Error, Key, KeyError, Micros, Result, Violations, now},
    keys::SharedKeys,
    store::Store,
};

const MAX_NAME: usize = 64;
/// From a second to 100 years: what has no end needs no time to live, and times end with the year 9999.
const TTL: std::ops::RangeInclusive<Micros> = 1_000_000..=100 * 365 * 86_400 * 1_000_000;
/// Time for which a rotated key stays valid if its request does not say.
const DEFAULT_OVERLAP: Micros = 60 * 60 * 1_000_000;
/// Time for which page tokens of earlier keys stay valid if a rotation does not say.
const DEFAULT_TOKEN_OVERLAP: Micros = 24 * 60 * 60 * 1_000_000;
const MAX_OVERLAP: Micros = 30 * 24 * 60 * 60 * 1_000_000;

pub(super) struct Service {
    pub(super) store: Store,
    pub(super) keys: SharedKeys,
    pub(super) shutdown: CancellationToken,
}

#[tonic::async_trait]
impl wire::key_service_server::KeyService for Service {
    async fn create_key(
        &self,
        request: Request<CreateKeyRequest>,
    ) -> Result<Response<CreatedKey>, Status> {
        let (text, write) = (KeyText::random(), write::unconditional(&request));
        let key = new_key(request.into_inner(), &text)?;
        self.require_service_secret()?;
        self.store.create_key(write, key.clone()).await?;
        Ok(Response::new(self.created(key, &text).await?))
    }

    async fn list_keys(
        &self,
        request: Request<ListKeysRequest>,
    ) -> Result<Response<ListKeysResponse>, Status> {
        let (keys, now) = (self.store.keys().await?, now());
        let shown = |key: &Key| request.get_ref().show_ended || !key.has_ended(now);
        let keys = keys.into_iter().filter(shown).map(message).collect();
        Ok(Response::new(ListKeysResponse { keys }))
    }

    async fn revoke_key(
        &self,
        request: Request<RevokeKeyRequest>,
    ) -> Result<Response<wire::Key>, Status> {
        let write = write::unconditional(&request);
        let key = self.store.revoke_key(write, request.into_inner().key_id).await?;
        self.keys.refresh(&self.store).await?;
        Ok(Response::new(message(key)))
    }

    async fn rotate_key(
        &self,
        request: Request<RotateKeyRequest>,
    ) -> Result<Response<CreatedKey>, Status> {
        let write = write::unconditional(&request);
        let RotateKeyRequest { key_id, overlap } = request.into_inner();
        let overlap = overlap.as_ref().map_or(DEFAULT_OVERLAP, micros);
        if !(0..=MAX_OVERLAP).contains(&overlap) {
            return Err(Error::field("overlap", "must be at most 30 days").into());
        }
        let text = KeyText::random();
        let new = (text.id().to_owned(), Digest::of(text.as_str()));
        let key = self.store.rotate_key(write, key_id, new, now() + overlap).await?;
        Ok(Response::new(self.created(key, &text).await?))
    }

    async fn create_session(
        &self,
        request: Request<CreateSessionRequest>,
    ) -> Result<Response<CreatedSession>, Status> {
        let text = KeyText::random();
        let session = new_session(caller(request.extensions()), request.get_ref(), &text)?;
        self.require_service_secret()?;
        let (id, expire_time) = (session.id.clone(), Some(timestamp(session.expires_at)));
        self.store.create_session(write::unconditional(&request), session).await?;
        self.keys.refresh(&self.store).await?;
        Ok(Response::new(CreatedSession { id, text: text.as_str().to_owned(), expire_time }))
    }

    async fn end_sessions(
        &self,
        request: Request<EndSessionsRequest>,
    ) -> Result<Response<EndSessionsResponse>, Status> {
        let ended = ended_by(caller(request.extensions()), request.get_ref().everywhere);
        let Some(ended) = ended else {
            return Ok(Response::new(EndSessionsResponse::default()));
        };
        let ended = self.store.end_sessions(write::unconditional(&request), ended).await?;
        self.keys.refresh(&self.store).await?;
        Ok(Response::new(EndSessionsResponse { ended_count: ended.try_into().unwrap_or(i32::MAX) }))
    }

    async fn rotate_page_token_key(
        &self,
        request: Request<RotatePageTokenKeyRequest>,
    ) -> Result<Response<RotatePageTokenKeyResponse>, Status> {
        let overlap = request.get_ref().overlap.as_ref().map_or(DEFAULT_TOKEN_OVERLAP, micros);
        if !(0..=MAX_OVERLAP).contains(&overlap) {
            return Err(Error::field("overlap", "must be at most 30 days").into());
        }
        let (key, previous_until) = self.store.rotate_page_token_key(overlap).await?;
        self.keys.refresh(&self.store).await?;
        Ok(Response::new(RotatePageTokenKeyResponse {
            sign_time: Some(timestamp(key.signs_from)),
            previous_expire_time: Some(timestamp(previous_until)),
        }))
    }

    async fn watch_keys(
        &self,
        _: Request<WatchKeysRequest>,
    ) -> Result<Response<BoxStream<WatchKeysResponse>>, Status> {
        let (shared, shutdown) = (self.keys.clone(), self.shutdown.clone());
        Ok(Response::new(Box::pin(try_stream! {
            let mut changed = shared.access.changes();
            let mut page_tokens_changed = shared.page_tokens.changes();
            loop {
                if let Some(keys) = shared.access.keys() {
                    yield watched(&keys, shared.page_tokens.shared());
                }
                let is_open = tokio::select! {
                    changed = changed.changed() => changed.is_ok(),
                    changed = page_tokens_changed.changed() => changed.is_ok(),
                    () = shutdown.cancelled() => false,
                };
                if !is_open {
                    Err(Status::from(Error::ShuttingDown))?;
                }
            }
        })))
    }
}

impl Service {
    /// Without it search and the gateway could not follow the keys.
    fn require_service_secret(&self) -> Result<()> {
        if self.keys.access.knows_services() {
            return Ok(());
        }
        Err(KeyError::NoServiceSecret.into())
    }

    async fn created(&self, key: Key, text: &KeyText) -> Result<CreatedKey> {
        self.keys.refresh(&self.store).await?;
        Ok(CreatedKey { key: Some(message(key)), text: text.as_str().to_owned() })
    }
}

fn new_key(request: CreateKeyRequest, text: &KeyText) -> Result<Key> {
    let CreateKeyRequest { name, scopes, ttl } = request;
    let mut violations = Violations::default();
    if name.is_empty() || name.chars().count() > MAX_NAME || name.contains(char::is_control) {
        violations.add("name", format!("must be 1 to {MAX_NAME} printable characters"));
    }
    let scopes = Scopes::of_key(scopes.iter().map(String::as_str)).unwrap_or_else(|unknown| {
        let known = Scopes::grantable();
        violations.add("scopes", format!("has `{unknown}`, which is none of {known}"));
        Scopes::default()
    });
    let ttl = ttl.as_ref().map(micros);
    if ttl.is_some_and(|ttl| !TTL.contains(&ttl)) {
        violations.add("ttl", "must be a second to 100 years");
    }
    violations.check()?;
    let created_at = now();
    Ok(Key {
        id: text.id().to_owned(),
        name,
        scopes,
        digest: Digest::of(text.as_str()),
        created_at,
        expires_at: ttl.map(|ttl| created_at.saturating_add(ttl)),
        revoked_at: None,
        last_used_at: None,
    })
}

fn message(key: Key) -> wire::Key {
    wire::Key {
        id: key.id,
        name: key.name,
        scopes: names(key.scopes),
        create_time: Some(timestamp(key.created_at)),
        expire_time: key.expires_at.map(timestamp),
        revoke_time: key.revoked_at.map(timestamp),
        last_use_time: key.last_used_at.map(timestamp),
    }
}

fn watched(keys: &access::Keys, page_tokens: Vec<page_token::Key>) -> WatchKeysResponse {
    let digest = |key: &access::KeyRecord| wire::KeyDigest {
        id: key.id.clone(),
        name: key.name.clone(),
        scopes: names(key.scopes),
        digest: key.digest.to_hex(),
        expire_time: key.expires.map(proto::time::timestamp),
        session_of: key
            .session_of
            .as_ref()
            .map(SessionHolder::parts)
            .map(|(kind, id)| wire::SessionHolder { kind: kind.to_owned(), id: id.to_owned() }),
    };
    let page_token_key = |key: page_token::Key| wire::PageTokenKey {
        secret: key.secret.iter().map(|byte| format!("{byte:02x}")).collect(),
        sign_time: Some(proto::time::timestamp(key.signs_from)),
        expire_time: key.opens_until.map(proto::time::timestamp),
    };
    WatchKeysResponse {
        keys: keys.records().map(digest).collect(),
        has_keys: keys.has_keys(),
        page_token_keys: page_tokens.into_iter().map(page_token_key).collect(),
    }
}

fn names(scopes: Scopes) -> Vec<String> {
    scopes.names().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use pbjson_types::Duration;

    use super::*;

    #[test]
    fn key_ends_in_a_year_that_can_be_written() {
        let is_taken = |seconds| {
            let ttl = Some(Duration { seconds, nanos: 0 });
            let request = CreateKeyRequest { name: "import".to_owned(), ttl, ..Default::default() };
            new_key(request, &KeyText::random()).is_ok()
        };
        assert!(is_taken(1) && is_taken(100 * 365 * 86_400));
        // The longest that a duration may be: ten thousand years.
        assert!(!is_taken(0) && !is_taken(-1) && !is_taken(315_576_000_000));
    }
}
