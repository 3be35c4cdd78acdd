//! Requests that consulrs lacks, or whose responses it cannot parse.

use std::collections::HashMap;

use consulrs::api::features::{FeaturedEndpoint, Features};
use rustify::{
    endpoint::Endpoint,
    enums::{RequestMethod, RequestType, ResponseType},
    errors::ClientError,
    http::{build_body, build_query},
};
use serde::{Deserialize, Serialize};

use crate::registry::Query;

/// `GET /v1/health/service/{name}?passing`
#[derive(Debug)]
pub(super) struct HealthService<'a> {
    pub(super) query: &'a Query,
    pub(super) features: Features,
}

/// An instance and its node.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Entry {
    pub(super) node: Node,
    pub(super) service: Service,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Node {
    pub(super) node: String,
    pub(super) address: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Service {
    #[serde(rename = "ID")]
    pub(super) id: String,
    #[serde(default)]
    pub(super) service: String,
    #[serde(default)]
    pub(super) address: String,
    #[serde(default)]
    pub(super) port: u16,
    #[serde(default)]
    pub(super) tags: Option<Vec<String>>,
    #[serde(default)]
    pub(super) weights: Weights,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Weights {
    #[serde(default)]
    pub(super) passing: u32,
}

impl Endpoint for HealthService<'_> {
    type Response = Vec<Entry>;
    const REQUEST_BODY_TYPE: RequestType = RequestType::JSON;
    const RESPONSE_BODY_TYPE: ResponseType = ResponseType::JSON;

    fn path(&self) -> String {
        format!("health/service/{}", self.query.service)
    }

    fn method(&self) -> RequestMethod {
        RequestMethod::GET
    }

    fn query(&self) -> Result<Option<String>, ClientError> {
        let mut pairs = vec![("passing", "true")];
        pairs.extend(self.query.tags.iter().map(|tag| ("tag", tag.as_str())));
        pairs.extend(self.query.datacenter.as_deref().map(|dc| ("dc", dc)));
        build_query(&pairs).map(Some)
    }
}

impl FeaturedEndpoint for HealthService<'_> {
    fn features(&self) -> Option<Features> {
        Some(self.features.clone())
    }
}

/// `GET /v1/agent/services`. The one of consulrs fails to parse services with an address.
#[derive(Debug)]
pub(super) struct AgentServices {
    pub(super) features: Features,
}

impl Endpoint for AgentServices {
    type Response = HashMap<String, Service>;
    const REQUEST_BODY_TYPE: RequestType = RequestType::JSON;
    const RESPONSE_BODY_TYPE: ResponseType = ResponseType::JSON;

    fn path(&self) -> String {
        "agent/services".to_owned()
    }

    fn method(&self) -> RequestMethod {
        RequestMethod::GET
    }
}

impl FeaturedEndpoint for AgentServices {
    fn features(&self) -> Option<Features> {
        Some(self.features.clone())
    }
}

/// `PUT /v1/agent/check/update/service:{id}`, which is the id of a service's only check.
#[derive(Debug)]
pub(super) struct UpdateCheck<'a> {
    pub(super) id: &'a str,
    pub(super) status: &'static str,
}

impl Endpoint for UpdateCheck<'_> {
    type Response = ();
    const REQUEST_BODY_TYPE: RequestType = RequestType::JSON;
    const RESPONSE_BODY_TYPE: ResponseType = ResponseType::JSON;

    fn path(&self) -> String {
        format!("agent/check/update/service:{}", self.id)
    }

    fn method(&self) -> RequestMethod {
        RequestMethod::PUT
    }

    fn body(&self) -> Result<Option<Vec<u8>>, ClientError> {
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct Body {
            status: &'static str,
        }
        build_body(&Body { status: self.status }, Self::REQUEST_BODY_TYPE).map(Some)
    }
}

impl FeaturedEndpoint for UpdateCheck<'_> {
    fn features(&self) -> Option<Features> {
        None
    }
}
