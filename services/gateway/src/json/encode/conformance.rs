//! The cases of protobuf's conformance suite with JSON as input, by the suite's names, and some more. They are of the
//! types that a contract can have: with numbers without a sign, floats, lists of numbers, bytes, maps, wrappers, `Struct`,
//! `Value` or `Any` a gateway does not start ([`unsupported_types_are_refused_at_the_start`]).
//!
//! Not followed: `FieldMaskInvalidCharacter` (recommended), because masks may have names in either spelling; and
//! `IgnoreUnknownJson*`, which are about an option to ignore unknown fields.

use std::panic::catch_unwind;

use prost::Message as _;
use prost_reflect::{DynamicMessage, MessageDescriptor};
use proto::json::Types;

use crate::{
    contract::{self, Message},
    json::{encode_message, parse_object},
};

/// A message with the fields of the suite's messages that the cases use.
const ALL_TYPES: &str = r#"
syntax = "proto3";
package conformance;
import "google/protobuf/duration.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/timestamp.proto";
enum NestedEnum { FOO = 0; BAR = 1; BAZ = 2; NEG = -1; }
enum AliasedEnum {
  option allow_alias = true;
  ALIAS_FOO = 0; ALIAS_BAR = 1; ALIAS_BAZ = 2; QUX = 2; qux = 2; bAz = 2;
}
message NestedMessage { int32 a = 1; AllTypes corecursive = 2; }
message AllTypes {
  int32 optional_int32 = 1;
  int64 optional_int64 = 2;
  double optional_double = 12;
  bool optional_bool = 13;
  string optional_string = 14;
  NestedMessage optional_nested_message = 18;
  NestedEnum optional_nested_enum = 21;
  AliasedEnum optional_aliased_enum = 23;
  repeated string repeated_string = 44;
  repeated NestedMessage repeated_nested_message = 48;
  oneof oneof_field {
    int32 oneof_int32 = 111;
    NestedMessage oneof_nested_message = 112;
    string oneof_string = 113;
    bool oneof_bool = 115;
    int64 oneof_int64 = 116;
    double oneof_double = 118;
    NestedEnum oneof_enum = 119;
  }
  google.protobuf.Duration optional_duration = 301;
  google.protobuf.Timestamp optional_timestamp = 302;
  google.protobuf.FieldMask optional_field_mask = 303;
  repeated google.protobuf.Duration repeated_duration = 311;
  repeated google.protobuf.Timestamp repeated_timestamp = 312;
  int32 fieldname1 = 401;
  int32 field_name2 = 402;
  int32 _field_name3 = 403;
  int32 field__name4_ = 404;
  int32 field0name5 = 405;
  int32 field_0_name6 = 406;
  int32 fieldName7 = 407;
  int32 FieldName8 = 408;
  int32 field_Name9 = 409;
  int32 Field_Name10 = 410;
  int32 FIELD_NAME11 = 411;
  int32 FIELD_name12 = 412;
  int32 __field_name13 = 413;
  int32 __Field_name14 = 414;
  int32 field__name15 = 415;
  int32 field__Name16 = 416;
  int32 field_name17__ = 417;
  int32 Field_name18__ = 418;
}
"#;

/// A case a line: its name, the JSON with its line ends as `⏎`, and that of the same message in canonical form, or `refused`.
const CASES: &str = include_str!("conformance.txt");

/// The message as the gateway reads it.
fn encoded(of: Message, json: &str) -> Result<Vec<u8>, String> {
    let object = parse_object(json.as_bytes());
    let encoded = object.and_then(|object| encode_message(of, object));
    encoded.map_err(|error| format!("{}: {}", error.field, error.message))
}

/// The message as another implementation reads it.
fn expected(descriptor: MessageDescriptor, json: &str) -> DynamicMessage {
    let mut json = serde_json::Deserializer::from_str(json);
    DynamicMessage::deserialize(descriptor, &mut json).unwrap()
}

#[test]
fn json_is_read_as_the_suite_demands() {
    let of = contract::message_of(ALL_TYPES, "conformance.AllTypes");
    let (mut accepted, mut refused) = (0, 0);
    for line in CASES.lines() {
        let (name, case) = line.split_once(": ").unwrap();
        let (json, outcome) = case.rsplit_once(" => ").unwrap();
        let read = encoded(of, &json.replace('⏎', "\n"));
        if outcome == "refused" {
            assert!(read.is_err(), "{name} is accepted: {json}");
            refused += 1;
            continue;
        }
        let read = read.unwrap_or_else(|error| panic!("{name} is refused: {json}: {error}"));
        let read = DynamicMessage::decode(of.descriptor(), &read[..]).unwrap();
        let expected = expected(of.descriptor(), outcome);
        // As bytes, because a NaN is not equal to itself.
        assert_eq!(read.encode_to_vec(), expected.encode_to_vec(), "{name}: {read}");
        accepted += 1;
    }
    assert!(accepted > 80 && refused > 90, "{accepted} are accepted, {refused} refused");
}

#[test]
fn unsupported_types_are_refused_at_the_start() {
    let starts = |import: &str, field: &str| {
        let file =
            format!("syntax = \"proto3\"; package test; {import} message Test {{ {field} }}");
        let descriptors = contract::compiled_file(&file);
        catch_unwind(|| Types::of(&descriptors)).is_ok()
    };
    assert!(starts("", "int32 count = 1;"));
    for field in [
        "uint32 count = 1;",
        "uint64 count = 1;",
        "sint32 count = 1;",
        "fixed64 count = 1;",
        "float factor = 1;",
        "bytes picture = 1;",
        "repeated int32 counts = 1;",
        "map<string, string> labels = 1;",
    ] {
        assert!(!starts("", field), "{field}");
    }
    for (file, name) in [("wrappers", "StringValue"), ("struct", "Struct"), ("any", "Any")] {
        let import = format!("import \"google/protobuf/{file}.proto\";");
        let field = format!("google.protobuf.{name} value = 1;");
        assert!(!starts(&import, &field), "{field}");
    }
}
