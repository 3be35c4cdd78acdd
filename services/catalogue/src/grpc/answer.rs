//! Responses of many products, none larger than a client takes.

use bytes::Bytes;
use prost::{
    Message,
    encoding::{WireType, encode_key, encode_varint},
};

use proto::catalogue::v1 as wire;

use super::{MAX_ANSWER, convert};
use crate::{
    domain::{Product, Result},
    store::Store,
};

/// The tag of the repeated field `products` in every response that has one.
const PRODUCTS: u32 = 1;

/// The products as messages.
///
/// # Errors
/// The store cannot be read.
pub(super) async fn messages(store: &Store, products: Vec<Product>) -> Result<Vec<wire::Product>> {
    let tree = store.tree_for(&products).await?;
    Ok(products.into_iter().map(|product| convert::product(product, &tree)).collect())
}

/// Counts a response's bytes.
#[derive(Debug, Default)]
pub(super) struct Room(usize);

impl Room {
    /// Whether the item still fits; then it is counted. One alone always fits: products and the
    /// names of their categories are bounded.
    pub(super) fn take(&mut self, item: &impl Message) -> bool {
        self.take_bytes(item.encoded_len())
    }

    /// As [`Room::take`], of an item that is encoded already.
    pub(super) fn take_bytes(&mut self, length: usize) -> bool {
        // The item, its length and its field's tag.
        let bytes = length + 8;
        let fits = self.0 + bytes <= MAX_ANSWER;
        self.0 += if fits { bytes } else { 0 };
        fits
    }
}

/// Appends an encoded product to a response's `products`.
pub(super) fn append(product: &[u8], response: &mut Vec<u8>) {
    encode_key(PRODUCTS, WireType::LengthDelimited, response);
    encode_varint(product.len() as u64, response);
    response.extend_from_slice(product);
}

/// The encoded products in responses that each fit into a message.
pub(super) fn portions(products: &[Bytes]) -> Vec<Bytes> {
    let mut portions = Vec::new();
    let mut portion = Vec::with_capacity(products.iter().map(|it| it.len() + 8).sum());
    let mut room = Room::default();
    for product in products {
        if !room.take_bytes(product.len()) {
            room = Room::default();
            room.take_bytes(product.len());
            portions.push(Bytes::from(std::mem::take(&mut portion)));
        }
        append(product, &mut portion);
    }
    if !portion.is_empty() {
        portions.push(Bytes::from(portion));
    }
    portions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_portion_is_larger_than_a_message() {
        let product = |number: usize| {
            let description = "x".repeat(250_000);
            let id = number.to_string();
            Bytes::from(wire::Product { id, description, ..Default::default() }.encode_to_vec())
        };
        let portions = portions(&(0..40).map(product).collect::<Vec<_>>());
        assert!(portions.len() > 1);
        let mut ids = Vec::new();
        for portion in portions {
            assert!(!portion.is_empty() && portion.len() <= MAX_ANSWER);
            let products = wire::ExportProductsResponse::decode(portion).unwrap().products;
            ids.extend(products.into_iter().map(|product| product.id));
        }
        assert!(ids.into_iter().eq((0..40).map(|number: usize| number.to_string())));
    }
}
