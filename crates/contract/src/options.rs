//! Our extensions of method options, which the types of `prost_types` leave out.

use std::collections::HashMap;

use prost::Message;

use crate::scope::Scope;

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
}

/// The scopes that methods need, by the paths of the methods that name one.
///
/// # Panics
/// If `descriptors` cannot be decoded, or name an unknown scope: they are compiled into the program.
pub(crate) fn required_scopes(descriptors: &[u8]) -> HashMap<String, Scope> {
    let files = FileSet::decode(descriptors).expect("descriptors are compiled in").file;
    let mut scopes = HashMap::new();
    for file in files {
        for service in file.service {
            for method in service.method {
                let name = method.options.unwrap_or_default().required_scope;
                if name.is_empty() {
                    continue;
                }
                let path = format!("/{}.{}/{}", file.package, service.name, method.name);
                let scope = Scope::named(&name);
                let scope = scope.unwrap_or_else(|| panic!("{path}: unknown scope `{name}`"));
                scopes.insert(path, scope);
            }
        }
    }
    scopes
}
