//! The fake catalogue's settings.

use std::{
    pin::Pin,
    sync::{Arc, Mutex},
};

use proto::catalogue::v1::{
    AdoptSettingsRequest, AdoptSettingsResponse, DeleteSettingRequest, PutSettingRequest, Setting,
    WatchSettingsRequest, WatchSettingsResponse, setting_service_server::SettingService,
};
use rpc::status::error;
use tokio::sync::watch;
use tokio_stream::{Stream, StreamExt as _, wrappers::WatchStream};
use tonic::{Code, Request, Response, Status};

/// All changes of settings, the oldest first. Cheap to clone; clones share them.
#[derive(Clone, Default)]
pub(crate) struct FakeSettings {
    changes: Arc<Mutex<Vec<Setting>>>,
    revision: watch::Sender<i64>,
}

impl FakeSettings {
    /// Makes a change as another replica of search would.
    pub(crate) fn put(&self, name: &str, value: &str) {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.change(Setting { name, value, ..Setting::default() }, "").unwrap();
    }

    /// The settings that there are, by name.
    pub(crate) fn all(&self) -> Vec<Setting> {
        let changes = self.changes.lock().unwrap();
        let mut newest = std::collections::BTreeMap::new();
        for change in changes.iter() {
            newest.insert(change.name.clone(), change.clone());
        }
        newest.into_values().filter(|setting| !setting.deleted).collect()
    }

    fn change(&self, mut setting: Setting, etag: &str) -> Result<Setting, Status> {
        let old = self.all().into_iter().find(|old| old.name == setting.name);
        if !etag.is_empty() && old.as_ref().map(|old| old.etag.as_str()) != Some(etag) {
            return Err(error(Code::Aborted, "ETAG_MISMATCH", "it has changed"));
        }
        if setting.deleted && old.is_none() {
            return Err(error(Code::NotFound, "SETTING_NOT_FOUND", "it does not exist"));
        }
        let mut changes = self.changes.lock().unwrap();
        setting.revision = changes.len() as i64 + 1;
        setting.etag = format!("e{}", setting.revision);
        changes.push(setting.clone());
        self.revision.send_replace(setting.revision);
        Ok(setting)
    }
}

#[tonic::async_trait]
impl SettingService for FakeSettings {
    async fn put_setting(
        &self,
        request: Request<PutSettingRequest>,
    ) -> Result<Response<Setting>, Status> {
        let PutSettingRequest { name, value, etag } = request.into_inner();
        let setting = Setting { name, value, ..Setting::default() };
        Ok(Response::new(self.change(setting, &etag)?))
    }

    async fn delete_setting(
        &self,
        request: Request<DeleteSettingRequest>,
    ) -> Result<Response<Setting>, Status> {
        let DeleteSettingRequest { name, etag } = request.into_inner();
        let setting = Setting { name, deleted: true, ..Setting::default() };
        Ok(Response::new(self.change(setting, &etag)?))
    }

    async fn adopt_settings(
        &self,
        request: Request<AdoptSettingsRequest>,
    ) -> Result<Response<AdoptSettingsResponse>, Status> {
        let mut adopted = 0;
        for PutSettingRequest { name, value, .. } in request.into_inner().settings {
            let is_used = self.changes.lock().unwrap().iter().any(|change| change.name == name);
            if !is_used {
                self.change(Setting { name, value, ..Setting::default() }, "")?;
                adopted += 1;
            }
        }
        Ok(Response::new(AdoptSettingsResponse { adopted }))
    }

    async fn watch_settings(
        &self,
        _: Request<WatchSettingsRequest>,
    ) -> Result<Response<Events>, Status> {
        let (settings, mut sent) = (self.clone(), None);
        let states = WatchStream::new(self.revision.subscribe()).map(move |_| {
            let changes = settings.changes.lock().unwrap().clone();
            let (reset, revision) = (sent.is_none(), changes.len() as i64);
            let after = sent.replace(changes.len()).unwrap_or(0);
            let changed = if reset { settings.all() } else { changes[after..].to_vec() };
            Ok(WatchSettingsResponse { settings: changed, reset, complete: true, revision })
        });
        Ok(Response::new(Box::pin(states)))
    }
}

type Events = Pin<Box<dyn Stream<Item = Result<WatchSettingsResponse, Status>> + Send>>;
