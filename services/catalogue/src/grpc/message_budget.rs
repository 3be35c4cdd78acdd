//! Message budget: keeps responses below the size that clients accept.

use prost::Message;

/// Maximum size of a response message, in bytes. Clients accept 4 MiB by default.
pub(super) const MAX_MESSAGE: usize = (4 << 20) - (256 << 10);

/// Tag and length of a repeated field's item, in bytes at most.
const ITEM_OVERHEAD: usize = 8;

/// The bytes used of one response message.
#[derive(Debug, Default)]
pub(super) struct MessageBudget(usize);

impl MessageBudget {
    /// Returns whether the item still fits, and counts it if so. A single item always fits: the
    /// sizes of products and of category names are limited.
    pub(super) fn take(&mut self, item: &impl Message) -> bool {
        self.take_bytes(item.encoded_len())
    }

    /// Like [`MessageBudget::take`], for an encoded item.
    pub(super) fn take_bytes(&mut self, length: usize) -> bool {
        let bytes = length + ITEM_OVERHEAD;
        let fits = self.0 + bytes <= MAX_MESSAGE;
        self.0 += if fits { bytes } else { 0 };
        fits
    }
}

/// Splits items into chunks that each fit into a response message.
pub(super) fn split<T>(
    items: impl IntoIterator<Item = T>,
    encoded_len: impl Fn(&T) -> usize,
) -> Vec<Vec<T>> {
    let mut chunks = Vec::new();
    let (mut chunk, mut budget) = (Vec::new(), MessageBudget::default());
    for item in items {
        let length = encoded_len(&item);
        if !budget.take_bytes(length) {
            chunks.push(std::mem::take(&mut chunk));
            budget = MessageBudget::default();
            budget.take_bytes(length);
        }
        chunk.push(item);
    }
    if !chunk.is_empty() {
        chunks.push(chunk);
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_chunk_exceeds_a_message() {
        let chunks = split(vec![250_000; 40], |length| *length);
        assert!(chunks.len() > 1);
        for chunk in &chunks {
            let bytes: usize = chunk.iter().map(|length| length + ITEM_OVERHEAD).sum();
            assert!(!chunk.is_empty() && bytes <= MAX_MESSAGE);
        }
        assert_eq!(chunks.concat().len(), 40);
        assert!(split(Vec::new(), |length: &usize| *length).is_empty());
    }
}
