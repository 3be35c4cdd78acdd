//! Rules of services and their methods.

use prost_types::{MethodDescriptorProto, ServiceDescriptorProto};

use super::Findings;

/// Compares a service with its later form.
pub(super) fn compare(
    name: &str,
    before: &ServiceDescriptorProto,
    after: &ServiceDescriptorProto,
    found: &mut Findings,
) {
    for method in &before.method {
        let method_name = format!("{name}.{}", method.name());
        match after.method.iter().find(|now| now.name() == method.name()) {
            Some(now) => compare_methods(&method_name, method, now, found),
            None => found.add("RPC_NO_DELETE", format!("{method_name} is gone")),
        }
    }
}

fn compare_methods(
    name: &str,
    before: &MethodDescriptorProto,
    after: &MethodDescriptorProto,
    found: &mut Findings,
) {
    let request = ("request", before.input_type(), after.input_type());
    found.same("RPC_SAME_REQUEST_TYPE", name, request);
    let response = ("response", before.output_type(), after.output_type());
    found.same("RPC_SAME_RESPONSE_TYPE", name, response);
    let client = ("client streaming", before.client_streaming(), after.client_streaming());
    found.same("RPC_SAME_CLIENT_STREAMING", name, client);
    let server = ("server streaming", before.server_streaming(), after.server_streaming());
    found.same("RPC_SAME_SERVER_STREAMING", name, server);
    let level = |method: &MethodDescriptorProto| {
        let options = method.options.clone().unwrap_or_default();
        options.idempotency_level().as_str_name()
    };
    let idempotency = ("idempotency", level(before), level(after));
    found.same("RPC_SAME_IDEMPOTENCY_LEVEL", name, idempotency);
}
