//! Descriptors of a service for tests of servers and clients.

use prost::Message as _;
use prost_types::{
    FileDescriptorProto, FileDescriptorSet, MethodDescriptorProto, ServiceDescriptorProto,
};

/// Encodes descriptors of the service `test.Service` with these methods.
pub fn test_contract(methods: Vec<MethodDescriptorProto>) -> Vec<u8> {
    let service = ServiceDescriptorProto {
        name: Some("Service".to_owned()),
        method: methods,
        ..Default::default()
    };
    let file = FileDescriptorProto {
        package: Some("test".to_owned()),
        service: vec![service],
        ..Default::default()
    };
    FileDescriptorSet { file: vec![file] }.encode_to_vec()
}
