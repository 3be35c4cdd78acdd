//! Contracts of tests, from the text of a file.

use std::fs;

use super::{Message, MessageTypes, Types};

/// The encoded descriptors of a file and what it imports.
pub(crate) fn compiled_file(text: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("test.proto"), text).unwrap();
    let mut compiler = protox::Compiler::new([folder.path()]).unwrap();
    let compiled = compiler.include_imports(true).open_file("test.proto");
    compiled.unwrap_or_else(|error| panic!("{error:?}")).encode_file_descriptor_set()
}

/// A message type of a file, which can be read from JSON but not written.
pub(crate) fn message_of(text: &str, name: &str) -> Message {
    let descriptors = compiled_file(text).leak();
    let types = Box::leak(Box::new(MessageTypes::of(descriptors, Types::compiled())));
    Message::named(name, types)
}
