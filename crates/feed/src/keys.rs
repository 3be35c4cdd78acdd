//! Follows the keys that services share, `catalogue.v1.KeyService.WatchKeys`.

use std::time::{Duration, UNIX_EPOCH};

use access::{Access, Digest, KeyRecord, Keys, LastUse, Scopes, SessionHolder};
use backoff::Backoff;
use page_token::Keyring;
use proto::{
    catalogue::v1::{
        KeyDigest, PageTokenKey, WatchKeysRequest, WatchKeysResponse,
        key_service_client::KeyServiceClient,
    },
    time::system_time,
};
use tokio::time::sleep;
use tonic::{Code, Request, Status, codegen::http::HeaderMap, metadata::MetadataMap};

use crate::Connection;

/// Delays before reconnecting: a revocation is to arrive within 5 seconds.
const BACKOFF: Backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(1));

/// Copies the catalogue's keys to `access`, for ever, and the keys of page tokens to `page_tokens` if the service
/// signs any. While the catalogue cannot be reached, the last copies stay valid.
pub async fn follow_keys<C: Connection>(
    client: KeyServiceClient<C>,
    access: Access,
    page_tokens: Option<Keyring>,
) {
    let mut backoff = BACKOFF;
    let mut is_failing = false;
    loop {
        let (mut client, mut received) = (client.clone(), false);
        let ended = watch(&mut client, &access, page_tokens.as_ref(), &mut received).await;
        if received {
            backoff.reset();
            is_failing = false;
        }
        if let Err(status) = ended {
            if !is_failing {
                warn(&status);
            }
            is_failing = true;
            if status.code() == Code::Unauthenticated {
                // Only once keys exist is a service without the secret refused.
                access.replace_keys(Keys::new([], true));
            }
        }
        sleep(backoff.next_delay()).await;
    }
}

async fn watch<C: Connection>(
    client: &mut KeyServiceClient<C>,
    access: &Access,
    page_tokens: Option<&Keyring>,
    received: &mut bool,
) -> Result<(), Status> {
    let mut request = Request::new(WatchKeysRequest {});
    let mut headers = HeaderMap::new();
    access.sign_own(&mut headers);
    *request.metadata_mut() = MetadataMap::from_headers(headers);
    let mut stream = client.watch_keys(request).await?.into_inner();
    while let Some(watched) = stream.message().await? {
        let WatchKeysResponse { keys, has_keys, page_token_keys } = watched;
        *received = true;
        let page_token_keys: Vec<_> = page_token_keys.iter().filter_map(page_token_key).collect();
        // A catalogue of an earlier version has none.
        if let Some(page_tokens) = page_tokens
            && !page_token_keys.is_empty()
        {
            page_tokens.replace(page_token_keys);
        }
        access.replace_keys(Keys::new(keys.into_iter().filter_map(record), has_keys));
    }
    Ok(())
}

fn warn(status: &Status) {
    match status.code() {
        Code::Unauthenticated | Code::PermissionDenied => tracing::error!(
            error = status.message(),
            "the catalogue has keys, and does not tell them: start this service with its --service-secret-file"
        ),
        Code::Unimplemented => tracing::debug!("the catalogue has no keys to follow"),
        _ => tracing::debug!(error = status.message(), "the keys cannot be followed just now"),
    }
}

/// The key, with the scopes that this version knows. `None` for a session of whom this version does not know.
fn record(key: KeyDigest) -> Option<KeyRecord> {
    // A time that the system cannot represent counts as passed.
    let expires = |at| system_time(at).unwrap_or(UNIX_EPOCH);
    let session_of = match key.session_of {
        Some(holder) => Some(SessionHolder::of(&holder.kind, holder.id)?),
        None => None,
    };
    Some(KeyRecord {
        scopes: Scopes::known(key.scopes.iter().map(String::as_str)),
        digest: Digest::from_hex(&key.digest)?,
        expires: key.expire_time.as_ref().map(expires),
        id: key.id,
        name: key.name,
        last_use: LastUse::default(),
        session_of,
    })
}

fn page_token_key(key: &PageTokenKey) -> Option<page_token::Key> {
    Some(page_token::Key {
        secret: secret(&key.secret)?,
        signs_from: system_time(key.sign_time.as_ref()?)?,
        // A time that cannot be read counts as past.
        opens_until: key.expire_time.as_ref().map(|at| system_time(at).unwrap_or(UNIX_EPOCH)),
    })
}

/// The bytes of 64 hexadecimal digits.
fn secret(digits: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if digits.len() != 2 * bytes.len() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}
