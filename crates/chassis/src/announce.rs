//! Registration of this instance in the service registry.

use discovery::{Discovery, Instance, LeaseState};
use server::Health;

use crate::Drain;

/// Keeps `instance`, if any, registered until the drain begins, as passing while `health` is ready. Its
/// state is reported on the admin port and does not affect readiness: an instance that is called despite a
/// registry problem should answer.
///
/// # Panics
/// Outside of a tokio runtime.
pub(crate) fn announce(
    discovery: &Discovery,
    instance: Option<Instance>,
    health: &Health,
    drain: &Drain,
) {
    // Without a registration the drain has nothing to wait for.
    if instance.is_none() {
        return;
    }
    let lease = discovery.register(instance, health.watch());
    let (mut state, health) = (lease.state(), health.clone());
    tokio::spawn(async move {
        loop {
            health.note("registry", dependency_state(&state.borrow_and_update()));
            if state.changed().await.is_err() {
                break;
            }
        }
    });
    drain.on_start("deregister", lease.release());
}

fn dependency_state(state: &LeaseState) -> Result<(), String> {
    match state {
        LeaseState::Registered | LeaseState::Unlisted => Ok(()),
        LeaseState::Pending => Err("not registered yet".to_owned()),
        LeaseState::Unknown(trouble) => Err(format!("may not be registered: {trouble}")),
    }
}
