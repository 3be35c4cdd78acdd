//! The change feed for watches: scopes, and the broadcast of new changes within the process.

mod broadcast;
mod scope;

pub(crate) use broadcast::{ChangeBroadcast, Lagged, Subscription};
pub(crate) use scope::{Fingerprint, MAX_IDS, Scope, Visibility};
