//! Our extensions of method options, which the types of `prost_types` leave out.

use std::collections::HashMap;

use prost::Message;

use crate::{class::Class, scope::Scope};

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
}

/// The options of a method.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct MethodOptions {
    pub(crate) scope: Option<Scope>,
    pub(crate) class: Option<Class>,
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
                let Options { required_scope, rate_class } = method.options.unwrap_or_default();
                let scope = known(&path, &required_scope, Scope::named);
                let class = known(&path, &rate_class, Class::named);
                options.insert(path, MethodOptions { scope, class });
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
