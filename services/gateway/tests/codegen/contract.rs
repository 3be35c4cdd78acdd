//! The contract's descriptors, with annotations and comments.

use std::{collections::HashMap, path::Path};

use ::contract::HttpRule;
use protox::prost_reflect::{
    DescriptorPool, FieldDescriptor, FileDescriptor, MessageDescriptor, MethodDescriptor,
};

use crate::comments;

const FILES: [&str; 11] = [
    "catalogue/v1/catalogue.proto",
    "catalogue/v1/category.proto",
    "catalogue/v1/stock.proto",
    "catalogue/v1/feed.proto",
    "catalogue/v1/transfer.proto",
    "catalogue/v1/key.proto",
    "catalogue/v1/audit.proto",
    "catalogue/v1/settings.proto",
    "catalogue/v1/instance.proto",
    "search/v1/admin.proto",
    "search/v1/search.proto",
];

pub(crate) struct Contract {
    /// Its encoded descriptors.
    pub(crate) encoded: Vec<u8>,
    pool: DescriptorPool,
    /// The bindings of methods to HTTP, by their paths.
    rules: HashMap<&'static str, Vec<HttpRule>>,
}

impl Contract {
    pub(crate) fn read(folder: &Path) -> Self {
        let compiled = protox::Compiler::new([folder]).and_then(|mut compiler| {
            compiler.include_source_info(true).include_imports(true).open_files(FILES)?;
            Ok((compiler.encode_file_descriptor_set(), compiler.descriptor_pool()))
        });
        let (encoded, pool) =
            compiled.unwrap_or_else(|error| panic!("proto/ does not compile: {error:?}"));
        let declared = ::contract::declared(&encoded).into_iter();
        let rules = declared.map(|declared| (declared.method.path, declared.http)).collect();
        Self { encoded, pool, rules }
    }

    /// All methods, in the order of the files.
    pub(crate) fn methods(&self) -> Vec<MethodDescriptor> {
        let files = FILES.iter().map(|name| self.pool.get_file_by_name(name).unwrap());
        let services = files.flat_map(|file| file.services().collect::<Vec<_>>());
        services.flat_map(|service| service.methods().collect::<Vec<_>>()).collect()
    }

    pub(crate) fn message(&self, name: &str) -> MessageDescriptor {
        self.pool.get_message_by_name(name).unwrap_or_else(|| panic!("{name} is not in proto/"))
    }

    /// The bindings of a method to HTTP, the additional ones last.
    pub(crate) fn rules(&self, method: &MethodDescriptor) -> Vec<HttpRule> {
        let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
        self.rules[path.as_str()].clone()
    }

    /// The scope that a method needs.
    ///
    /// # Panics
    /// If it names none: a new method has to choose.
    pub(crate) fn required_scope(&self, method: &MethodDescriptor) -> String {
        let extension = self.pool.get_extension_by_name("access.v1.required_scope").unwrap();
        let options = method.options();
        let scope = options.get_extension(&extension).as_str().unwrap_or_default().to_owned();
        assert!(!scope.is_empty(), "{} has no required_scope: choose one", method.full_name());
        scope
    }
}

/// The comment of an element, for JSON clients; empty without one.
pub(crate) trait Comment {
    fn comment(&self) -> String;
}

impl Comment for MethodDescriptor {
    fn comment(&self) -> String {
        comment(&self.parent_service().parent_file(), self.path())
    }
}

impl Comment for MessageDescriptor {
    fn comment(&self) -> String {
        comment(&self.parent_file(), self.path())
    }
}

impl Comment for FieldDescriptor {
    fn comment(&self) -> String {
        comment(&self.parent_file(), self.path())
    }
}

fn comment(file: &FileDescriptor, path: &[i32]) -> String {
    let info = file.file_descriptor_proto().source_code_info.as_ref();
    let locations = info.map(|info| info.location.as_slice()).unwrap_or_default();
    let location = locations.iter().find(|location| location.path == path);
    comments::for_json(location.map(|location| location.leading_comments()).unwrap_or_default())
}
