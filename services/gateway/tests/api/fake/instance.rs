//! The fake instance service.

use std::time::{Duration, SystemTime};

use proto::{
    catalogue::v1::{
        GetInstanceRequest, Instance, InstanceCondition, InstanceIndex,
        instance_service_server::InstanceService,
    },
    time::timestamp,
};
use tonic::{Request, Response};

use super::{Fake, RpcResult};

#[tonic::async_trait]
impl InstanceService for Fake {
    async fn get_instance(&self, request: Request<GetInstanceRequest>) -> RpcResult<Instance> {
        self.record(request);
        let reason = self.0.trouble.lock().unwrap().clone();
        let lag = self.index_lag();
        Ok(Response::new(Instance {
            version: "7.8.9".to_owned(),
            commit: "0123456789abcdef".to_owned(),
            start_time: Some(timestamp(SystemTime::now() - Duration::from_secs(600))),
            ready: reason.is_empty(),
            conditions: vec![InstanceCondition {
                name: "store".to_owned(),
                ok: reason.is_empty(),
                required: true,
                reason,
            }],
            index: Some(InstanceIndex {
                complete: true,
                caught_up: lag.seconds == 0,
                lag: Some(lag),
                product_count: 1_234,
                rebuilding: false,
            }),
            ..Instance::default()
        }))
    }
}
