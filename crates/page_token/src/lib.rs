//! Page tokens, authenticated and bound to the request they continue.
//!
//! - [`Signer`] seals and opens tokens with one key.
//! - [`Keyring`] does so with the keys that the replicas of a service share. The catalogue makes them, keeps
//!   them in its database, and services receive them with the API keys (`KeyService.WatchKeys`).
//!
//! **Invariant:** a key opens tokens everywhere before any replica signs with it, and for some time after none does.

mod keyring;
mod signer;

pub use keyring::{Key, Keyring};
pub use signer::Signer;

/// A random key, from the operating system.
///
/// # Panics
/// If the operating system provides no random bytes.
pub fn random_key() -> [u8; 32] {
    let mut key = [0; 32];
    getrandom::fill(&mut key).expect("the system gives random bytes");
    key
}
