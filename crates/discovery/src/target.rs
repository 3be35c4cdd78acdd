//! Targets: addresses of services in flags and environment variables.

use std::{fmt, str::FromStr};

use crate::Query;

/// Limit on the number of endpoints; more indicate a configuration error.
const MAX_ENDPOINTS: usize = 1_000;
/// Maximum length of a service name, a tag or a datacentre.
const MAX_WORD: usize = 128;

/// The address of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// `static://127.0.0.1:50051,127.0.0.1:50061`: a fixed list of `host:port`, at least one.
    Static(Vec<String>),
    /// `dns://catalogue.internal:50051`: the addresses of a DNS name, looked up periodically.
    Dns(String),
    /// `consul://catalogue-service?tag=v1&dc=eu`: the instances that pass their health checks in
    /// Consul, with these tags, in this datacentre.
    Consul(Query),
}

/// Error of parsing a [`Target`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    #[error(
        "`{0}` is not a target: use static://host:port[,host:port], dns://name:port or \
         consul://name[?tag=..&dc=..]"
    )]
    Scheme(String),
    #[error("`{0}` is not host:port with a port from 1 to 65535")]
    Endpoint(String),
    #[error("has more than {MAX_ENDPOINTS} endpoints")]
    TooMany,
    #[error("`{0}` is not a service name: only letters, digits, `-`, `_` and `.`")]
    Service(String),
    #[error("`{0}` is not a valid parameter: use tag=.. or dc=..")]
    Parameter(String),
}

impl Target {
    /// The endpoints that are part of the target, as `host:port`; empty for a registry.
    pub fn endpoints(&self) -> &[String] {
        match self {
            Self::Consul(_) => &[],
            Self::Static(endpoints) => endpoints,
            Self::Dns(endpoint) => std::slice::from_ref(endpoint),
        }
    }
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        if let Some(list) = text.strip_prefix("static://") {
            let endpoints: Vec<_> = list.split(',').map(endpoint).collect::<Result<_, _>>()?;
            if endpoints.len() > MAX_ENDPOINTS {
                return Err(TargetError::TooMany);
            }
            Ok(Self::Static(endpoints))
        } else if let Some(name) = text.strip_prefix("dns://") {
            Ok(Self::Dns(endpoint(name)?))
        } else if let Some(query) = text.strip_prefix("consul://") {
            self::query(query).map(Self::Consul)
        } else {
            Err(TargetError::Scheme(text.to_owned()))
        }
    }
}

fn query(text: &str) -> Result<Query, TargetError> {
    let is_word = |word: &str| {
        (1..=MAX_WORD).contains(&word.len())
            && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    let (service, parameters) = text.split_once('?').unwrap_or((text, ""));
    if !is_word(service) {
        return Err(TargetError::Service(service.to_owned()));
    }
    let mut query = Query { service: service.to_owned(), tags: Vec::new(), datacenter: None };
    for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
        match parameter.split_once('=') {
            Some(("tag", tag)) if is_word(tag) => query.tags.push(tag.to_owned()),
            Some(("dc", dc)) if is_word(dc) && query.datacenter.is_none() => {
                query.datacenter = Some(dc.to_owned());
            }
            _ => return Err(TargetError::Parameter(parameter.to_owned())),
        }
    }
    Ok(query)
}

fn endpoint(text: &str) -> Result<String, TargetError> {
    let text = text.trim();
    let valid = text.rsplit_once(':').is_some_and(|(host, port)| {
        let in_brackets = host.starts_with('[') && host.ends_with(']');
        let host_is_plain = host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
        !host.is_empty()
            && (in_brackets || host_is_plain)
            && port.parse::<u16>().is_ok_and(|p| p > 0)
    });
    if valid { Ok(text.to_owned()) } else { Err(TargetError::Endpoint(text.to_owned())) }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Static(endpoints) => write!(f, "static://{}", endpoints.join(",")),
            Self::Dns(endpoint) => write!(f, "dns://{endpoint}"),
            Self::Consul(Query { service, tags, datacenter }) => {
                write!(f, "consul://{service}")?;
                let tags = tags.iter().map(|tag| ("tag", tag));
                let parameters = tags.chain(datacenter.iter().map(|dc| ("dc", dc)));
                for (separator, (name, value)) in
                    std::iter::once('?').chain(std::iter::repeat('&')).zip(parameters)
                {
                    write!(f, "{separator}{name}={value}")?;
                }
                Ok(())
            }
        }
    }
}

impl serde::Serialize for Target {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn displayed_targets_parse_to_themselves() {
        for text in [
            "static://127.0.0.1:50051,[::1]:50061",
            "dns://catalogue.internal:50051",
            "consul://catalogue-service",
            "consul://catalogue-service?tag=v1&tag=blue&dc=eu-1",
        ] {
            assert_eq!(text.parse::<Target>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn invalid_targets_are_reported() {
        let error = |text: &str| text.parse::<Target>().unwrap_err().to_string();
        assert!(error("127.0.0.1:50051").contains("use static://"));
        assert!(error("static://").contains("host:port"));
        assert!(error("static://a:0").contains("`a:0`"));
        assert!(error("dns://user@host:1").contains("`user@host:1`"));
        assert!(error("consul://").contains("not a service name"));
        assert!(error("consul://a/../b").contains("not a service name"));
        assert!(error("consul://a?near=b").contains("`near=b`"));
        assert!(error("consul://a?dc=b&dc=c").contains("`dc=c`"));
    }
}
