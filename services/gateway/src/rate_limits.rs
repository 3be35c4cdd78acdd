//! Limits on the rate of web requests. The server limits gRPC calls.

use std::{collections::HashMap, sync::LazyLock};

use access::{Access, Admitted, Origin, Refusal};
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use contract::Class;
use http::Method;

use crate::{events, json, pages, problem::Problem, transfers, web_layer::Refused};

/// The classes of routes, by their pattern. Others, such as assets, have no limit.
static CLASSES: LazyLock<HashMap<String, Vec<(Method, Class)>>> = LazyLock::new(|| {
    let mut classes: HashMap<String, Vec<(Method, Class)>> = HashMap::new();
    for (route, method, class) in
        json::classes().chain(pages::classes()).chain(events::classes()).chain(transfers::classes())
    {
        classes.entry(route).or_default().push((method, class));
    }
    classes
});

/// The middleware function. It is around the one that renders problems.
pub(crate) async fn handle(
    State(access): State<Access>,
    mut request: Request,
    next: Next,
) -> Response {
    let origin = request.extensions().get::<Origin>();
    let (Some(class), Some(origin)) = (class_of(&request), origin) else {
        return next.run(request).await;
    };
    let standing = match access.identify(class, request.headers(), origin) {
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

fn class_of(request: &Request) -> Option<Class> {
    let route = request.extensions().get::<MatchedPath>()?;
    let methods = CLASSES.get(route.as_str())?;
    let class = |method: &Method| methods.iter().find(|(known, _)| known == method);
    let found = class(request.method()).or_else(|| match *request.method() {
        Method::HEAD => class(&Method::GET),
        _ => None,
    });
    found.map(|(_, class)| *class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_of_the_contract_has_a_class() {
        let class = |method: Method, route: &str| {
            let methods = CLASSES.get(route)?.iter();
            methods.clone().find(|(known, _)| *known == method).map(|(_, class)| *class)
        };
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
            assert_eq!(class(method, route), Some(expected), "{route}");
        }
    }
}
