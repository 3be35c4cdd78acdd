//! Generates `src/generated` from `proto/`, and checks that the committed files are current.
//!
//! `cargo xtask codegen` runs this test with `CODEGEN=write`; without it a stale file fails the test, so
//! that a build needs no `protoc` and generating cannot be forgotten.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use prost_build::{Service, ServiceGenerator};
use prost_types::{FieldDescriptorProto, FileDescriptorSet, field_descriptor_proto::Label};

const FILES: [&str; 11] = [
    "catalogue/v1/audit.proto",
    "catalogue/v1/catalogue.proto",
    "catalogue/v1/category.proto",
    "catalogue/v1/feed.proto",
    "catalogue/v1/instance.proto",
    "catalogue/v1/key.proto",
    "catalogue/v1/settings.proto",
    "catalogue/v1/stock.proto",
    "catalogue/v1/transfer.proto",
    "search/v1/admin.proto",
    "search/v1/search.proto",
];

/// The packages that are generated. `google.protobuf` comes from `pbjson_types`, and the HTTP
/// annotations are for other tools.
const PACKAGES: [&str; 3] = [".catalogue.v1", ".google.type", ".search.v1"];

#[test]
fn generated_code_is_current() {
    check("../../proto", "src/generated", generate);
}

/// The client of the compatibility test, from the first version of the contract.
#[test]
fn generated_original_client_is_current() {
    let original = "../testkit/tests/system/original";
    check(original, &format!("{original}/generated"), |protos, out| {
        let descriptors = protox::compile(["catalogue.proto"], [protos]).expect("it compiles");
        tonic_prost_build::configure()
            .build_server(false)
            .out_dir(out)
            .compile_fds(descriptors)
            .expect("generating the original client");
    });
}

fn check(protos: &str, committed: &str, generate: impl Fn(&Path, &Path)) {
    let crate_dir = Path::new(env!("CARGO_MANIFEST_DIR"));
    let committed = crate_dir.join(committed);
    let fresh = tempfile::tempdir().expect("a temporary directory");
    generate(&crate_dir.join(protos), fresh.path());

    if std::env::var("CODEGEN").as_deref() == Ok("write") {
        fs::remove_dir_all(&committed).ok();
        fs::create_dir_all(&committed).unwrap();
        for (name, content) in read(fresh.path()) {
            fs::write(committed.join(name), content).unwrap();
        }
        return;
    }
    let (old, new) = (read(&committed), read(fresh.path()));
    let names: Vec<_> = old.keys().chain(new.keys()).collect();
    let stale: Vec<_> = names.into_iter().filter(|name| old.get(*name) != new.get(*name)).collect();
    assert!(stale.is_empty(), "stale: {stale:?}; run cargo xtask codegen");
}

fn generate(protos: &Path, out: &Path) {
    // Of the options only the encoded set has those that are extensions, such as `required_scope`.
    let (descriptors, encoded) = protox::Compiler::new([protos])
        .and_then(|mut compiler| {
            compiler.include_source_info(true).include_imports(true).open_files(FILES)?;
            let messages = compiler.file_descriptor_set();
            // Reflection does not need the source comments.
            compiler.include_source_info(false);
            Ok((messages, compiler.encode_file_descriptor_set()))
        })
        .unwrap_or_else(|error| panic!("proto/ does not compile: {error:?}"));

    let services = || tonic_prost_build::configure().compile_well_known_types(true);
    let clients = services().build_server(false).service_generator();
    let servers = services()
        .build_client(false)
        .generate_default_stubs(true)
        // An undecodable request is the client's fault, not the server's.
        .codec_path("crate::RequestCodec")
        .service_generator();
    prost_build::Config::new()
        .compile_well_known_types() // or prost uses its own types, which have no JSON
        .extern_path(".google.protobuf", "::pbjson_types")
        .extern_path(".google.api", "::google_api_is_for_other_tools")
        .service_generator(Box::new(Both(clients, servers)))
        .out_dir(out)
        .compile_fds(descriptors.clone())
        .expect("generating messages and services");

    pbjson_build::Builder::new()
        .register_descriptors(&encoded)
        .expect("a valid descriptor set")
        .out_dir(out)
        .extern_path(".google.protobuf", "::pbjson_types")
        .emit_fields()
        .build(&PACKAGES)
        .expect("generating the JSON mapping");
    write_timestamps_in_utc(&descriptors, out);
    fs::write(out.join("descriptors.bin"), encoded).unwrap();
}

/// Makes the JSON mapping write timestamps with `Z`, as proto3 JSON demands: `pbjson_types` writes
/// `+00:00`.
fn write_timestamps_in_utc(descriptors: &FileDescriptorSet, out: &Path) {
    let messages = descriptors.file.iter().flat_map(|file| &file.message_type);
    let fields: Vec<_> = messages.flat_map(|message| &message.field).collect();
    let is_time = |field: &FieldDescriptorProto| field.type_name() == ".google.protobuf.Timestamp";
    let times: BTreeSet<_> =
        fields.iter().filter(|field| is_time(field)).map(|field| field.json_name()).collect();
    for field in fields.iter().filter(|field| times.contains(field.json_name())) {
        let name = field.name();
        assert!(is_time(field) && field.label() != Label::Repeated, "{name} must be a timestamp");
    }
    for (file, code) in read(out).into_iter().filter(|(file, _)| file.ends_with(".serde.rs")) {
        let mut code = String::from_utf8(code).expect("generated code is text");
        for name in &times {
            let field = format!("serialize_field(\"{name}\", ");
            code = code.replace(&format!("{field}v)"), &format!("{field}&crate::time::Utc(v))"));
        }
        fs::write(out.join(file), code).unwrap();
    }
}

/// Generates clients with one generator and servers with the other.
struct Both(Box<dyn ServiceGenerator>, Box<dyn ServiceGenerator>);

impl ServiceGenerator for Both {
    fn generate(&mut self, service: Service, code: &mut String) {
        self.0.generate(service.clone(), code);
        self.1.generate(service, code);
    }
}

fn read(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(dir)
        .into_iter()
        .flatten()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read(path).unwrap())
        })
        .collect()
}
