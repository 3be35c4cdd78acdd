//! Where a call comes from.

use std::{
    fmt,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use http::HeaderValue;

use crate::{caller::Caller, certificates::CertificateRole, key::is_same, limits::Buckets};

/// Where the calls of a connection come from. An extension of each request; cheap to clone.
#[derive(Clone)]
pub struct Origin(Arc<Inner>);

struct Inner {
    /// Address of the connection's peer.
    peer: IpAddr,
    role: CertificateRole,
    /// Of the peer's address; `None` if it stands for many clients, or there are no limits.
    buckets: Option<Arc<Buckets>>,
    /// The last credential: most connections have only one.
    last: Mutex<Option<Checked>>,
}

/// A credential that is valid.
struct Checked {
    credential: HeaderValue,
    /// Of the keys against which it was checked.
    generation: u64,
    caller: Caller,
}

impl Origin {
    pub(crate) fn new(peer: IpAddr, role: CertificateRole, buckets: Option<Arc<Buckets>>) -> Self {
        Self(Arc::new(Inner { peer, role, buckets, last: Mutex::new(None) }))
    }

    /// Address of the connection's peer.
    pub fn peer(&self) -> IpAddr {
        self.0.peer
    }

    pub(crate) fn role(&self) -> &CertificateRole {
        &self.0.role
    }

    pub(crate) fn buckets(&self) -> Option<&Buckets> {
        self.0.buckets.as_deref()
    }

    /// The caller with a credential, if it is the last one of the connection and was checked against the keys of this
    /// generation.
    pub(crate) fn known(&self, credential: &HeaderValue, generation: u64) -> Option<Caller> {
        let last = self.last();
        let last = last.as_ref().filter(|last| last.generation == generation)?;
        let is_known = is_same(last.credential.as_bytes(), credential.as_bytes());
        let expires = last.caller.principal.expires();
        let is_valid = expires.is_none_or(|expires| expires > SystemTime::now());
        (is_known && is_valid).then(|| last.caller.clone())
    }

    pub(crate) fn keep(&self, credential: &HeaderValue, generation: u64, caller: &Caller) {
        let credential = credential.clone();
        *self.last() = Some(Checked { credential, generation, caller: caller.clone() });
    }

    fn last(&self) -> MutexGuard<'_, Option<Checked>> {
        self.0.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Origin").field("peer", &self.0.peer).finish_non_exhaustive()
    }
}
