//! The methods that a descriptor set declares.

use prost::Message as _;
use prost_types::{FileDescriptorSet, MethodDescriptorProto, method_options::IdempotencyLevel};

use crate::{
    http_rule::HttpRule,
    method::Method,
    options::method_options,
    shape::{Idempotency, Shape},
};

/// A method and the types of its messages.
#[derive(Debug)]
pub struct Declared {
    /// The method.
    pub method: Method,
    /// Full name of its request message, such as `package.Message`.
    pub input: String,
    /// Full name of its response message.
    pub output: String,
    /// Its bindings to HTTP, the additional ones last; empty for a method without.
    pub http: Vec<HttpRule>,
}

/// The methods of an encoded `FileDescriptorSet`, in the order of their declaration.
///
/// # Panics
/// If `descriptors` cannot be decoded: they are compiled into the program.
pub fn declared(descriptors: &[u8]) -> Vec<Declared> {
    let mut methods = Vec::new();
    let mut options = method_options(descriptors);
    for file in decode(descriptors).file {
        for service in &file.service {
            methods.extend(service.method.iter().map(|method| {
                let path = format!("/{}.{}/{}", file.package(), service.name(), method.name());
                let shape = Shape::of(method.client_streaming(), method.server_streaming());
                let declared = Method::of_contract(&path, shape, idempotency(method));
                let options = options.remove(&path).unwrap_or_default();
                let (scope, class) = (options.scope, options.class.unwrap_or(declared.class));
                Declared {
                    method: Method { scope, class, ..declared },
                    http: options.http,
                    input: method.input_type().trim_start_matches('.').to_owned(),
                    output: method.output_type().trim_start_matches('.').to_owned(),
                }
            }));
        }
    }
    methods
}

pub(crate) fn decode(descriptors: &[u8]) -> FileDescriptorSet {
    FileDescriptorSet::decode(descriptors).expect("descriptors are compiled in")
}

fn idempotency(method: &MethodDescriptorProto) -> Idempotency {
    let options = method.options.as_ref();
    match options.map(|options| options.idempotency_level()).unwrap_or_default() {
        IdempotencyLevel::IdempotencyUnknown => Idempotency::Unknown,
        IdempotencyLevel::Idempotent => Idempotency::Idempotent,
        IdempotencyLevel::NoSideEffects => Idempotency::NoSideEffects,
    }
}
