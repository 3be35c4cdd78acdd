//! Asks each instance of a service for its state.

use std::time::Duration;

use futures::future::join_all;
use http::{HeaderMap, uri::PathAndQuery};
use prost::Message as _;
use proto::catalogue::v1::Instance;
use tonic::{Code, Status};
use upstream::{EndpointReport, Upstream, unary_message, unary_request};

use super::Reached;

const METHOD: &str = "/catalogue.v1.InstanceService/GetInstance";
/// An instance that takes longer is frozen, or too busy for the calls of clients as well.
const LIMIT: Duration = Duration::from_millis(400);
const MAX_RESPONSE: usize = 256 << 10;
/// The number of instances of a service that are asked. Discovery lists at most a thousand.
const MAX_ASKED: usize = 64;

/// The states of these endpoints' instances, in their order. `credential`: of this gateway.
pub(super) async fn ask(
    upstream: &Upstream,
    endpoints: &[EndpointReport],
    credential: &HeaderMap,
) -> Vec<Reached> {
    let asked = endpoints.iter().take(MAX_ASKED);
    let mut states = join_all(asked.map(|endpoint| one(upstream, endpoint, credential))).await;
    states.resize_with(endpoints.len(), || Reached::Silent("not asked: there are too many".into()));
    states
}

async fn one(upstream: &Upstream, endpoint: &EndpointReport, credential: &HeaderMap) -> Reached {
    let answer = async {
        let mut request = unary_request(PathAndQuery::from_static(METHOD), &[]);
        request.headers_mut().extend(credential.clone());
        let response = upstream.unary_at(&endpoint.id, request, LIMIT).await?;
        let message = unary_message(response, MAX_RESPONSE).await?;
        Instance::decode(message).map_err(|_| Status::internal("its answer cannot be read"))
    };
    match answer.await {
        Ok(instance) => Reached::Answered(Box::new(instance)),
        Err(status) => match status.code() {
            Code::NotFound | Code::Unavailable | Code::DeadlineExceeded => {
                Reached::Not(status.message().to_owned())
            }
            Code::Unimplemented => Reached::Silent("its version does not report its state".into()),
            _ => Reached::Silent(status.message().to_owned()),
        },
    }
}
