//! `catalogue.v1.InstanceService`: the state of this process, for whoever is on call.

use proto::{
    catalogue::v1::{
        GetInstanceRequest, Instance, InstanceCondition, InstanceEdge, InstanceIndex,
        InstanceLatency,
        instance_service_server::{InstanceService, InstanceServiceServer},
    },
    time::timestamp,
};
use server::Health;
use tonic::{Request, Response, Status};

use crate::build::Program;

/// The service of a process, whose readiness is `health`. `index` reads how current its index is, if it has one.
pub fn instance_service(
    health: &Health,
    index: impl Fn() -> Option<InstanceIndex> + Send + Sync + 'static,
) -> InstanceServiceServer<impl InstanceService> {
    InstanceServiceServer::new(Service { health: health.clone(), index })
}

struct Service<F> {
    health: Health,
    index: F,
}

#[tonic::async_trait]
impl<F> InstanceService for Service<F>
where
    F: Fn() -> Option<InstanceIndex> + Send + Sync + 'static,
{
    async fn get_instance(
        &self,
        _: Request<GetInstanceRequest>,
    ) -> Result<Response<Instance>, Status> {
        let program = Program::current();
        Ok(Response::new(Instance {
            version: program.version.to_owned(),
            commit: program.commit.unwrap_or_default().to_owned(),
            build_time: program.built.map(timestamp),
            start_time: Some(timestamp(program.started)),
            ready: self.health.is_ready(),
            conditions: self.health.conditions().into_iter().map(condition).collect(),
            edges: upstream::registry().iter().flat_map(edges).collect(),
            index: (self.index)(),
        }))
    }
}

fn condition(condition: server::Condition) -> InstanceCondition {
    InstanceCondition {
        name: condition.name.to_owned(),
        ok: condition.state.is_ok(),
        required: condition.required,
        reason: condition.state.err().unwrap_or_default(),
    }
}

fn edges(report: &upstream::UpstreamReport) -> impl Iterator<Item = InstanceEdge> {
    let upstream = report.upstream;
    report.endpoints.iter().map(move |endpoint| InstanceEdge {
        upstream: upstream.to_owned(),
        address: endpoint.address.clone(),
        connections: endpoint.connected.try_into().unwrap_or(i32::MAX),
        ejected: endpoint.ejected,
        breaker: endpoint.breaker.state.to_owned(),
        in_flight: endpoint.in_flight.try_into().unwrap_or(i32::MAX),
        failed: signed(endpoint.failed),
        latency_counts: endpoint.latencies.iter().map(latency).collect(),
        last_error: endpoint.last_error.clone().unwrap_or_default(),
    })
}

fn latency(calls: u64) -> InstanceLatency {
    InstanceLatency { calls: signed(calls) }
}

fn signed(count: u64) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}
