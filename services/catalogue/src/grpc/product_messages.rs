//! Products in response messages.

use bytes::Bytes;
use prost::encoding::{WireType, encode_key, encode_varint};
use proto::catalogue::v1 as wire;

use super::{convert, message_budget::split};
use crate::{
    domain::{Product, Result},
    store::Store,
};

/// Tag of the repeated field `products`, which is the same in every response that has it.
const PRODUCTS: u32 = 1;

/// Converts products to messages.
///
/// # Errors
/// The store cannot be read.
pub(super) async fn messages(store: &Store, products: Vec<Product>) -> Result<Vec<wire::Product>> {
    let tree = store.tree_for(&products).await?;
    Ok(products.into_iter().map(|product| convert::product(product, &tree)).collect())
}

/// Appends an encoded product to the encoded field `products` of a response.
pub(super) fn append(product: &[u8], response: &mut Vec<u8>) {
    encode_key(PRODUCTS, WireType::LengthDelimited, response);
    encode_varint(product.len() as u64, response);
    response.extend_from_slice(product);
}

/// Encodes responses with these encoded products, each within the limit of a message.
pub(super) fn responses(products: &[Bytes]) -> impl Iterator<Item = Bytes> {
    split(products, |product| product.len()).into_iter().map(|chunk| {
        let mut response = Vec::with_capacity(chunk.iter().map(|it| it.len() + 8).sum());
        chunk.into_iter().for_each(|product| append(product, &mut response));
        Bytes::from(response)
    })
}

#[cfg(test)]
mod tests {
    use prost::Message as _;

    use super::*;
    use crate::grpc::message_budget::MAX_MESSAGE;

    #[test]
    fn products_are_split_into_responses_within_the_limit() {
        let product = |number: usize| {
            let description = "x".repeat(250_000);
            let id = number.to_string();
            Bytes::from(wire::Product { id, description, ..Default::default() }.encode_to_vec())
        };
        let products: Vec<_> = (0..40).map(product).collect();
        let mut ids = Vec::new();
        for response in responses(&products) {
            assert!(!response.is_empty() && response.len() <= MAX_MESSAGE);
            let products = wire::ExportProductsResponse::decode(response).unwrap().products;
            ids.extend(products.into_iter().map(|product| product.id));
        }
        assert!(ids.into_iter().eq((0..40).map(|number: usize| number.to_string())));
    }
}
