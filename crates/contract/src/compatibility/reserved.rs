//! Reserved numbers and names.

use std::ops::RangeInclusive;

use prost_types::{DescriptorProto, EnumDescriptorProto};

/// The reserved numbers and names of a message or an enum.
pub(super) struct Reserved<'a> {
    numbers: Vec<RangeInclusive<i32>>,
    names: &'a [String],
}

impl<'a> Reserved<'a> {
    /// Of a message: its ranges exclude their ends.
    pub(super) fn of_message(message: &'a DescriptorProto) -> Self {
        let ranges = message.reserved_range.iter();
        let numbers = ranges.map(|range| range.start()..=range.end() - 1).collect();
        Self { numbers, names: &message.reserved_name }
    }

    /// Of an enum: its ranges include their ends.
    pub(super) fn of_enum(declared: &'a EnumDescriptorProto) -> Self {
        let ranges = declared.reserved_range.iter();
        let numbers = ranges.map(|range| range.start()..=range.end()).collect();
        Self { numbers, names: &declared.reserved_name }
    }

    pub(super) fn has_number(&self, number: i32) -> bool {
        self.numbers.iter().any(|range| range.contains(&number))
    }

    pub(super) fn has_name(&self, name: &str) -> bool {
        self.names.iter().any(|reserved| reserved == name)
    }

    /// A reservation that `after` lacks, in words.
    pub(super) fn missing_in(&self, after: &Self) -> Option<String> {
        let covers = |range: &RangeInclusive<i32>| {
            let mut others = after.numbers.iter();
            others.any(|other| other.contains(range.start()) && other.contains(range.end()))
        };
        let number = self.numbers.iter().find(|range| !covers(range));
        let name = self.names.iter().find(|name| !after.has_name(name));
        number
            .map(|range| format!("{} to {} are", range.start(), range.end()))
            .or_else(|| name.map(|name| format!("{name} is")))
    }
}
