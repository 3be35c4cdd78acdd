//! Being on the list that callers go by.

use discovery::{Discovery, Instance, LeaseState};
use server::Health;

use crate::Drain;

/// Keeps `instance` registered, if there is one to register, until it is time to leave; passing while
/// `health` says that we are ready. How it stands is shown on the admin port, and gates nothing: who
/// is called all the same should answer.
///
/// # Panics
/// Outside of a tokio runtime.
pub fn announce(discovery: &Discovery, instance: Option<Instance>, health: &Health, drain: &Drain) {
    // Where nobody is told, nobody is waited for.
    if instance.is_none() {
        return;
    }
    let lease = discovery.register(instance, health.watch());
    let (mut state, health) = (lease.state(), health.clone());
    tokio::spawn(async move {
        loop {
            health.note("registry", shown(&state.borrow_and_update()));
            if state.changed().await.is_err() {
                break;
            }
        }
    });
    drain.first("deregister", lease.release());
}

fn shown(state: &LeaseState) -> Result<(), String> {
    match state {
        LeaseState::Registered | LeaseState::Unlisted => Ok(()),
        LeaseState::Pending => Err("not registered yet".to_owned()),
        LeaseState::Unknown(trouble) => Err(format!("may not be registered: {trouble}")),
    }
}
