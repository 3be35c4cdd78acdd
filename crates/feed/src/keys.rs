//! Follows the keys that calls are checked against, `catalogue.v1.KeyService.WatchKeys`.

use std::time::{Duration, SystemTime};

use access::{Access, Digest, KeyRecord, Keys, Scopes};
use backoff::Backoff;
use proto::catalogue::v1::{
    KeyDigest, WatchKeysRequest, WatchKeysResponse, key_service_client::KeyServiceClient,
};
use tokio::time::sleep;
use tonic::{Code, Request, Status};

use crate::Connection;

/// Delays before reconnecting: a revocation is to arrive within 5 seconds.
const BACKOFF: Backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(1));

/// Keeps the keys of `access` those of the catalogue, for ever. While the catalogue cannot be reached, those
/// known stay valid.
pub async fn follow_keys<C: Connection>(client: KeyServiceClient<C>, access: Access) {
    let mut backoff = BACKOFF;
    let mut is_failing = false;
    loop {
        let (mut client, mut received) = (client.clone(), false);
        let ended = watch(&mut client, &access, &mut received).await;
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
    received: &mut bool,
) -> Result<(), Status> {
    let mut request = Request::new(WatchKeysRequest {});
    if let Some(secret) = access.secret() {
        let header = secret.header();
        let text = header.to_str().map_err(|_| Status::internal("the secret is no text"))?;
        let value = text.parse().map_err(|_| Status::internal("the secret is no text"))?;
        request.metadata_mut().insert("authorization", value);
    }
    let mut stream = client.watch_keys(request).await?.into_inner();
    while let Some(WatchKeysResponse { keys, has_keys }) = stream.message().await? {
        *received = true;
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

/// A key without those of its scopes that this version does not know.
fn record(key: KeyDigest) -> Option<KeyRecord> {
    let known =
        key.scopes.iter().map(String::as_str).filter(|name| Scopes::of_key([*name]).is_ok());
    let expires = key.expire_time.map(|at| {
        let seconds = Duration::from_secs(u64::try_from(at.seconds).unwrap_or(0));
        SystemTime::UNIX_EPOCH
            + seconds
            + Duration::from_nanos(u64::try_from(at.nanos).unwrap_or(0))
    });
    Some(KeyRecord {
        scopes: Scopes::of_key(known).ok()?,
        digest: Digest::from_hex(&key.digest)?,
        id: key.id,
        name: key.name,
        expires,
    })
}
