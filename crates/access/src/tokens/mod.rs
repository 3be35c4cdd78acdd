//! Tokens (JWT, RFC 7519) that an identity provider issues, checked as RFC 8725 advises.
//!
//! A token is accepted if a key of the issuer, of the set that the settings name and of nowhere else, has signed it
//! with an algorithm that the settings have and that is the key's own; if its issuer, audience, type and times are
//! right; and if it has a subject. Its scopes are in its claims `scope` and `scp`.
//!
//! **Invariant:** a token is accepted only while a key that has signed it is in the newest set known.

mod cache;
mod crypto;
mod identity;
mod key_set;
mod metrics;
mod settings;
mod source;

pub use settings::{ScopeOfClaim, TokenAlgorithm, TokenArgs};

use std::{
    borrow::Cow,
    sync::Arc,
    time::{Duration, SystemTime},
};

use contract::Scope;
use serde::de::DeserializeOwned;
use tokio::sync::watch;

use crate::{caller::TokenRecord, limits::Exceeded, refusal::Refusal, scopes::Scopes};
use cache::TokenCache;
use key_set::{Found, LEEWAY};
use settings::TokenSettings;
use source::KeySource;

/// Maximum length of a token, in bytes.
const MAX_LENGTH: usize = 8 << 10;
/// Maximum length of the id of a key, in bytes.
const MAX_KEY_ID: usize = 256;
/// Maximum length of a subject, in characters: with its kind it is the actor of writes.
const MAX_SUBJECT: usize = 120;

/// The tokens that a service accepts.
pub(crate) struct Tokens {
    source: Arc<KeySource>,
    cache: TokenCache,
}

/// The claims of a token, without the ones that are validated.
#[derive(serde::Deserialize)]
struct Claims {
    sub: String,
    exp: f64,
    jti: Option<String>,
    scope: Option<Texts>,
    scp: Option<Texts>,
}

/// One text with parts between spaces (RFC 8693, section 4.2), or a list.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Texts {
    One(String),
    Many(Vec<String>),
}

impl Texts {
    fn parts(&self) -> impl Iterator<Item = &str> {
        let texts = match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(texts) => texts,
        };
        texts.iter().flat_map(|text| text.split_ascii_whitespace())
    }
}

impl Tokens {
    /// `None` if the settings accept none. `changed` is marked when the keys are others. Needs a runtime.
    ///
    /// # Errors
    /// A setting is missing, or the keys cannot be read.
    pub(crate) fn new(
        args: &TokenArgs,
        changed: watch::Sender<()>,
    ) -> anyhow::Result<Option<Self>> {
        let Some(settings) = TokenSettings::of(args)? else { return Ok(None) };
        crypto::install();
        let source = KeySource::start(settings, changed)?;
        Ok(Some(Self { source, cache: TokenCache::default() }))
    }

    /// Whether a credential has the form of a token.
    pub(crate) fn is_token(credential: &str) -> bool {
        credential.bytes().filter(|byte| *byte == b'.').count() == 2
    }

    /// The number of changes of the keys. A result from before the last change must be checked again.
    pub(crate) fn generation(&self) -> u64 {
        self.source.generation()
    }

    /// Checks a token. `count` is called before a signature is verified, which takes time.
    ///
    /// # Errors
    /// It is not valid, it has expired, the keys are not known yet, or `count` refuses.
    pub(crate) fn check(
        &self,
        token: &str,
        count: impl FnOnce() -> Result<(), Exceeded>,
    ) -> Result<Arc<TokenRecord>, Refusal> {
        if token.len() > MAX_LENGTH {
            return Err(Refusal::Invalid);
        }
        let generation = self.source.generation();
        if let Some(known) = self.cache.get(token, generation) {
            return match known.expires > SystemTime::now() {
                true => Ok(known),
                false => Err(Refusal::Expired),
            };
        }
        count().map_err(Refusal::Limit)?;
        let claims = self.verify(token, is_access_token, None)?;
        let record = Arc::new(self.record(claims)?);
        self.cache.insert(token, generation, Arc::clone(&record));
        Ok(record)
    }

    /// Verifies a token of a fitting `typ` with the issuer's keys, and returns its claims. `audience`: instead of that of
    /// the settings.
    fn verify<C: DeserializeOwned>(
        &self,
        token: &str,
        is_fitting: impl FnOnce(Option<&str>) -> bool,
        audience: Option<&str>,
    ) -> Result<C, Refusal> {
        let keys = self.source.keys().ok_or(Refusal::Unavailable)?;
        let header = jsonwebtoken::decode_header(token).map_err(|_| Refusal::Invalid)?;
        let id = header.kid.as_deref();
        if !is_fitting(header.typ.as_deref()) || id.is_some_and(|id| id.len() > MAX_KEY_ID) {
            return Err(Refusal::Invalid);
        }
        let key = match keys.find(id, header.alg) {
            Found::One(key) => key,
            Found::Unfit => return Err(Refusal::Invalid),
            // A new key of the issuer, or one that the client has made up.
            Found::Unknown if self.source.refresh() => return Err(Refusal::Unavailable),
            Found::Unknown => return Err(Refusal::Invalid),
        };
        let mut validation = Cow::Borrowed(&key.validation);
        if let Some(audience) = audience {
            validation.to_mut().set_audience(&[audience]);
        }
        let decoded = jsonwebtoken::decode(token, &key.key, &validation);
        let claims = decoded.map_err(|error| match error.kind() {
            jsonwebtoken::errors::ErrorKind::ExpiredSignature => Refusal::Expired,
            _ => Refusal::Invalid,
        })?;
        Ok(claims.claims)
    }

    fn record(&self, claims: Claims) -> Result<TokenRecord, Refusal> {
        let Claims { sub, exp, jti, scope, scp } = claims;
        let is_name = !sub.is_empty() && !sub.contains(char::is_control);
        if !is_name || sub.chars().count() > MAX_SUBJECT {
            return Err(Refusal::Invalid);
        }
        let seconds = Duration::try_from_secs_f64(exp).map_err(|_| Refusal::Invalid)?;
        let seconds = seconds + Duration::from_secs(LEEWAY);
        let expires = SystemTime::UNIX_EPOCH.checked_add(seconds).ok_or(Refusal::Invalid)?;
        let values = scope.iter().chain(&scp).flat_map(Texts::parts);
        let scopes = values.filter_map(|value| self.scope(value));
        let scopes = scopes.fold(Scopes::STOREFRONT, Scopes::with);
        Ok(TokenRecord { subject: sub, id: jti, scopes, expires })
    }

    /// The scope for which a value of a claim stands; values of other services stand for none.
    fn scope(&self, value: &str) -> Option<Scope> {
        let mut given = self.source.settings().scopes.iter();
        let given = given.find(|it| it.value == value).map(|it| it.scope);
        given.or_else(|| Scope::named(value).filter(|scope| scope.is_grantable()))
    }
}

/// Whether a token of this `typ` may be an access token (RFC 9068, section 2.1; RFC 8725, section 3.11).
fn is_access_token(typ: Option<&str>) -> bool {
    let is = |typ: &str| {
        ["jwt", "at+jwt", "application/at+jwt"].iter().any(|it| it.eq_ignore_ascii_case(typ))
    };
    typ.is_none_or(is)
}

#[cfg(test)]
mod tests;
