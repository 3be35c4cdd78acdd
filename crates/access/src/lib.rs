//! Access: the rights of callers.
//!
//! - [`Access`] checks the credential of a call against the scope that its method needs, and yields the
//!   [`Caller`].
//! - [`KeyText`] is an API key; services hold its [`Digest`] only, as [`KeyRecord`]s that the catalogue
//!   keeps and every service follows ([`Access::replace_keys`]).
//! - [`ServiceSecret`] is what the services of a deployment share.
//! - [`Refusal`] is the error of a call that may not be made.
//!
//! A key is checked by one lookup and one block of SHA-256: there is no cache that a revocation would have to
//! reach.
//!
//! **Invariant:** a caller without a valid credential is anonymous.

mod args;
mod caller;
mod guard;
mod key;
mod keys;
mod refusal;
mod scopes;
mod secret;

pub use args::{AccessArgs, Mode};
pub use caller::{Caller, Principal};
pub use guard::{Access, credential_of};
pub use key::{Digest, KeyText};
pub use keys::{KeyRecord, Keys};
pub use refusal::{
    ACCESS_CHANGED, CREDENTIAL_EXPIRED, CREDENTIAL_INVALID, CREDENTIAL_MISSING, KEYS_UNAVAILABLE,
    Refusal, SCOPE_MISSING,
};
pub use scopes::Scopes;
pub use secret::ServiceSecret;
