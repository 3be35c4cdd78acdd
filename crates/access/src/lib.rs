//! Access: the rights of callers.
//!
//! - [`Access`] checks the credential of a call against the scope that its method needs, counts it towards the limits of
//!   its caller, and yields the [`Caller`].
//! - [`KeyText`] is an API key; services hold its [`Digest`] only, as [`KeyRecord`]s that the catalogue
//!   keeps and every service follows ([`Access::replace_keys`]).
//! - Tokens of an identity provider ([`TokenArgs`]) are checked against its public keys; people sign in there
//!   ([`IdentityProvider`]).
//! - An [`Origin`] is where the calls of a connection come from: its peer's address and client certificate.
//! - [`ServiceSecret`] is a secret that the services of a deployment share.
//! - [`Refusal`] is the error of a call that may not be made.
//!
//! A key is checked by one lookup and two blocks of SHA-256; the last result is kept for the connection, until the keys
//! change.
//!
//! **Invariant:** a caller without a valid credential is anonymous, and none can claim to be another: a service's claim
//! about its caller is believed only with proof that it is a service.

mod address;
mod args;
mod caller;
mod certificates;
mod credential;
mod forwarded;
mod guard;
mod https;
mod key;
mod keys;
mod last_use;
mod limits;
mod oidc;
mod origin;
mod refusal;
mod scopes;
mod secret;
mod tokens;

pub use address::{TrustedProxies, network_of};
pub use args::{AccessArgs, Mode};
pub use caller::{Caller, CertificateRecord, Principal, TokenRecord};
pub use certificates::ClientCertificate;
pub use credential::{claimed_key_id, credential_of};
pub use forwarded::{CLIENT_ADDRESS, FORWARDED_CALLER, SERVICE_PROOF};
pub use guard::{Access, Admitted};
pub use key::{Digest, KeyText};
pub use keys::{KeyRecord, Keys, SessionHolder};
pub use last_use::LastUse;
pub use limits::{ClassRate, Counted, Exceeded, LimitArgs, POLICY, REMAINING, Standing};
pub use oidc::{BegunSignIn, IdentityProvider, OidcArgs, OidcError, SignInAnswer};
pub use origin::Origin;
pub use refusal::{
    ACCESS_CHANGED, CREDENTIAL_EXPIRED, CREDENTIAL_INVALID, CREDENTIAL_MISSING, KEYS_UNAVAILABLE,
    RATE_LIMITED, Refusal, SCOPE_MISSING,
};
pub use scopes::Scopes;
pub use secret::ServiceSecret;
pub use tokens::{ScopeOfClaim, TokenAlgorithm, TokenArgs};
