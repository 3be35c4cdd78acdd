//! The change feed for watches: scopes, and the broadcast of new changes within the process.

mod broadcast;
mod live_changes;
mod loaded_changes;
mod scope;

pub(crate) use broadcast::{ChangeBroadcast, Lagged, Subscription};
pub(crate) use live_changes::{Following, LiveWatch};
pub(crate) use loaded_changes::LoadedChanges;
pub(crate) use scope::{Fingerprint, MAX_IDS, Scope, Visibility};
