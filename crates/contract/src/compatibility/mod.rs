//! Whether a contract still serves the clients of an earlier one: buf's rules of the category WIRE_JSON
//! (<https://buf.build/docs/breaking/rules>), and that no message, enum, service or method is deleted.
//!
//! Clients of an earlier contract read the messages of servers of the new one, in Protobuf and in JSON, and the other
//! way round. A field or value that is deleted is reserved by number and by name, so that no later one takes its place.

mod enums;
mod index;
mod messages;
mod reserved;
mod services;
#[cfg(test)]
mod tests;

use std::fmt;

use prost_types::FileDescriptorSet;

use self::index::Index;

/// A change that breaks clients of the earlier contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breaking {
    /// The rule, by its name in buf.
    pub rule: &'static str,
    /// The change, such as `catalogue.v1.Product.name: json_name name became title`.
    pub what: String,
}

impl fmt::Display for Breaking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.what)
    }
}

/// The changes from one contract to another that break clients, in the order of the earlier one's names.
pub fn breaking(before: &FileDescriptorSet, after: &FileDescriptorSet) -> Vec<Breaking> {
    let (before, after) = (Index::of(before), Index::of(after));
    let mut found = Findings::default();
    for (name, message) in &before.messages {
        match after.messages.get(name) {
            Some(now) => messages::compare(name, message, now, [&before, &after], &mut found),
            None => found.add("MESSAGE_NO_DELETE", format!("{name} is gone")),
        }
    }
    for (name, declared) in &before.enums {
        match after.enums.get(name) {
            Some(now) => enums::compare(name, declared, now, &mut found),
            None => found.add("ENUM_NO_DELETE", format!("{name} is gone")),
        }
    }
    for (name, service) in &before.services {
        match after.services.get(name) {
            Some(now) => services::compare(name, service, now, &mut found),
            None => found.add("SERVICE_NO_DELETE", format!("{name} is gone")),
        }
    }
    found.0
}

/// The breaking changes found so far.
#[derive(Default)]
struct Findings(Vec<Breaking>);

impl Findings {
    fn add(&mut self, rule: &'static str, what: String) {
        self.0.push(Breaking { rule, what });
    }

    /// Adds a finding if a property differs.
    fn same<T: PartialEq + fmt::Display>(
        &mut self,
        rule: &'static str,
        name: &str,
        (property, before, after): (&str, T, T),
    ) {
        if before != after {
            self.add(rule, format!("{name}: {property} {before} became {after}"));
        }
    }
}
