//! Messages by their descriptors, between bytes and JSON of the proto3 mapping.

use contract::Declared;
use prost::Message as _;
use prost_reflect::{DescriptorPool, DynamicMessage, SerializeOptions};
use serde_json::Value;

/// The messages and methods of the contract.
pub(super) struct Messages {
    pool: DescriptorPool,
    declared: Vec<Declared>,
}

impl Messages {
    pub(super) fn new() -> Self {
        let pool = DescriptorPool::decode(proto::DESCRIPTORS).unwrap();
        Self { pool, declared: contract::declared(proto::DESCRIPTORS) }
    }

    /// The method of `package.Service/Method`.
    pub(super) fn method(&self, rpc: &str) -> &Declared {
        let path = format!("/{rpc}");
        let mut declared = self.declared.iter();
        declared.find(|it| it.method.path == path).unwrap_or_else(|| panic!("{rpc} is unknown"))
    }

    /// The bytes of a request that is written as JSON.
    pub(super) fn encode(&self, rpc: &str, request: &Value) -> Vec<u8> {
        let name = self.method(rpc).input.trim_start_matches('.');
        let descriptor = self.pool.get_message_by_name(name).unwrap();
        let message = DynamicMessage::deserialize(descriptor, request);
        message.unwrap_or_else(|error| panic!("{rpc} {request}: {error}")).encode_to_vec()
    }

    /// The JSON of an answer's bytes, with the default values of fields without presence.
    pub(super) fn decode(&self, rpc: &str, bytes: &[u8]) -> Value {
        let name = self.method(rpc).output.trim_start_matches('.');
        let descriptor = self.pool.get_message_by_name(name).unwrap();
        let message = DynamicMessage::decode(descriptor, bytes).unwrap();
        let options = SerializeOptions::new().skip_default_fields(false);
        message.serialize_with_options(serde_json::value::Serializer, &options).unwrap()
    }
}
