//! The check of a call's credential.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, SystemTime},
};

use arc_swap::ArcSwapOption;
use contract::{Class, Method};
use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
use tokio::{sync::watch, time::sleep};

use crate::{
    address::TrustedProxies,
    args::{AccessArgs, Mode},
    caller::{Caller, Principal},
    certificates::{self, CertificateRole, ClientCertificate},
    credential::{bearer, replace},
    forwarded::{self, CLIENT_ADDRESS, FORWARDED_CALLER, SERVICE_PROOF},
    key::{Digest, KeyText},
    keys::Keys,
    limits::{Counted, Exceeded, Limits, Standing},
    origin::Origin,
    refusal::Refusal,
    secret::ServiceSecret,
    tokens::Tokens,
};

/// Checks calls. Cheap to clone; clones share the keys.
#[derive(Clone)]
pub struct Access(Arc<Inner>);

struct Inner {
    mode: Option<Mode>,
    secret: Option<ServiceSecret>,
    /// `None` until they are known.
    keys: ArcSwapOption<Keys>,
    /// Counts the changes of the keys.
    generation: AtomicU64,
    tokens: Option<Tokens>,
    certificates: Vec<ClientCertificate>,
    proxies: TrustedProxies,
    limits: Option<Arc<Limits>>,
    /// Marked as changed when the keys, of calls or of tokens, are others.
    changed: watch::Sender<()>,
}

/// A call that may be made.
#[derive(Debug, Clone)]
pub struct Admitted {
    /// Its caller.
    pub caller: Caller,
    /// The rest of the limit that it counts towards, if there is one.
    pub standing: Option<Standing>,
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").field("mode", &self.0.mode).finish_non_exhaustive()
    }
}

impl Access {
    /// The access of a service that listens on `addr`. Needs a runtime.
    ///
    /// # Errors
    /// The settings do not suffice for that address, or the secret or the keys of tokens cannot be read.
    pub fn new(args: &AccessArgs, addr: SocketAddr) -> anyhow::Result<Self> {
        args.check(addr)?;
        let secret = args.service_secret_file.as_deref().map(ServiceSecret::read).transpose()?;
        let changed = watch::Sender::new(());
        Ok(Self(Arc::new(Inner {
            mode: args.access,
            secret,
            keys: ArcSwapOption::empty(),
            generation: AtomicU64::new(0),
            tokens: Tokens::new(&args.tokens, changed.clone())?,
            certificates: args.client_certificate.clone(),
            proxies: TrustedProxies::new(&args.trusted_proxy),
            limits: args.limits(addr).map(Limits::new),
            changed,
        })))
    }

    /// The secret that the services share, if they do.
    pub fn secret(&self) -> Option<&ServiceSecret> {
        self.0.secret.as_ref()
    }

    /// Replaces the keys. Calls are checked against these from now on, and streams of callers that have lost
    /// a right end.
    pub fn replace_keys(&self, keys: Keys) {
        if let Some(known) = self.0.keys.load().as_deref() {
            if *known == keys {
                return;
            }
            keys.keep_uses_of(known);
        }
        self.0.keys.store(Some(Arc::new(keys)));
        self.0.generation.fetch_add(1, Relaxed);
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

    /// The origin of a connection's calls. `names` are the names in its client certificate, a SPIFFE id first.
    pub fn origin<'a>(&self, peer: IpAddr, names: impl IntoIterator<Item = &'a str>) -> Origin {
        let role = certificates::role(&self.0.certificates, names);
        let limits = self.0.limits.as_ref();
        // Proxies name another client with each request, and services behind them have no limit.
        let is_client = role != CertificateRole::Service && !self.0.proxies.includes(peer);
        let buckets = limits.filter(|_| is_client).map(|limits| limits.of_address(peer));
        Origin::new(peer, role, buckets)
    }

    /// The networks of proxies that name the client.
    pub fn proxies(&self) -> &TrustedProxies {
        &self.0.proxies
    }

    /// Whether the rate of calls is limited.
    pub fn has_limits(&self) -> bool {
        self.0.limits.is_some()
    }

    /// Checks the credential in `headers`, that its caller does not call too often, and that it has the scope that
    /// the method needs. (Hot path.)
    ///
    /// # Errors
    /// The call may not be made.
    pub fn admit(
        &self,
        method: Method,
        headers: &HeaderMap,
        origin: &Origin,
    ) -> Result<Admitted, Refusal> {
        let Some(needed) = method.scope else {
            return Ok(Admitted { caller: Caller::ANONYMOUS, standing: None });
        };
        let Admitted { caller, standing } = self.identify(method.class, headers, origin)?;
        caller.require(needed)?;
        Ok(Admitted { caller, standing })
    }

