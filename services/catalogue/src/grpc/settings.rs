//! `SettingService`: settings that all replicas of a service share.

use async_stream::try_stream;
use chassis::CancellationToken;
use page_token::Keyring;
use proto::catalogue::v1::{
    self as wire, AdoptSettingsRequest, AdoptSettingsResponse, DeleteSettingRequest,
    ListSettingChangesRequest, ListSettingChangesResponse, PutSettingRequest, WatchSettingsRequest,
    WatchSettingsResponse,
};
use tonic::{Request, Response, Status, codegen::BoxStream};

use super::{convert::timestamp, pages, write};
use crate::{
    domain::{Error, MAX_SETTING_VALUE, Result, Setting, SettingName},
    store::{SettingState, SettingUpdate, Store, WriteContext},
};

const DEFAULT_PAGE: usize = 50;
const MAX_PAGE: usize = 200;
/// Purpose that page tokens are bound to.
const PURPOSE: &str = "setting-changes";
/// Size of a message of a watch from which on the next one is begun, in bytes.
const MESSAGE_BYTES: usize = 1 << 20;

pub(super) struct Service {
    pub(super) store: Store,
    pub(super) page_tokens: Keyring,
    pub(super) shutdown: CancellationToken,
}

#[tonic::async_trait]
impl wire::setting_service_server::SettingService for Service {
    async fn put_setting(
        &self,
        request: Request<PutSettingRequest>,
    ) -> Result<Response<wire::Setting>, Status> {
        let context = context(&request)?;
        let PutSettingRequest { name, value, etag } = request.into_inner();
        let name = parse_name(name)?;
        check_value(&value)?;
        let update = SettingUpdate { name, value: Some(value), etag };
        Ok(Response::new(message(self.store.update_setting(context, update).await?)))
    }

    async fn delete_setting(
        &self,
        request: Request<DeleteSettingRequest>,
    ) -> Result<Response<wire::Setting>, Status> {
        let context = context(&request)?;
        let DeleteSettingRequest { name, etag } = request.into_inner();
        let update = SettingUpdate { name: parse_name(name)?, value: None, etag };
        Ok(Response::new(message(self.store.update_setting(context, update).await?)))
    }

    async fn adopt_settings(
        &self,
        request: Request<AdoptSettingsRequest>,
    ) -> Result<Response<AdoptSettingsResponse>, Status> {
        let context = context(&request)?;
        let parse = |setting: PutSettingRequest| {
            check_value(&setting.value)?;
            Ok((parse_name(setting.name)?, setting.value))
        };
        let settings = request.into_inner().settings.into_iter().map(parse);
        let settings = settings.collect::<Result<Vec<_>>>()?;
        let adopted = self.store.adopt_settings(context, settings).await?;
        let adopted = i32::try_from(adopted).unwrap_or(i32::MAX);
        Ok(Response::new(AdoptSettingsResponse { adopted }))
    }

    async fn list_setting_changes(
        &self,
        request: Request<ListSettingChangesRequest>,
    ) -> Result<Response<ListSettingChangesResponse>, Status> {
        let ListSettingChangesRequest { name, page_size, page_token } = request.into_inner();
        let size = pages::page_size(page_size, DEFAULT_PAGE, MAX_PAGE)? as u64;
        let below = match page_token.as_str() {
            "" => None,
            token => Some(self.open(&name, token).ok_or(Error::PageToken)?),
        };
        let setting = match name.as_str() {
            "" => None,
            _ => Some(parse_name(name.clone())?),
        };
        let mut changes = self.store.setting_changes(setting, below, size + 1).await?;
        let has_more = changes.len() as u64 > size;
        changes.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        let next_page_token = match changes.last() {
            Some(last) if has_more => {
                self.page_tokens.seal(PURPOSE, &name, &last.revision.to_be_bytes())
            }
            _ => String::new(),
        };
        let changes = changes.into_iter().map(message).collect();
        Ok(Response::new(ListSettingChangesResponse { changes, next_page_token }))
    }

    async fn watch_settings(
        &self,
        _: Request<WatchSettingsRequest>,
    ) -> Result<Response<BoxStream<WatchSettingsResponse>>, Status> {
        let (store, shutdown) = (self.store.clone(), self.shutdown.clone());
        Ok(Response::new(Box::pin(try_stream! {
            let mut newest = store.setting_revisions();
            let mut sent = None;
            loop {
                newest.mark_unchanged();
                let state = store.settings_after(sent).await?;
                if state.is_whole || !state.settings.is_empty() {
                    sent = Some(state.revision);
                    for message in messages(state) {
                        yield message;
                    }
                }
                let is_open = tokio::select! {
                    changed = newest.changed() => changed.is_ok(),
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
    fn open(&self, name: &str, token: &str) -> Option<i64> {
        let payload = self.page_tokens.open(PURPOSE, name, token)?;
        Some(i64::from_be_bytes(payload.try_into().ok()?))
    }
}

/// The context of a write that search makes for its caller, and audits itself.
fn context<T>(request: &Request<T>) -> Result<WriteContext> {
    let context = write::context(request)?;
    if let Some(call) = &context.audit {
        call.changes_nothing();
    }
    Ok(WriteContext { audit: None, ..context })
}

fn parse_name(name: String) -> Result<SettingName> {
    SettingName::parse(name).ok_or_else(|| Error::field("name", SettingName::RULE))
}

fn check_value(value: &str) -> Result<()> {
    if value.len() > MAX_SETTING_VALUE {
        return Err(Error::field("value", format!("must be at most {MAX_SETTING_VALUE} bytes")));
    }
    Ok(())
}

/// The messages of a state, of bounded size; the last one completes it.
fn messages(state: SettingState) -> Vec<WatchSettingsResponse> {
    let mut messages = vec![WatchSettingsResponse { reset: state.is_whole, ..Default::default() }];
    let mut size = 0;
    for setting in state.settings {
        let setting = message(setting);
        size += setting.name.len() + setting.value.len() + setting.actor.len();
        if size > MESSAGE_BYTES {
            messages.push(WatchSettingsResponse::default());
            size = 0;
        }
        if let Some(last) = messages.last_mut() {
            last.settings.push(setting);
        }
    }
    if let Some(last) = messages.last_mut() {
        (last.complete, last.revision) = (true, state.revision);
    }
    messages
}

fn message(setting: Setting) -> wire::Setting {
    wire::Setting {
        etag: setting.etag(),
        deleted: setting.value.is_none(),
        name: setting.name,
        value: setting.value.unwrap_or_default(),
        revision: setting.revision,
        update_time: Some(timestamp(setting.changed_at)),
        actor: setting.actor,
    }
}
