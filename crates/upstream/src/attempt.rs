//! One attempt of a call, at one endpoint.

use std::sync::atomic::Ordering;

use crate::{
    call::{Call, Completion},
    connection::SendError,
    in_flight::InFlight,
    pool::PickedEndpoint,
    response::{self, CallResponse, CallResult},
};

/// Sends the call to `picked` and reads the response. A failed attempt adds the endpoint to the
/// call's failed endpoints.
pub(crate) async fn send(picked: PickedEndpoint, call: &mut Call) -> CallResult {
    let endpoint = picked.endpoint();
    let number = endpoint.number;
    if let Some(current_endpoint) = &call.current_endpoint {
        current_endpoint.store(number, Ordering::Relaxed);
    }
    let request = call.request(endpoint.authority.clone(), picked.picked_at);
    if let Some(telemetry) = &call.telemetry {
        telemetry.attempt(&endpoint.info.address);
    }
    let (connections, slot) = picked.route();
    let in_flight = InFlight::begin(picked, call);
    let result = match connections.send(request, slot).await {
        Ok(response) => {
            response::read(response, in_flight, call.method.is_unary(), call.deadline).await
        }
        Err(SendError::NeverSent(request)) => {
            call.restore(*request);
            Err(in_flight.fail(Completion::Unsent))
        }
        Err(SendError::Failed(error)) => Err(in_flight.transport_failed(&error)),
    };
    if !result.as_ref().is_ok_and(CallResponse::is_healthy) {
        call.failed_endpoints.push(number);
    }
    result
}
