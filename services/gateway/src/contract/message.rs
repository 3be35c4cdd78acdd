//! The message types of a contract.

use std::sync::OnceLock;

use contract::{Field, Messages};
use prost::Message as _;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor};
use proto::json::{self, MessageType, Types};

/// The message types of a contract, and of the services of every gRPC server.
#[derive(Debug)]
pub(super) struct MessageTypes {
    /// Apart, because they repeat files.
    sets: Vec<Messages>,
    json: &'static Types,
    descriptors: &'static [u8],
    /// For what is rare: messages not in canonical form, and those of servers as JSON.
    pools: OnceLock<Vec<DescriptorPool>>,
}

/// A message type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Message {
    name: &'static str,
    fields: &'static [Field],
    json: Option<&'static MessageType>,
    types: &'static MessageTypes,
}

impl MessageTypes {
    pub(super) fn of(descriptors: &'static [u8], json: &'static Types) -> Self {
        let sets = sets(descriptors).map(Messages::of).collect();
        Self { sets, json, descriptors, pools: OnceLock::new() }
    }

    fn pools(&self) -> &[DescriptorPool] {
        self.pools.get_or_init(|| {
            let decode = |set| DescriptorPool::decode(set).expect("a contract is a descriptor set");
            sets(self.descriptors).map(decode).collect()
        })
    }
}

fn sets(descriptors: &'static [u8]) -> impl Iterator<Item = &'static [u8]> {
    std::iter::once(descriptors).chain(server::grpc::DESCRIPTORS)
}

impl Message {
    /// The type with this full name, such as `catalogue.v1.Product`.
    ///
    /// # Panics
    /// If there is none: names come from the same descriptors.
    pub(super) fn named(name: &str, types: &'static MessageTypes) -> Self {
        let found = types.sets.iter().find_map(|messages| messages.find(name));
        let (name, fields) = found.unwrap_or_else(|| panic!("{name} is not in the contract"));
        Self { name, fields, json: types.json.named(name), types }
    }

    /// Its full name.
    pub(crate) fn name(self) -> &'static str {
        self.name
    }

    /// Its fields.
    pub(crate) fn fields(self) -> &'static [Field] {
        self.fields
    }

    /// The field with this name in the contract.
    pub(crate) fn field(self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The type with this full name, of the same contract.
    pub(crate) fn sibling(self, name: &str) -> Self {
        Self::named(name, self.types)
    }

    /// The type that writes its JSON; `None` for a message of a server's services.
    pub(crate) fn json(self) -> Option<&'static MessageType> {
        self.json
    }

    /// Its descriptor.
    pub(crate) fn descriptor(self) -> MessageDescriptor {
        let mut pools = self.types.pools().iter();
        let found = pools.find_map(|pool| pool.get_message_by_name(self.name));
        found.expect("the fields come from the same descriptors")
    }

    /// Calls `read` with an encoded message, and again with its canonical form if that fails.
    ///
    /// # Errors
    /// Bytes that are not a message of this type, and the second error of `read`.
    pub(crate) fn read<T>(
        self,
        encoded: &[u8],
        read: impl FnMut(&json::Message<'_>) -> Result<T, json::Error>,
    ) -> Result<T, json::Error> {
        let message_type = self.json().expect("messages of a contract have JSON");
        let canonical = |encoded: &[u8]| {
            let message = DynamicMessage::decode(self.descriptor(), encoded);
            message.map(|message| message.encode_to_vec())
        };
        json::read_or(message_type, encoded, canonical, read)
    }

    /// Appends the JSON of an encoded message to `out`; on an error `out` is unchanged.
    ///
    /// # Errors
    /// As [`Message::read`], and values without a JSON form.
    pub(crate) fn append(self, encoded: &[u8], out: &mut Vec<u8>) -> Result<(), json::Error> {
        let length = out.len();
        let written = self.read(encoded, |message| {
            out.truncate(length);
            message.write(out)
        });
        written.inspect_err(|_| out.truncate(length))
    }
}
