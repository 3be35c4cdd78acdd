//! The check of a call's credential.

use std::{
    fmt,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, SystemTime},
};

use arc_swap::ArcSwapOption;
use contract::Method;
use http::{HeaderMap, header::AUTHORIZATION};
use tokio::{sync::watch, time::sleep};

use crate::{
    args::{AccessArgs, Mode},
    caller::{Caller, Principal},
    key::{Digest, KeyText},
    keys::Keys,
    refusal::Refusal,
    scopes::Scopes,
    secret::ServiceSecret,
};

/// Checks calls. Cheap to clone; clones share the keys.
#[derive(Clone)]
pub struct Access(Arc<Inner>);

struct Inner {
    mode: Option<Mode>,
    secret: Option<ServiceSecret>,
    /// `None` until they are known.
    keys: ArcSwapOption<Keys>,
    /// Marked as changed when the keys are others.
    changed: watch::Sender<()>,
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").field("mode", &self.0.mode).finish_non_exhaustive()
    }
}

impl Access {
    /// The access of a service that listens on `addr`.
    ///
    /// # Errors
    /// The settings do not suffice for that address, or the secret cannot be read.
    pub fn new(args: &AccessArgs, addr: SocketAddr) -> anyhow::Result<Self> {
        args.check(addr)?;
        let secret = args.service_secret_file.as_deref().map(ServiceSecret::read).transpose()?;
        Ok(Self::with(args.access, secret))
    }

    fn with(mode: Option<Mode>, secret: Option<ServiceSecret>) -> Self {
        let (keys, changed) = (ArcSwapOption::empty(), watch::Sender::new(()));
        Self(Arc::new(Inner { mode, secret, keys, changed }))
    }

    /// The secret that the services share, if they do.
    pub fn secret(&self) -> Option<&ServiceSecret> {
        self.0.secret.as_ref()
    }

    /// Replaces the keys. Calls are checked against these from now on, and streams of callers that have lost
    /// a right end.
    pub fn replace_keys(&self, keys: Keys) {
        if self.0.keys.load().as_deref() == Some(&keys) {
            return;
        }
        self.0.keys.store(Some(Arc::new(keys)));
        self.0.changed.send_replace(());
    }

    /// The keys, once they are known.
    pub fn keys(&self) -> Option<Arc<Keys>> {
        self.0.keys.load_full()
    }

    /// A receiver that is marked as changed when the keys are others.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.0.changed.subscribe()
    }

    /// Checks the credential in `headers` and that it has the scope that the method needs.
    ///
    /// # Errors
    /// The call may not be made.
    pub fn authorize(&self, method: Method, headers: &HeaderMap) -> Result<Caller, Refusal> {
        let Some(needed) = method.scope else { return Ok(Caller::ANONYMOUS) };
        let caller = self.authenticate(headers)?;
        if caller.may(needed) {
            return Ok(caller);
        }
        Err(match caller.principal {
            Principal::Anonymous => Refusal::Missing(needed),
            Principal::Key(_) | Principal::Service => Refusal::Scope(needed),
        })
    }

    /// Checks the credential in `headers`.
    ///
    /// # Errors
    /// There is one, and it is not valid.
    pub fn authenticate(&self, headers: &HeaderMap) -> Result<Caller, Refusal> {
        let mut credentials = headers.get_all(AUTHORIZATION).iter();
        let Some(credential) = credentials.next() else { return Ok(self.anonymous()) };
        if credentials.next().is_some() {
            return Err(Refusal::Invalid);
        }
        let credential = credential.to_str().ok().and_then(bearer).ok_or(Refusal::Invalid)?;
        if let Some(id) = KeyText::id_in(credential) {
            return self.holder(id, credential);
        }
        match &self.0.secret {
            Some(secret) if secret.digest() == Digest::of(credential) => {
                Ok(Caller { principal: Principal::Service, scopes: Scopes::ALL })
            }
            _ => Err(Refusal::Invalid),
        }
    }

    /// Waits until a stream of this caller must end, and returns why: a right is lost or gained.
    pub async fn ended(self, headers: HeaderMap, caller: Caller) -> Refusal {
        let mut changed = self.0.changed.subscribe();
        loop {
            match self.authenticate(&headers) {
                Err(Refusal::Unavailable) => {}
                Err(refusal) => return refusal,
                Ok(now) if now.scopes != caller.scopes => return Refusal::Changed,
                Ok(_) => {}
            }
            let expires = match &caller.principal {
                Principal::Key(key) => key.expires,
                Principal::Anonymous | Principal::Service => None,
            };
            tokio::select! {
                // The sender is `self`'s.
                _ = changed.changed() => {}
                () = until(expires) => {}
            }
        }
    }

    fn anonymous(&self) -> Caller {
        let is_open = match self.0.mode {
            Some(Mode::Open) => true,
            Some(Mode::Keys) => false,
            // With a secret there may be keys: until they are known, no more is shown than if there were.
            None => match self.0.keys.load().as_deref() {
                Some(keys) => !keys.has_keys(),
                None => self.0.secret.is_none(),
            },
        };
        if is_open { Caller::UNRESTRICTED } else { Caller::ANONYMOUS }
    }

    fn holder(&self, id: &str, credential: &str) -> Result<Caller, Refusal> {
        let keys = self.0.keys.load();
        let keys = keys.as_deref().ok_or(Refusal::Unavailable)?;
        let key = keys.by_id.get(id).ok_or(Refusal::Invalid)?;
        if key.digest != Digest::of(credential) {
            return Err(Refusal::Invalid);
        }
        if key.expires.is_some_and(|expires| expires <= SystemTime::now()) {
            return Err(Refusal::Expired);
        }
        Ok(Caller { principal: Principal::Key(Arc::clone(key)), scopes: key.scopes })
    }
}

/// Only the headers of `headers` that carry a credential, to check it again or to pass it on.
pub fn credential_of(headers: &HeaderMap) -> HeaderMap {
    let values = headers.get_all(AUTHORIZATION).iter();
    values.map(|value| (AUTHORIZATION, value.clone())).collect()
}

/// The credential in the value of `authorization` (RFC 6750, section 2.1).
fn bearer(value: &str) -> Option<&str> {
    let (scheme, credential) = value.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !credential.is_empty()).then_some(credential)
}

async fn until(expires: Option<SystemTime>) {
    let Some(expires) = expires else { return std::future::pending().await };
    // Once a day at least: clocks are set, and timers have an end.
    let left = expires.duration_since(SystemTime::now()).unwrap_or_default();
    sleep(left.clamp(Duration::from_millis(10), Duration::from_secs(86_400))).await;
}

#[cfg(test)]
mod tests;
