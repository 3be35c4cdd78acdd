//! Rules of enums and their values.

use prost_types::EnumDescriptorProto;

use super::{Findings, reserved::Reserved};

/// Compares an enum with its later form.
pub(super) fn compare(
    name: &str,
    before: &EnumDescriptorProto,
    after: &EnumDescriptorProto,
    found: &mut Findings,
) {
    let reserved = Reserved::of_enum(after);
    if let Some(what) = Reserved::of_enum(before).missing_in(&reserved) {
        found.add("RESERVED_ENUM_NO_DELETE", format!("{name}: {what} no longer reserved"));
    }
    for value in &before.value {
        let value_name = format!("{name}.{}", value.name());
        let mut same = after.value.iter().filter(|now| now.number() == value.number()).peekable();
        if same.peek().is_some() {
            // Several names for one number are aliases, of which each is valid in JSON.
            if !same.any(|now| now.name() == value.name()) {
                let what = format!("{value_name}: number {} has another name", value.number());
                found.add("ENUM_VALUE_SAME_NAME", what);
            }
            continue;
        }
        if !reserved.has_number(value.number()) {
            let what = format!("{value_name}: its number {} is not reserved", value.number());
            found.add("ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED", what);
        }
        if !reserved.has_name(value.name()) {
            let what = format!("{value_name}: its name is not reserved");
            found.add("ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED", what);
        }
    }
}
