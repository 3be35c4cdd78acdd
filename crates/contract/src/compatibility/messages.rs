//! Rules of messages and their fields.

use prost_types::{
    DescriptorProto, FieldDescriptorProto,
    field_descriptor_proto::{Label, Type},
};

use super::{Findings, index::Index, reserved::Reserved};

/// Compares a message with its later form. `types` are the types of the earlier contract and of the later one.
pub(super) fn compare(
    name: &str,
    before: &DescriptorProto,
    after: &DescriptorProto,
    types: [&Index<'_>; 2],
    found: &mut Findings,
) {
    let reserved = Reserved::of_message(after);
    if let Some(what) = Reserved::of_message(before).missing_in(&reserved) {
        found.add("RESERVED_MESSAGE_NO_DELETE", format!("{name}: {what} no longer reserved"));
    }
    for field in &before.field {
        let field_name = format!("{name}.{}", field.name());
        match after.field.iter().find(|now| now.number() == field.number()) {
            Some(now) => {
                compare_fields(&field_name, field, now, types, found);
                let (was, is) = (oneof(before, field), oneof(after, now));
                found.same("FIELD_SAME_ONEOF", &field_name, ("oneof", was, is));
            }
            None => deleted(&field_name, field, after, &reserved, found),
        }
    }
}

fn deleted(
    name: &str,
    field: &FieldDescriptorProto,
    after: &DescriptorProto,
    reserved: &Reserved<'_>,
    found: &mut Findings,
) {
    if !reserved.has_number(field.number()) {
        let what = format!("{name}: its number {} is not reserved", field.number());
        found.add("FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED", what);
    }
    // One that moved to another number is in the way as well.
    let is_taken = after.field.iter().any(|now| now.name() == field.name());
    if is_taken || !reserved.has_name(field.name()) {
        let what = format!("{name}: its name is not reserved");
        found.add("FIELD_NO_DELETE_UNLESS_NAME_RESERVED", what);
    }
}

fn compare_fields(
    name: &str,
    before: &FieldDescriptorProto,
    after: &FieldDescriptorProto,
    types: [&Index<'_>; 2],
    found: &mut Findings,
) {
    let json = ("json_name", before.json_name(), after.json_name());
    found.same("FIELD_SAME_JSON_NAME", name, json);
    let [earlier, later] = types;
    let cardinality = ("cardinality", cardinality(before, earlier), cardinality(after, later));
    found.same("FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY", name, cardinality);
    let kind = ("type", type_family(before), type_family(after));
    found.same("FIELD_WIRE_JSON_COMPATIBLE_TYPE", name, kind);
}

/// `optional` makes no difference on the wire.
fn cardinality(field: &FieldDescriptorProto, types: &Index<'_>) -> &'static str {
    match field.label() {
        Label::Repeated if types.is_map_entry(field.type_name()) => "map",
        Label::Repeated => "repeated",
        Label::Required => "required",
        Label::Optional => "single",
    }
}

/// Types of one family are encoded alike, in Protobuf and in JSON.
fn type_family(field: &FieldDescriptorProto) -> String {
    let family = match field.r#type() {
        Type::Int32 | Type::Uint32 => "int32",
        Type::Int64 | Type::Uint64 => "int64",
        Type::Fixed32 | Type::Sfixed32 => "fixed32",
        Type::Fixed64 | Type::Sfixed64 => "fixed64",
        Type::Message | Type::Enum | Type::Group => field.type_name(),
        other => other.as_str_name(),
    };
    family.to_owned()
}

/// The name of a field's oneof; empty outside of one and for `optional`.
fn oneof<'a>(message: &'a DescriptorProto, field: &FieldDescriptorProto) -> &'a str {
    let index = field.oneof_index.filter(|_| !field.proto3_optional());
    let oneof = index.and_then(|index| message.oneof_decl.get(usize::try_from(index).ok()?));
    oneof.map(|oneof| oneof.name()).unwrap_or_default()
}
