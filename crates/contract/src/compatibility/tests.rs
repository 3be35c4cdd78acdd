//! Each rule, on two versions of a small contract.

use prost_types::FileDescriptorSet;

use super::breaking;

fn compile(body: &str) -> FileDescriptorSet {
    let dir = tempfile::tempdir().unwrap();
    let text = format!("syntax = \"proto3\";\npackage shop.v1;\n{body}");
    std::fs::write(dir.path().join("shop.proto"), text).unwrap();
    protox::compile(["shop.proto"], [dir.path()]).unwrap_or_else(|error| panic!("{error}: {body}"))
}

fn rules(before: &str, after: &str) -> Vec<&'static str> {
    let found = breaking(&compile(before), &compile(after));
    found.into_iter().map(|breaking| breaking.rule).collect()
}

/// Checks one rule on the fields of a message.
fn check_fields(rule: &str, before: &str, after: &str) {
    let message =
        |fields: &str| format!("message M {{ {fields} }} message N {{}} enum E {{ ZERO = 0; }}");
    assert_eq!(rules(&message(before), &message(after)), [rule], "{before} -> {after}");
}

/// Checks one rule on the values of an enum.
fn check_values(rule: &str, before: &str, after: &str) {
    let declared = |values: &str| format!("enum E {{ ZERO = 0; {values} }}");
    assert_eq!(rules(&declared(before), &declared(after)), [rule], "{before} -> {after}");
}

/// Checks one rule on the methods of a service.
fn check_methods(rule: &str, before: &str, after: &str) {
    let service =
        |methods: &str| format!("message A {{}} message B {{}} service S {{ {methods} }}");
    assert_eq!(rules(&service(before), &service(after)), [rule], "{before} -> {after}");
}

#[test]
fn a_deleted_type_or_service_breaks() {
    assert_eq!(rules("message A {} message B {}", "message A {}"), ["MESSAGE_NO_DELETE"]);
    assert_eq!(rules("message A { message B {} }", "message A {}"), ["MESSAGE_NO_DELETE"]);
    assert_eq!(rules("enum E { ZERO = 0; }", ""), ["ENUM_NO_DELETE"]);
    assert_eq!(rules("service S {}", ""), ["SERVICE_NO_DELETE"]);
}

#[test]
fn a_deleted_field_is_reserved_by_number_and_name() {
    let before = "string a = 1; string b = 2;";
    check_fields(
        "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED",
        before,
        "string a = 1; reserved \"b\"; reserved 3 to 5;",
    );
    check_fields("FIELD_NO_DELETE_UNLESS_NAME_RESERVED", before, "string a = 1; reserved 2;");
    // Moved to another number.
    check_fields(
        "FIELD_NO_DELETE_UNLESS_NAME_RESERVED",
        before,
        "string a = 1; string b = 3; reserved 2;",
    );
}

#[test]
fn a_renamed_field_breaks_json() {
    check_fields("FIELD_SAME_JSON_NAME", "string a = 1;", "string b = 1;");
    check_fields("FIELD_SAME_JSON_NAME", "string a = 1;", "string a = 1 [json_name = \"b\"];");
}

#[test]
fn another_type_breaks() {
    for (before, after) in [
        ("int32 a = 1;", "int64 a = 1;"),
        ("int32 a = 1;", "sint32 a = 1;"),
        ("string a = 1;", "bytes a = 1;"),
        ("bool a = 1;", "int32 a = 1;"),
        ("M a = 1;", "N a = 1;"),
        ("E a = 1;", "int32 a = 1;"),
        ("double a = 1;", "float a = 1;"),
    ] {
        check_fields("FIELD_WIRE_JSON_COMPATIBLE_TYPE", before, after);
    }
}

#[test]
fn another_cardinality_breaks() {
    check_fields(
        "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY",
        "string a = 1;",
        "repeated string a = 1;",
    );
    // The entry of the map is a separate message.
    let map = rules(
        "message M { map<string, string> a = 1; }",
        "message M { message AEntry { string key = 1; string value = 2; } repeated AEntry a = 1; }",
    );
    assert_eq!(map, ["FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY"], "JSON has an object for a map");
}

#[test]
fn a_field_that_enters_or_leaves_a_oneof_breaks() {
    check_fields("FIELD_SAME_ONEOF", "string a = 1;", "oneof o { string a = 1; }");
    check_fields("FIELD_SAME_ONEOF", "oneof o { string a = 1; }", "string a = 1;");
    check_fields("FIELD_SAME_ONEOF", "oneof o { string a = 1; }", "oneof p { string a = 1; }");
}

#[test]
fn what_is_reserved_stays_reserved() {
    check_fields("RESERVED_MESSAGE_NO_DELETE", "reserved 2 to 5;", "reserved 2 to 4;");
    check_fields("RESERVED_MESSAGE_NO_DELETE", "reserved \"b\";", "");
    check_values("RESERVED_ENUM_NO_DELETE", "reserved 7;", "");
}

#[test]
fn a_deleted_or_renamed_value_breaks() {
    check_values("ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED", "ONE = 1;", "reserved \"ONE\";");
    check_values("ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED", "ONE = 1;", "reserved 1;");
    check_values("ENUM_VALUE_SAME_NAME", "ONE = 1;", "FIRST = 1;");
}

#[test]
fn a_method_keeps_its_types_and_how_it_is_called() {
    let before = "rpc Get(A) returns (B);";
    for (rule, after) in [
        ("RPC_NO_DELETE", ""),
        ("RPC_SAME_REQUEST_TYPE", "rpc Get(B) returns (B);"),
        ("RPC_SAME_RESPONSE_TYPE", "rpc Get(A) returns (A);"),
        ("RPC_SAME_CLIENT_STREAMING", "rpc Get(stream A) returns (B);"),
        ("RPC_SAME_SERVER_STREAMING", "rpc Get(A) returns (stream B);"),
        (
            "RPC_SAME_IDEMPOTENCY_LEVEL",
            "rpc Get(A) returns (B) { option idempotency_level = NO_SIDE_EFFECTS; }",
        ),
    ] {
        check_methods(rule, before, after);
    }
}

#[test]
fn what_clients_do_not_notice_is_no_finding() {
    let before = "message M { int32 a = 1; string b = 2; fixed64 c = 3; reserved 9; }
        enum E { ZERO = 0; ONE = 1; }
        service S { rpc Get(M) returns (M); }";
    let after = "message M { uint32 a = 1; sfixed64 c = 3; optional string d = 4; reserved 2, 8 to 10; reserved \"b\"; }
        message N {}
        enum E { option allow_alias = true; ZERO = 0; ONE = 1; FIRST = 1; TWO = 2; }
        service S { rpc List(M) returns (N); rpc Get(M) returns (M); }";
    assert_eq!(rules(before, after), [] as [&str; 0]);
    assert_eq!(rules(before, before), [] as [&str; 0]);
    // A field may become optional and the other way round.
    assert_eq!(
        rules("message M { string a = 1; }", "message M { optional string a = 1; }"),
        [] as [&str; 0]
    );
}