    /// Checks the credential in `headers` and that its caller does not make calls of a class too often.
    ///
    /// # Errors
    /// The credential is not valid, or there are too many calls.
    pub fn identify(
        &self,
        class: Class,
        headers: &HeaderMap,
        origin: &Origin,
    ) -> Result<Admitted, Refusal> {
        let identified = self.authenticate(headers, origin);
        // A service that passes a call on has counted it.
        let Some(limits) = self.0.limits.as_ref().filter(|_| !self.is_service(headers, origin))
        else {
            return Ok(Admitted { caller: identified?, standing: None });
        };
        let caller = match identified {
            Ok(caller) => caller,
            Err(refusal) => {
                if matches!(refusal, Refusal::Invalid | Refusal::Expired) {
                    self.count_of_address(Counted::Credentials, headers, origin)
                        .map_err(Refusal::Limit)?;
                }
                return Err(refusal);
            }
        };
        let of = Counted::Calls(class);
        let counted = match (&caller.principal, caller.principal.holder()) {
            (_, Some((kind, id))) => limits.of_holder(kind, id).count(of),
            (Principal::Anonymous, None) => self.count_of_address(of, headers, origin),
            (_, None) => Ok(None),
        };
        let standing = counted.map_err(Refusal::Limit)?;
        Ok(Admitted { caller, standing })
    }

    /// Checks the credential in `headers`, or takes the client certificate of the connection.
    ///
    /// # Errors
    /// There is a credential, and it is not valid.
    pub fn authenticate(&self, headers: &HeaderMap, origin: &Origin) -> Result<Caller, Refusal> {
        let mut credentials = headers.get_all(AUTHORIZATION).iter();
        let Some(credential) = credentials.next() else {
            return Ok(self.without_credential(headers, origin));
        };
        if credentials.next().is_some() {
            return Err(Refusal::Invalid);
        }
        let generation = self.generation();
        if let Some(caller) = origin.known(credential, generation) {
            if let Principal::Key(key) = &caller.principal {
                key.last_use.touch(SystemTime::now());
            }
            return Ok(caller);
        }
        let caller = self.check(credential, headers, origin)?;
        origin.keep(credential, generation, &caller);
        Ok(caller)
    }

    /// Waits until a stream of this caller must end, and returns why: a right is lost or gained.
    pub async fn ended(self, headers: HeaderMap, origin: Origin, caller: Caller) -> Refusal {
        let mut changed = self.0.changed.subscribe();
        loop {
            match self.authenticate(&headers, &origin) {
                Err(Refusal::Unavailable | Refusal::Limit(_)) => {}
                Err(refusal) => return refusal,
                Ok(now) if now.scopes != caller.scopes => return Refusal::Changed,
                Ok(_) => {}
            }
            tokio::select! {
                // The sender is `self`'s.
                _ = changed.changed() => {}
                () = until(caller.principal.expires()) => {}
            }
        }
    }

    /// Shows, in the headers of a call to another service, that it is this service's own.
    pub fn sign_own(&self, headers: &mut HeaderMap) {
        match &self.0.secret {
            Some(secret) => headers.insert(AUTHORIZATION, secret.header()),
            // Believed from one with a certificate of that role.
            None => headers.insert(FORWARDED_CALLER, forwarded::own()),
        };
    }

    /// Passes a caller on, in the headers of a call that this service makes for it. They have the caller's credential
    /// already; headers by which it poses as another caller are removed.
    pub fn pass_on(&self, caller: &Caller, headers: &mut HeaderMap) {
        replace(headers, SERVICE_PROOF, self.0.secret.as_ref().map(ServiceSecret::proof));
        replace(headers, FORWARDED_CALLER, forwarded::value_of(caller));
        replace(headers, CLIENT_ADDRESS, None);
    }

    /// `headers`, with which a caller is [passed on](Self::pass_on).
    pub fn passed_on(&self, caller: &Caller, mut headers: HeaderMap) -> HeaderMap {
        self.pass_on(caller, &mut headers);
        headers
    }

    /// Names the client of a call that is passed on, for the audit trail of the other service.
    pub fn name_client(&self, client: IpAddr, headers: &mut HeaderMap) {
        if let Ok(value) = HeaderValue::from_str(&client.to_string()) {
            headers.insert(CLIENT_ADDRESS, value);
        }
    }

