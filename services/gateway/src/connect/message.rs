//! Messages between JSON and protobuf, by their descriptors. JSON is written as by the JSON API, and read with the
//! same rules.

use prost_reflect::{DynamicMessage, MessageDescriptor, SerializeOptions};
use rpc::status::invalid_because;
use tonic::Status;

use crate::{contract::Message, json};

/// The reason of JSON that is not the request message.
const MALFORMED_JSON: &str = "MALFORMED_JSON";
/// The longest field name and the longest message in an error, in characters.
const MAX_ERROR_TEXT: usize = 500;

/// Encodes the JSON of a message.
///
/// # Errors
/// INVALID_ARGUMENT with the first field at fault.
pub(super) fn from_json(json: &[u8], of: Message) -> Result<Vec<u8>, Status> {
    let encoded = json::parse_object(json).and_then(|object| json::encode_message(of, object));
    encoded.map_err(|error| {
        let short = |text: String| text.chars().take(MAX_ERROR_TEXT).collect::<String>();
        invalid_because(MALFORMED_JSON, [(short(error.field), short(error.message))])
    })
}

/// The JSON of an encoded message.
///
/// # Errors
/// INTERNAL: the service's response is not of this type, or has no JSON form.
pub(super) fn to_json(encoded: &[u8], of: Message) -> Result<Vec<u8>, Status> {
    let mut json = Vec::new();
    let written = match of.json() {
        Some(_) => of.append(encoded, &mut json).map(|()| json).map_err(anyhow::Error::from),
        None => debug_json(encoded, &of.descriptor(), false),
    };
    written.map_err(|error| {
        tracing::error!(message = of.name(), error = format!("{error:#}"), "transcoding failed");
        Status::internal("the response cannot be written as JSON; ask for application/proto")
    })
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
    use prost::Message as _;
    use serde_json::Value;

    use super::*;
    use crate::contract;

    /// Messages with their JSON as Python's protobuf writes it.
    const CASES: &str = include_str!("../../../../crates/proto/golden/cases.jsonl");

    #[test]
    fn json_is_that_of_python_in_both_directions() {
        let any = contract::compiled().methods()[0].input;
        let mut read = 0;
        for line in CASES.lines() {
            let case: Value = serde_json::from_str(line).unwrap();
            let name = case["type"].as_str().unwrap();
            let of = any.sibling(name);
            let wire = STANDARD.decode(case["wire"].as_str().unwrap()).unwrap();
            let json: Value = serde_json::from_slice(&to_json(&wire, of).unwrap()).unwrap();
            assert_eq!(json.to_string(), case["json"].to_string(), "{name}");
            let text = json.to_string();
            read += 1;
            let encoded = from_json(text.as_bytes(), of);
            let encoded = encoded.unwrap_or_else(|error| panic!("{name}: {error}"));
            let expected = DynamicMessage::decode(of.descriptor(), &wire[..]).unwrap();
            assert!(encoded == expected.encode_to_vec(), "{name}: {text}");
        }
        assert!(read > 200, "{read}");
    }

    #[test]
    fn field_at_fault_is_named() {
        let create = contract::method("/catalogue.v1.CatalogueService/CreateProduct").unwrap();
        for (json, field) in [
            (&br#"{"product":{"stockQty":"many"}}"#[..], "product.stockQty"),
            (br#"{"product":{"updated_at":"soon"}}"#, "product.updated_at"),
            (br#"{"prodct":{}}"#, "prodct"),
            (br#"{"product":"#, "product"),
            (b"", "body"),
            (b"[]", "body"),
            (b"{} {}", "body"),
        ] {
            let status = from_json(json, create.input).unwrap_err();
            assert_eq!(rpc::status::reason(&status).as_deref(), Some(MALFORMED_JSON));
            let (named, message) = rpc::status::violations(&status).remove(0);
            assert_eq!((&*named, message.is_empty()), (field, false), "{status}");
        }
    }
}
