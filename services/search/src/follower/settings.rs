//! Follows the settings that the catalogue keeps, `catalogue.v1.SettingService.WatchSettings`.

use std::time::Duration;

use backoff::Backoff;
use proto::catalogue::v1::{
    AdoptSettingsRequest, PutSettingRequest, Setting as Wire, WatchSettingsRequest,
    setting_service_client::SettingServiceClient,
};
use server::Health;
use tokio::time::sleep;
use tonic::{Code, Status};

use super::Catalogue;
use crate::settings::{self, Change, Setting, SettingName};

/// Delays before reconnecting: a change is to be in force within a second.
const BACKOFF: Backoff = Backoff::new(Duration::from_millis(50), Duration::from_millis(500));
/// Settings of one request for adoption, and their size in bytes, at most.
const ADOPTION_COUNT: usize = 1_000;
const ADOPTION_BYTES: usize = 2 << 20;
const DEPENDENCY: &str = "settings";

/// The catalogue's settings, as search follows them.
pub(crate) type SettingsClient = SettingServiceClient<Catalogue>;

/// Follows the catalogue's settings, for ever, and keeps them in force. While it cannot be reached, the last ones stay.
pub(crate) async fn follow_settings(
    client: SettingsClient,
    settings: settings::Store,
    health: Health,
) {
    let mut backoff = BACKOFF;
    let mut is_failing = false;
    loop {
        let mut received = false;
        let ended = follow(client.clone(), &settings, &health, &mut received).await;
        if received {
            backoff.reset();
            is_failing = false;
        }
        if let Err(status) = ended
            && !std::mem::replace(&mut is_failing, true)
        {
            warn(&status);
            if status.code() == Code::Unimplemented {
                // Of an earlier version: there are no others than this replica's own.
                health.set(DEPENDENCY, Ok(()));
            }
        }
        sleep(backoff.next_delay()).await;
    }
}

async fn follow(
    mut client: SettingsClient,
    settings: &settings::Store,
    health: &Health,
    received: &mut bool,
) -> Result<(), Status> {
    adopt(&mut client, settings).await?;
    let mut stream = client.watch_settings(WatchSettingsRequest {}).await?.into_inner();
    let (mut changes, mut reset) = (Vec::new(), false);
    while let Some(message) = stream.message().await? {
        *received = true;
        if message.reset {
            (changes, reset) = (Vec::new(), true);
        }
        changes.extend(message.settings.into_iter().filter_map(change));
        if message.complete {
            let (complete, whole) = (std::mem::take(&mut changes), std::mem::take(&mut reset));
            let applied = settings.apply(complete, whole, message.revision).await;
            applied.map_err(|error| Status::internal(error.to_string()))?;
            health.set(DEPENDENCY, Ok(()));
        }
    }
    Ok(())
}

/// Sends the catalogue the settings that this replica kept by itself in an earlier version, in requests of bounded
/// size.
async fn adopt(client: &mut SettingsClient, settings: &settings::Store) -> Result<(), Status> {
    let Some(own) = settings.own() else { return Ok(()) };
    let (mut own, mut adopted, mut count) = (own.settings().peekable(), 0, 0);
    while own.peek().is_some() {
        let (mut request, mut bytes) = (Vec::new(), 0);
        while bytes < ADOPTION_BYTES
            && request.len() < ADOPTION_COUNT
            && let Some(setting) = own.next()
        {
            let value = setting.value().map_err(|error| Status::internal(error.to_string()))?;
            bytes += value.len();
            let name = setting.name().to_string();
            request.push(PutSettingRequest { name, value, etag: String::new() });
        }
        count += request.len();
        let request = AdoptSettingsRequest { settings: request };
        adopted += client.adopt_settings(request).await?.into_inner().adopted;
    }
    tracing::info!(count, adopted, "the catalogue keeps the settings of this replica from now on");
    Ok(())
}

/// None for a setting that this version cannot use.
fn change(setting: Wire) -> Option<Change> {
    let name = SettingName::parse(&setting.name)?;
    if setting.deleted {
        return Some(Change::Delete(name));
    }
    let parsed = Setting::parse(&name, &setting.value, setting.etag);
    let log = |error: &serde_json::Error| {
        tracing::warn!(name = setting.name, %error, "ignoring a setting that cannot be read");
    };
    parsed.inspect_err(log).ok().map(Box::new).map(Change::Put)
}

fn warn(status: &Status) {
    let error = status.message();
    match status.code() {
        Code::Unauthenticated | Code::PermissionDenied => tracing::error!(
            error,
            "the catalogue does not send its settings: start this service with its --service-secret-file"
        ),
        Code::Unimplemented => tracing::warn!(
            "the catalogue is of a version that keeps no settings: this replica uses its own"
        ),
        _ => tracing::debug!(error, "the settings cannot be followed just now"),
    }
}
