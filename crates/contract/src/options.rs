//! The extensions of method options, which the types of `prost_types` leave out: ours, and `google.api.http`.

use std::collections::HashMap;

use prost::Message;

use crate::{class::Class, http_rule::HttpRule, scope::Scope};

/// The parts of a `google.protobuf.FileDescriptorSet` down to the options of methods.
#[derive(Clone, PartialEq, Message)]
struct FileSet {
    #[prost(message, repeated, tag = "1")]
    file: Vec<File>,
}

#[derive(Clone, PartialEq, Message)]
struct File {
    #[prost(string, tag = "2")]
    package: String,
    #[prost(message, repeated, tag = "6")]
    service: Vec<Service>,
}

#[derive(Clone, PartialEq, Message)]
struct Service {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(message, repeated, tag = "2")]
    method: Vec<Method>,
}

#[derive(Clone, PartialEq, Message)]
struct Method {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(message, optional, tag = "4")]
    options: Option<Options>,
}

#[derive(Clone, PartialEq, Message)]
struct Options {
    /// `access.v1.required_scope`
    #[prost(string, tag = "50301")]
    required_scope: String,
    /// `access.v1.rate_class`
    #[prost(string, tag = "50302")]
    rate_class: String,
    /// `google.api.http`
    #[prost(message, optional, tag = "72295728")]
    http: Option<Http>,
}

/// `google.api.HttpRule`, of which one pattern is set.
#[derive(Clone, PartialEq, Message)]
struct Http {
    #[prost(string, tag = "2")]
    get: String,
    #[prost(string, tag = "3")]
    put: String,
    #[prost(string, tag = "4")]
    post: String,
    #[prost(string, tag = "5")]
    delete: String,
    #[prost(string, tag = "6")]
    patch: String,
    #[prost(string, tag = "7")]
    body: String,
    #[prost(message, repeated, tag = "11")]
    additional_bindings: Vec<Http>,
}

/// The options of a method.
#[derive(Debug, Default, Clone)]
pub(crate) struct MethodOptions {
    pub(crate) scope: Option<Scope>,
    pub(crate) class: Option<Class>,
    pub(crate) http: Vec<HttpRule>,
}

impl Http {
    /// The rule, and the additional ones after it.
    fn into_rules(self) -> Vec<HttpRule> {
        let patterns = [
            ("GET", self.get),
            ("PUT", self.put),
            ("POST", self.post),
            ("DELETE", self.delete),
            ("PATCH", self.patch),
        ];
        let pattern = patterns.into_iter().find(|(_, template)| !template.is_empty());
        let first =
            pattern.map(|(method, template)| HttpRule { method, template, body: self.body });
        let others = self.additional_bindings.into_iter().flat_map(Self::into_rules);
        first.into_iter().chain(others).collect()
    }
}

/// The options of methods, by their paths.
///
/// # Panics
/// If `descriptors` cannot be decoded, or name an unknown scope or class: they are compiled into the program.
pub(crate) fn method_options(descriptors: &[u8]) -> HashMap<String, MethodOptions> {
    let files = FileSet::decode(descriptors).expect("descriptors are compiled in").file;
    let mut options = HashMap::new();
    for file in files {
        for service in file.service {
            for method in service.method {
                let path = format!("/{}.{}/{}", file.package, service.name, method.name);
                let of = method.options.unwrap_or_default();
                let scope = known(&path, &of.required_scope, Scope::named);
                let class = known(&path, &of.rate_class, Class::named);
                let http = of.http.map(Http::into_rules).unwrap_or_default();
                options.insert(path, MethodOptions { scope, class, http });
            }
        }
    }
    options
}

fn known<T>(path: &str, name: &str, named: fn(&str) -> Option<T>) -> Option<T> {
    if name.is_empty() {
        return None;
    }
    Some(named(name).unwrap_or_else(|| panic!("{path}: unknown option `{name}`")))
}
