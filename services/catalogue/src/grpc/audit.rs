//! `AuditService`: the audit trail.

use std::time::SystemTime;

use ::audit::Event;
use page_token::Keyring;
use pbjson_types::Timestamp;
use proto::catalogue::v1::{
    self as wire, AuditEvent, ErasePersonRequest, ErasePersonResponse, KeyUse,
    ListAuditEventsRequest, ListAuditEventsResponse, RecordAuditEventsRequest,
    RecordAuditEventsResponse,
};
use proto::time::{system_time, timestamp};
use tonic::{Request, Response, Status};

use super::{pages::page_size, write};
use crate::{
    domain::{AuditQuery, Error, Micros, Person, Result, Violations},
    store::Store,
};

const DEFAULT_PAGE: usize = 100;
const MAX_PAGE: usize = 1_000;
/// Maximum length of a text, in characters: of a principal with its note.
const MAX_TEXT: usize = 256;
/// Purpose that page tokens are bound to.
const PURPOSE: &str = "audit";
/// Maximum events, and uses of keys, in one request of another service.
const MAX_RECORDED: usize = 2_000;

pub(super) struct Service {
    pub(super) store: Store,
    pub(super) page_tokens: Keyring,
}

#[tonic::async_trait]
impl wire::audit_service_server::AuditService for Service {
    async fn list_audit_events(
        &self,
        request: Request<ListAuditEventsRequest>,
    ) -> Result<Response<ListAuditEventsResponse>, Status> {
        let request = request.into_inner();
        let limit = page_size(request.page_size, DEFAULT_PAGE, MAX_PAGE)? as u64;
        let token = request.page_token.clone();
        let query = query(request)?;
        let binding = format!("{query:?}");
        let below = match token.as_str() {
            "" => None,
            token => Some(self.open(&binding, token).ok_or(Error::PageToken)?),
        };
        let mut events = self.store.audit_events(query, below, limit + 1).await?;
        let has_more = events.len() as u64 > limit;
        events.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let last = events.last().filter(|_| has_more).map(|(id, _)| id.to_be_bytes());
        let next_page_token =
            last.map(|last| self.page_tokens.seal(PURPOSE, &binding, &last)).unwrap_or_default();
        let events = events.into_iter().map(|(id, event)| message(id, event)).collect();
        Ok(Response::new(ListAuditEventsResponse { events, next_page_token }))
    }

    async fn erase_person(
        &self,
        request: Request<ErasePersonRequest>,
    ) -> Result<Response<ErasePersonResponse>, Status> {
        let write = write::unconditional(&request);
        let person = person(request.into_inner())?;
        let pseudonym = format!("erased-{}", uuid::Uuid::new_v4().simple());
        // The trail records that a person was erased, without the name.
        write.context.name_resource(&pseudonym);
        let changed_rows = self.store.erase(write, person, pseudonym.clone()).await?;
        let changed_rows = i64::try_from(changed_rows).unwrap_or(i64::MAX);
        Ok(Response::new(ErasePersonResponse { pseudonym, changed_rows }))
    }

    async fn record_audit_events(
        &self,
        request: Request<RecordAuditEventsRequest>,
    ) -> Result<Response<RecordAuditEventsResponse>, Status> {
        let RecordAuditEventsRequest { events, key_uses } = request.into_inner();
        if events.len() + key_uses.len() > MAX_RECORDED {
            let rule = format!("has more than {MAX_RECORDED} together with key_uses");
            return Err(Error::field("events", rule).into());
        }
        let events = events.into_iter().map(event).collect();
        let uses = key_uses
            .into_iter()
            .map(|KeyUse { key_id, last_use_time }| (key_id, last_use_time.map_or(0, micros)));
        self.store.record_audit(events, uses.collect()).await?;
        Ok(Response::new(RecordAuditEventsResponse {}))
    }
}

impl Service {
    fn open(&self, binding: &str, token: &str) -> Option<i64> {
        let payload = self.page_tokens.open(PURPOSE, binding, token)?;
        Some(i64::from_be_bytes(payload.try_into().ok()?))
    }
}

fn query(request: ListAuditEventsRequest) -> Result<AuditQuery> {
    let ListAuditEventsRequest { principal, method, resource, start_time, end_time, .. } = request;
    let mut violations = Violations::default();
    for (field, text) in [("principal", &principal), ("method", &method), ("resource", &resource)] {
        if text.chars().count() > MAX_TEXT {
            violations.add(field, format!("must be at most {MAX_TEXT} characters"));
        }
    }
    violations.check()?;
    let (start, end) = (start_time.map(micros), end_time.map(micros));
    Ok(AuditQuery { principal, method, resource, start, end })
}

fn person(request: ErasePersonRequest) -> Result<Person> {
    let ErasePersonRequest { name, address } = request;
    if name.is_empty() && address.is_empty() {
        return Err(Error::field("name", "is required, or address"));
    }
    let mut violations = Violations::default();
    if name.chars().count() > MAX_TEXT || name.contains(char::is_control) {
        violations.add("name", format!("must be at most {MAX_TEXT} printable characters"));
    }
    let parsed: Option<std::net::IpAddr> = address.parse().ok();
    if !address.is_empty() && parsed.is_none() {
        violations.add("address", "must be an IP address");
    }
    violations.check()?;
    let name = Some(name).filter(|name| !name.is_empty());
    Ok(Person { name, address: parsed.map(|address| address.to_canonical().to_string()) })
}

fn message(id: i64, event: Event) -> AuditEvent {
    AuditEvent {
        id,
        time: Some(timestamp(event.at)),
        principal: event.principal,
        key_id: event.key_id,
        address: event.address,
        method: event.method,
        resource: event.resource,
        request_id: event.request_id,
        note: event.note,
        revision: event.revision,
        outcome: event.outcome,
        count: event.count,
    }
}

fn event(message: AuditEvent) -> Event {
    let at = message.time.as_ref().and_then(system_time);
    let at = at.unwrap_or_else(SystemTime::now);
    let text = |text: String| text.chars().take(MAX_TEXT).collect();
    Event {
        at,
        principal: text(message.principal),
        key_id: text(message.key_id),
        address: text(message.address),
        method: text(message.method),
        resource: text(message.resource),
        request_id: text(message.request_id),
        note: text(message.note),
        revision: message.revision,
        outcome: text(message.outcome),
        count: message.count,
    }
}

/// Converts a time to microseconds: rounded down, and saturating.
fn micros(time: Timestamp) -> Micros {
    time.seconds.saturating_mul(1_000_000).saturating_add(i64::from(time.nanos) / 1_000)
}
