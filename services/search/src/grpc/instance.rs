//! The index's part of `InstanceService`.

use pbjson_types::Duration;
use proto::catalogue::v1::InstanceIndex;

use crate::{
    index::Engine as _,
    live_index::{LiveIndex, Rebuild},
};

/// How current the live index is.
pub(crate) fn index_state(live_index: &LiveIndex) -> InstanceIndex {
    let live = live_index.snapshot();
    let rebuild = live_index.subscribe_rebuild();
    let is_rebuilding = !matches!(*rebuild.borrow(), Rebuild::Idle);
    InstanceIndex {
        complete: live.complete,
        caught_up: live.caught_up,
        lag: live.lag().map(Duration::from),
        product_count: live.index.product_count().try_into().unwrap_or(i64::MAX),
        rebuilding: is_rebuilding,
    }
}
