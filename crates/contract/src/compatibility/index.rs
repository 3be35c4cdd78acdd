//! The types and services of a descriptor set by their full names.

use std::collections::BTreeMap;

use prost_types::{
    DescriptorProto, EnumDescriptorProto, FileDescriptorSet, ServiceDescriptorProto,
};

/// The types and services of a descriptor set by their full names, without a leading dot.
#[derive(Default)]
pub(super) struct Index<'a> {
    pub(super) messages: BTreeMap<String, &'a DescriptorProto>,
    pub(super) enums: BTreeMap<String, &'a EnumDescriptorProto>,
    pub(super) services: BTreeMap<String, &'a ServiceDescriptorProto>,
}

impl<'a> Index<'a> {
    pub(super) fn of(set: &'a FileDescriptorSet) -> Self {
        let mut index = Self::default();
        for file in &set.file {
            let package = file.package();
            index.add(package, &file.message_type, &file.enum_type);
            for service in &file.service {
                index.services.insert(format!("{package}.{}", service.name()), service);
            }
        }
        index
    }

    fn add(
        &mut self,
        scope: &str,
        messages: &'a [DescriptorProto],
        enums: &'a [EnumDescriptorProto],
    ) {
        for message in messages {
            let name = format!("{scope}.{}", message.name());
            self.add(&name, &message.nested_type, &message.enum_type);
            self.messages.insert(name, message);
        }
        for declared in enums {
            self.enums.insert(format!("{scope}.{}", declared.name()), declared);
        }
    }

    /// Whether a field type's name, with a leading dot, is the entry of a map.
    pub(super) fn is_map_entry(&self, type_name: &str) -> bool {
        let message = self.messages.get(type_name.trim_start_matches('.'));
        message.and_then(|message| message.options.as_ref()).is_some_and(|it| it.map_entry())
    }
}