    /// The address of a call's client: the one that a service of the deployment or a trusted proxy names, or else that of
    /// the peer.
    pub fn client_address(&self, headers: &HeaderMap, origin: &Origin) -> IpAddr {
        let named = headers.get(CLIENT_ADDRESS).filter(|_| self.is_service(headers, origin));
        let named = named.and_then(|value| value.to_str().ok()?.parse().ok());
        named.unwrap_or_else(|| self.0.proxies.client(origin.peer(), headers))
    }

    /// Whether callers without a credential are restricted to a storefront's data even where no key exists.
    pub fn always_restricts_anonymous(&self) -> bool {
        self.0.mode == Some(Mode::Keys)
    }

    /// Whether calls of the deployment's services are recognised, by secret or by certificate.
    pub fn knows_services(&self) -> bool {
        let mut certificates = self.0.certificates.iter();
        self.0.secret.is_some() || certificates.any(ClientCertificate::is_service)
    }

    fn generation(&self) -> u64 {
        let of_tokens = self.0.tokens.as_ref().map_or(0, Tokens::generation);
        self.0.generation.load(Relaxed).wrapping_add(of_tokens)
    }

    fn check(
        &self,
        credential: &HeaderValue,
        headers: &HeaderMap,
        origin: &Origin,
    ) -> Result<Caller, Refusal> {
        let credential = credential.to_str().ok().and_then(bearer).ok_or(Refusal::Invalid)?;
        if let Some(id) = KeyText::id_in(credential) {
            return self.holder(id, credential);
        }
        if let Some(tokens) = &self.0.tokens
            && Tokens::is_token(credential)
        {
            let count = || self.count_of_address(Counted::Credentials, headers, origin).map(drop);
            let token = tokens.check(credential, count)?;
            return Ok(Caller { scopes: token.scopes, principal: Principal::Token(token) });
        }
        match &self.0.secret {
            Some(secret) if secret.digest() == Digest::of(credential) => Ok(Caller::SERVICE),
            _ => Err(Refusal::Invalid),
        }
    }

    fn without_credential(&self, headers: &HeaderMap, origin: &Origin) -> Caller {
        if forwarded::is_anonymous(headers) {
            return Caller::ANONYMOUS;
        }
        if headers.contains_key(FORWARDED_CALLER)
            && self.is_service(headers, origin)
            && let Some(caller) = forwarded::caller_in(headers)
        {
            return caller;
        }
        match origin.role() {
            CertificateRole::Client(certificate) => Caller {
                scopes: certificate.scopes,
                principal: Principal::Certificate(Arc::clone(certificate)),
            },
            // Only the header distinguishes a service's calls for itself from its calls for clients.
            CertificateRole::Service | CertificateRole::None => self.anonymous(),
        }
    }

    /// Whether a service of the deployment makes the call, for itself or for a client.
    fn is_service(&self, headers: &HeaderMap, origin: &Origin) -> bool {
        if *origin.role() == CertificateRole::Service {
            return true;
        }
        let Some(proof) = headers.get(SERVICE_PROOF) else { return false };
        self.0.secret.as_ref().is_some_and(|secret| secret.proves(proof))
    }

    fn count_of_address(
        &self,
        of: Counted,
        headers: &HeaderMap,
        origin: &Origin,
    ) -> Result<Option<Standing>, Exceeded> {
        let Some(limits) = &self.0.limits else { return Ok(None) };
        match origin.buckets() {
            Some(buckets) => buckets.count(of),
            None if self.is_service(headers, origin) => Ok(None),
            None => {
                let client = self.0.proxies.client(origin.peer(), headers);
                limits.of_address(client).count(of)
            }
        }
    }

    /// A caller without a credential.
    pub fn anonymous(&self) -> Caller {
        let is_open = match self.0.mode {
            Some(Mode::Open) => true,
            Some(Mode::Keys) => false,
            None if self.0.tokens.is_some() || !self.0.certificates.is_empty() => false,
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
        let now = SystemTime::now();
        if key.expires.is_some_and(|expires| expires <= now) {
            return Err(Refusal::Expired);
        }
        key.last_use.touch(now);
        Ok(Caller { principal: Principal::Key(Arc::clone(key)), scopes: key.scopes })
    }
}

async fn until(expires: Option<SystemTime>) {
    let Some(expires) = expires else { return std::future::pending().await };
    // Once a day at least: clocks are set, and timers have an end.
    let left = expires.duration_since(SystemTime::now()).unwrap_or_default();
    sleep(left.clamp(Duration::from_millis(10), Duration::from_secs(86_400))).await;
}

mod sign_in;
#[cfg(test)]
mod tests;
