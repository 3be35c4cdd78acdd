//! Limits on the rate of web requests. The server limits gRPC calls.

use std::{collections::HashMap, sync::Arc};

use access::{Access, Admitted, Origin, Refusal};
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use contract::Class;
use http::Method;

use crate::{events, json::Api, pages, problem::Problem, transfers, web_layer::Refused};

/// The classes of routes, by their pattern. Others, such as assets, have no limit.
struct Classes(HashMap<String, Vec<(Method, Class)>>);

/// The limits on web requests. Cheap to clone.
#[derive(Clone)]
pub(crate) struct RateLimits {
    access: Access,
    classes: Arc<Classes>,
}

impl Classes {
    fn of(api: &Api) -> Self {
        let mut classes: HashMap<String, Vec<(Method, Class)>> = HashMap::new();
        let of_api = api.classes().chain(pages::classes());
        for (route, method, class) in of_api.chain(events::classes()).chain(transfers::classes()) {
            classes.entry(route).or_default().push((method, class));
        }
        Self(classes)
    }

    fn find(&self, route: &str, method: &Method) -> Option<Class> {
        let methods = self.0.get(route)?;
        let class = |method: &Method| methods.iter().find(|(known, _)| known == method);
        let found = class(method).or_else(|| match *method {
            Method::HEAD => class(&Method::GET),
            _ => None,
        });
        found.map(|(_, class)| *class)
    }
}

impl RateLimits {
    pub(crate) fn new(access: &Access, api: &Api) -> Self {
        Self { access: access.clone(), classes: Arc::new(Classes::of(api)) }
    }
}

/// The middleware function. It is around the one that renders problems.
pub(crate) async fn handle(
    State(limits): State<RateLimits>,
    mut request: Request,
    next: Next,
) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let class = route.and_then(|route| limits.classes.find(route.as_str(), request.method()));
    let (Some(class), Some(origin)) = (class, request.extensions().get::<Origin>()) else {
        return next.run(request).await;
    };
    let standing = match limits.access.identify(class, request.headers(), origin) {
        Ok(Admitted { standing, .. }) => standing,
        Err(refusal @ Refusal::Limit(_)) => {
            request.extensions_mut().insert(Refused(Problem::from(refusal.status())));
            None
        }
        // The handler refuses it.
        Err(_) => None,
    };
    let mut response = next.run(request).await;
    if let Some(standing) = standing {
        standing.add_to(response.headers_mut());
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    #[test]
    fn every_route_of_the_contract_has_a_class() {
        let classes = Classes::of(&Api::of(contract::compiled()));
        for (method, route, expected) in [
            (Method::GET, "/v1/products/{id}", Class::Read),
            (Method::POST, "/v1/products/{id}", Class::Write),
            (Method::GET, "/v1/search", Class::Search),
            (Method::GET, "/v1/suggest", Class::Search),
            (Method::POST, "/v1/search/controls:preview", Class::Search),
            (Method::GET, "/v1/products:export", Class::Bulk),
            (Method::GET, "/v1/changes", Class::Stream),
            (Method::GET, "/", Class::Search),
        ] {
            assert_eq!(classes.find(route, &method), Some(expected), "{route}");
        }
    }
}
