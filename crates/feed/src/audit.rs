//! Sends a service's part of the audit trail to the catalogue, which stores it.

use std::time::{Duration, SystemTime};

use ::audit::{Event, Trail};
use access::Access;
use proto::{
    catalogue::v1::{
        AuditEvent, KeyUse, RecordAuditEventsRequest, audit_service_client::AuditServiceClient,
    },
    time::timestamp,
};
use tokio::{
    task::JoinHandle,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use tonic::{Code, Request, Status, codegen::http::HeaderMap, metadata::MetadataMap};

use crate::Connection;

const INTERVAL: Duration = Duration::from_secs(1);
const TIMEOUT: Duration = Duration::from_secs(5);
/// Time for the last events at the end of the process.
const LAST_TIMEOUT: Duration = Duration::from_secs(1);

/// Sends the events of a trail, and when keys were used.
#[derive(Debug, Clone)]
pub struct AuditSender<C> {
    client: AuditServiceClient<C>,
    access: Access,
    trail: Trail,
    is_failing: bool,
}

impl<C: Connection> AuditSender<C> {
    /// A sender of the events of `trail`, and of the uses of the keys of `access`.
    pub fn new(client: AuditServiceClient<C>, access: &Access, trail: &Trail) -> Self {
        Self { client, access: access.clone(), trail: trail.clone(), is_failing: false }
    }

    /// Sends until `shutdown`, and then the rest, in a separate task.
    pub fn spawn(mut self, shutdown: CancellationToken) -> JoinHandle<()> {
        tokio::spawn(async move {
            shutdown.run_until_cancelled(self.run()).await;
            self.send_rest().await;
        })
    }

    /// Sends the new events each second, for ever.
    pub async fn run(&mut self) {
        loop {
            sleep(INTERVAL).await;
            self.send(self.trail.take(), TIMEOUT).await;
        }
    }

    /// Sends the remaining events, before the process ends.
    pub async fn send_rest(&mut self) {
        self.send(self.trail.take_rest(), LAST_TIMEOUT).await;
    }

    async fn send(&mut self, events: Vec<Event>, limit: Duration) {
        let uses = self.access.keys().map(|keys| keys.uses()).unwrap_or_default();
        if events.is_empty() && uses.is_empty() {
            return;
        }
        let request = RecordAuditEventsRequest {
            events: events.iter().cloned().map(message).collect(),
            key_uses: uses.into_iter().map(key_use).collect(),
        };
        let mut request = Request::new(request);
        let mut headers = HeaderMap::new();
        self.access.sign_own(&mut headers);
        *request.metadata_mut() = MetadataMap::from_headers(headers);
        let sent = timeout(limit, self.client.record_audit_events(request)).await;
        let sent = sent.unwrap_or_else(|_| Err(Status::deadline_exceeded("no response in time")));
        match sent {
            Ok(_) => self.is_failing = false,
            Err(status) => self.on_failure(&status, events),
        }
    }

    /// Keeps the events to send them again, unless the catalogue would not take them then either.
    fn on_failure(&mut self, status: &Status, events: Vec<Event>) {
        if !std::mem::replace(&mut self.is_failing, true) {
            let error = status.message();
            tracing::warn!(
                error,
                "audit events cannot be sent to the catalogue; they are in the log"
            );
        }
        let is_final = [Code::Unauthenticated, Code::PermissionDenied, Code::InvalidArgument];
        if !is_final.contains(&status.code()) && status.code() != Code::Unimplemented {
            self.trail.put_back(events);
        }
    }
}

fn message(event: Event) -> AuditEvent {
    AuditEvent {
        id: 0,
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

fn key_use((key_id, at): (String, SystemTime)) -> KeyUse {
    KeyUse { key_id, last_use_time: Some(timestamp(at)) }
}
