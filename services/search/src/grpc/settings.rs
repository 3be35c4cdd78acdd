//! Changes of settings, which the catalogue keeps.

use std::time::Duration;

use proto::catalogue::v1::{
    DeleteSettingRequest, PutSettingRequest, Setting as Wire,
    setting_service_client::SettingServiceClient,
};
use rpc::status::{error, reason};
use tokio::time::timeout;
use tonic::{Code, Request, Status, metadata::MetadataMap};
use upstream::Upstream;

use crate::settings::{Setting, SettingName, Store};

/// Metadata that is passed on to the catalogue: it checks the credential and records the actor.
const PASSED_ON: [&str; 3] = ["authorization", "x-actor", "x-request-id"];
/// The time for a change to come back from the catalogue. If it takes longer, it is in force a little later.
const APPLY_TIMEOUT: Duration = Duration::from_secs(2);

/// Makes changes on behalf of callers. Cheap to clone.
#[derive(Clone)]
pub(crate) struct SettingsWriter {
    client: SettingServiceClient<Upstream>,
    settings: Store,
}

impl SettingsWriter {
    /// A writer that calls the catalogue. Its calls have a deadline.
    pub(crate) fn new(catalogue: Upstream, settings: Store) -> Self {
        Self { client: SettingServiceClient::new(catalogue), settings }
    }

    /// Writes a setting if its etag is still `etag`, which may be empty, and waits until it is in force here. Returns
    /// its new etag.
    ///
    /// # Errors
    /// ETAG_MISMATCH, SETTING_LIMIT, SETTINGS_UNAVAILABLE, or the catalogue's refusal of the caller.
    pub(super) async fn put(
        &self,
        caller: &MetadataMap,
        setting: &Setting,
        etag: String,
    ) -> Result<String, Status> {
        let name = setting.name();
        let value = setting.value().map_err(|error| Status::internal(error.to_string()))?;
        let request = PutSettingRequest { name: name.to_string(), value, etag };
        let written = self.client.clone().put_setting(on_behalf_of(caller, request)).await;
        self.in_force(&name, written.map(tonic::Response::into_inner)).await
    }

    /// Deletes a setting, as [`put`](Self::put).
    ///
    /// # Errors
    /// As for `put`; NOT_FOUND if it does not exist.
    pub(super) async fn delete(
        &self,
        caller: &MetadataMap,
        name: &SettingName,
        etag: String,
    ) -> Result<(), Status> {
        let request = DeleteSettingRequest { name: name.to_string(), etag };
        let deleted = self.client.clone().delete_setting(on_behalf_of(caller, request)).await;
        self.in_force(name, deleted.map(tonic::Response::into_inner)).await.map(drop)
    }

    async fn in_force(
        &self,
        name: &SettingName,
        written: Result<Wire, Status>,
    ) -> Result<String, Status> {
        let written = written.map_err(|status| refusal(name, &status))?;
        if timeout(APPLY_TIMEOUT, self.settings.reached(written.revision)).await.is_err() {
            let revision = written.revision;
            tracing::warn!(revision, "a changed setting is not in force here yet");
        }
        Ok(written.etag)
    }
}

fn on_behalf_of<T>(caller: &MetadataMap, request: T) -> Request<T> {
    let mut request = Request::new(request);
    for name in PASSED_ON {
        if let Some(value) = caller.get(name) {
            request.metadata_mut().insert(name, value.clone());
        }
    }
    request
}

/// The status of a change that the catalogue has not made.
fn refusal(name: &SettingName, status: &Status) -> Status {
    let not_found = match name {
        SettingName::Synonym(_) => "SYNONYM_NOT_FOUND",
        SettingName::Control(_) => "CONTROL_NOT_FOUND",
        SettingName::StopWords | SettingName::Ranking => "SETTING_NOT_FOUND",
    };
    match (status.code(), reason(status).as_deref()) {
        (Code::NotFound, _) => error(Code::NotFound, not_found, status.message()),
        (Code::ResourceExhausted, Some("SETTING_LIMIT")) => {
            error(Code::FailedPrecondition, "SETTING_LIMIT", status.message())
        }
        (Code::Unavailable | Code::DeadlineExceeded | Code::Unimplemented | Code::Internal, _) => {
            tracing::error!(error = status.message(), "a setting could not be changed");
            let message = "the catalogue, which keeps the settings, does not respond: what holds is unchanged, \
                           unless it has made the change and its response was lost; ask, and try again";
            error(Code::Unavailable, "SETTINGS_UNAVAILABLE", message)
        }
        // ETAG_MISMATCH, and refusals of the caller.
        _ => {
            let mut passed = Status::with_details(
                status.code(),
                status.message(),
                status.details().to_vec().into(),
            );
            if let Some(challenge) = status.metadata().get("www-authenticate") {
                passed.metadata_mut().insert("www-authenticate", challenge.clone());
            }
            passed
        }
    }
}
