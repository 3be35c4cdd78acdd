//! Answers of many products, none larger than a client takes.

use prost::Message;
use proto::catalogue::v1 as wire;

use super::{MAX_ANSWER, convert};
use crate::{
    domain::{Product, Result},
    store::Store,
};

/// The products as messages.
///
/// # Errors
/// The store cannot be read.
pub(super) async fn messages(store: &Store, products: Vec<Product>) -> Result<Vec<wire::Product>> {
    let tree = store.tree_for(&products).await?;
    Ok(products.into_iter().map(|product| convert::product(product, &tree)).collect())
}

/// Counts an answer's bytes.
#[derive(Debug, Default)]
pub(super) struct Room(usize);

impl Room {
    /// Whether the item still fits; then it is counted. One alone always fits: products and the
    /// names of their categories are bounded.
    pub(super) fn take(&mut self, item: &impl Message) -> bool {
        // The item, its length and its field's tag.
        let bytes = item.encoded_len() + 8;
        let fits = self.0 + bytes <= MAX_ANSWER;
        self.0 += if fits { bytes } else { 0 };
        fits
    }
}

/// The products in portions that each fit into a message.
pub(super) fn portions(products: Vec<wire::Product>) -> Vec<Vec<wire::Product>> {
    let mut portions = vec![Vec::new()];
    let mut room = Room::default();
    for product in products {
        if !room.take(&product) {
            room = Room::default();
            room.take(&product);
            portions.push(Vec::new());
        }
        if let Some(portion) = portions.last_mut() {
            portion.push(product);
        }
    }
    portions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_portion_is_larger_than_a_message() {
        let product = |number: usize| wire::Product {
            id: number.to_string(),
            description: "x".repeat(250_000),
            ..Default::default()
        };
        let portions = portions((0..40).map(product).collect());
        assert!(portions.len() > 1);
        for products in &portions {
            let message = wire::ExportProductsResponse { products: products.clone() };
            assert!(!products.is_empty() && message.encoded_len() <= MAX_ANSWER);
        }
        let ids = portions.concat().into_iter().map(|product| product.id);
        assert!(ids.eq((0..40).map(|number: usize| number.to_string())));
    }
}
