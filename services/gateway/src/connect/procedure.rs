//! The methods that can be called: those of the contract, and of the services of every gRPC server.

use std::{collections::HashMap, sync::LazyLock};

use contract::{Method, Shape};
use http::Uri;
use prost_reflect::MessageDescriptor;

use super::message;

static PROCEDURES: LazyLock<HashMap<&'static str, Procedure>> = LazyLock::new(|| {
    let sets = std::iter::once(proto::DESCRIPTORS).chain(server::grpc::DESCRIPTORS);
    let declared = sets.flat_map(contract::declared);
    let procedures = declared.filter_map(|declared| {
        let input = message::descriptor(&declared.input)?;
        let output = message::descriptor(&declared.output)?;
        Some((declared.method.path, Procedure { method: declared.method, input, output }))
    });
    procedures.collect()
});

/// A method and its messages.
#[derive(Debug)]
pub(super) struct Procedure {
    pub(super) method: Method,
    pub(super) input: MessageDescriptor,
    pub(super) output: MessageDescriptor,
}

impl Procedure {
    /// Whether both directions stream, which takes HTTP/2.
    pub(super) fn is_bidirectional(&self) -> bool {
        self.method.shape == Shape::Both
    }

    /// Whether it can be called by GET.
    pub(super) fn has_get(&self) -> bool {
        self.method.is_unary() && self.method.has_no_side_effects()
    }
}

/// The method with this path.
pub(super) fn find(path: &str) -> Option<&'static Procedure> {
    PROCEDURES.get(path)
}

/// Whether a path is that of a method, known or not: `/package.Service/Method`.
pub(crate) fn is_procedure(uri: &Uri) -> bool {
    let is_name = |name: &str| {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        !name.is_empty() && name.bytes().all(is_part)
    };
    let path = uri.path().strip_prefix('/').and_then(|path| path.split_once('/'));
    path.is_some_and(|(service, method)| {
        service.contains('.') && service.split('.').all(is_name) && is_name(method)
    })
}
