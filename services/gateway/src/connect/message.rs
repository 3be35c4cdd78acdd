//! Messages between JSON and protobuf, by their descriptors. JSON is written as by the JSON API, and read with the
//! same rules.

use std::sync::LazyLock;

use prost::Message as _;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor, SerializeOptions};
use proto::json::MessageType;
use rpc::status::invalid_because;
use serde_json::Value;
use tonic::Status;

use crate::{json, problem::FieldError};

/// The reason of JSON that is not the request message.
const MALFORMED_JSON: &str = "MALFORMED_JSON";
/// The longest field name and the longest message in an error, in characters.
const MAX_ERROR_TEXT: usize = 500;

/// The contract, the services of every gRPC server, and the details of errors. Apart, because they repeat files.
static POOLS: LazyLock<Vec<DescriptorPool>> = LazyLock::new(|| {
    let sets = [proto::DESCRIPTORS, tonic_types::pb::FILE_DESCRIPTOR_SET];
    let sets = sets.into_iter().chain(server::grpc::DESCRIPTORS);
    sets.map(|set| DescriptorPool::decode(set).expect("descriptors are compiled in")).collect()
});

/// The type with this full name.
pub(super) fn descriptor(name: &str) -> Option<MessageDescriptor> {
    POOLS.iter().find_map(|pool| pool.get_message_by_name(name))
}

/// Encodes the JSON of a message.
///
/// # Errors
/// INVALID_ARGUMENT with the first field at fault.
pub(super) fn from_json(json: &[u8], of: &MessageDescriptor) -> Result<Vec<u8>, Status> {
    parse(json, of).map(|message| message.encode_to_vec()).map_err(|error| {
        let short = |text: String| text.chars().take(MAX_ERROR_TEXT).collect::<String>();
        invalid_because(MALFORMED_JSON, [(short(error.field), short(error.message))])
    })
}

fn parse(json: &[u8], of: &MessageDescriptor) -> Result<DynamicMessage, FieldError> {
    let object = json::parse_object(json)?;
    let object = Value::Object(json::canonical_message(of.full_name(), object)?);
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(object, &mut track);
    // The values have been checked: the library's message would not help.
    DynamicMessage::deserialize(of.clone(), tracked).map_err(|_| FieldError {
        field: track.path().to_string(),
        message: "is not a value of this field".to_owned(),
    })
}

/// The JSON of an encoded message.
///
/// # Errors
/// INTERNAL: the service's response is not of this type, or has no JSON form.
pub(super) fn to_json(encoded: &[u8], of: &MessageDescriptor) -> Result<Vec<u8>, Status> {
    let written = match MessageType::named(of.full_name()) {
        Some(message_type) => write(encoded, message_type).or_else(|_| {
            // Not in canonical form.
            let message = DynamicMessage::decode(of.clone(), encoded)?;
            write(&message.encode_to_vec(), message_type)
        }),
        None => debug_json(encoded, of, false),
    };
    written.map_err(|error| {
        tracing::error!(
            message = of.full_name(),
            error = format!("{error:#}"),
            "transcoding failed"
        );
        Status::internal("the response cannot be written as JSON; ask for application/proto")
    })
}

fn write(encoded: &[u8], message_type: &'static MessageType) -> anyhow::Result<Vec<u8>> {
    let mut json = Vec::new();
    message_type.parse(encoded)?.write(&mut json)?;
    Ok(json)
}

/// The JSON of a message that is not of the contract.
pub(super) fn debug_json(
    encoded: &[u8],
    of: &MessageDescriptor,
    skip_defaults: bool,
) -> anyhow::Result<Vec<u8>> {
    let message = DynamicMessage::decode(of.clone(), encoded)?;
    let mut json = serde_json::Serializer::new(Vec::new());
    let options = SerializeOptions::new().skip_default_fields(skip_defaults);
    message.serialize_with_options(&mut json, &options)?;
    Ok(json.into_inner())
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};

    use super::*;

    /// Messages with their JSON as Python's protobuf writes it.
    const CASES: &str = include_str!("../../../../crates/proto/golden/cases.jsonl");

    #[test]
    fn json_is_that_of_python_in_both_directions() {
        let mut read = 0;
        for line in CASES.lines() {
            let case: Value = serde_json::from_str(line).unwrap();
            let name = case["type"].as_str().unwrap();
            let of = descriptor(name).unwrap();
            let wire = STANDARD.decode(case["wire"].as_str().unwrap()).unwrap();
            let json: Value = serde_json::from_slice(&to_json(&wire, &of).unwrap()).unwrap();
            assert_eq!(json.to_string(), case["json"].to_string(), "{name}");
            // Numbers of a newer contract are not read.
            let text = json.to_string();
            if [":77,", ":77}", "[77,", ",77]"].iter().any(|number| text.contains(number)) {
                continue;
            }
            read += 1;
            let encoded = from_json(text.as_bytes(), &of);
            let encoded = encoded.unwrap_or_else(|error| panic!("{name}: {error}"));
            let expected = DynamicMessage::decode(of.clone(), &wire[..]).unwrap();
            assert!(encoded == expected.encode_to_vec(), "{name}: {text}");
        }
        assert!(read > 200, "{read}");
    }

    #[test]
    fn every_method_is_known_with_its_messages() {
        for method in crate::contract::methods() {
            assert!(super::super::procedure::find(method.path).is_some(), "{}", method.path);
        }
        assert!(super::super::procedure::find("/grpc.health.v1.Health/Check").is_some());
    }

    #[test]
    fn field_at_fault_is_named() {
        let of = descriptor("catalogue.v1.CreateProductRequest").unwrap();
        for (json, field) in [
            (&br#"{"product":{"stockQty":"many"}}"#[..], "product.stockQty"),
            (br#"{"product":{"updated_at":"soon"}}"#, "product.updated_at"),
            (br#"{"prodct":{}}"#, "prodct"),
            (br#"{"product":"#, "product"),
            (b"", "body"),
            (b"[]", "body"),
            (b"{} {}", "body"),
        ] {
            let status = from_json(json, &of).unwrap_err();
            assert_eq!(rpc::status::reason(&status).as_deref(), Some(MALFORMED_JSON));
            let (named, message) = rpc::status::violations(&status).remove(0);
            assert_eq!((&*named, message.is_empty()), (field, false), "{status}");
        }
    }
}
