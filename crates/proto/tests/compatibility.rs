//! The contract still serves the clients of the last release: `proto/released.bin`, or the descriptor set in
//! the file `CONTRACT_BASE`, such as that of a tag.

use std::path::{Path, PathBuf};

use prost::Message as _;
use prost_types::FileDescriptorSet;

#[test]
fn clients_of_the_last_release_work_unchanged() {
    let released = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto/released.bin");
    let base = std::env::var_os("CONTRACT_BASE").map_or(released, PathBuf::from);
    let before = std::fs::read(&base).unwrap_or_else(|error| panic!("{}: {error}", base.display()));
    let before = FileDescriptorSet::decode(before.as_slice()).unwrap();
    let after = FileDescriptorSet::decode(proto::DESCRIPTORS).unwrap();
    let found = contract::breaking(&before, &after);
    let found: Vec<_> = found.iter().map(|breaking| format!("  {breaking}")).collect();
    assert!(
        found.is_empty(),
        "the contract breaks clients of {}:\n{}\nReserve what is deleted, add what changes its meaning under a \
         new name, or begin a new version of the package",
        base.display(),
        found.join("\n")
    );
}
