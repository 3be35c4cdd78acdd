//! A reader of items that bounds each: parsers of XML hold an item, and a text, as a whole.

use std::io::{self, BufRead, Read};

/// Maximum size of an item, such as the row of a sheet, in bytes.
pub(super) const ITEM_LIMIT: usize = 16 << 20;

/// Reads items, and fails within one that is too large.
pub(super) struct ItemReader<R> {
    inner: R,
    /// Number of bytes that the item may still have.
    left: usize,
}

impl<R: BufRead> ItemReader<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, left: ITEM_LIMIT }
    }

    /// Begins the next item.
    pub(super) fn begin_item(&mut self) {
        self.left = ITEM_LIMIT;
    }
}

impl<R: BufRead> Read for ItemReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.fill_buf()?.read(buffer)?;
        self.consume(length);
        Ok(length)
    }
}

impl<R: BufRead> BufRead for ItemReader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            let limit = ITEM_LIMIT >> 20;
            return Err(io::Error::other(format!("an item or a row has more than {limit} MiB")));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, length: usize) {
        self.left = self.left.saturating_sub(length);
        self.inner.consume(length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_bounded_and_a_file_is_not() {
        let mut buffer = [0; 1 << 20];
        let mut reader = ItemReader::new(io::BufReader::new(io::repeat(b'x')));
        for _ in 0..3 {
            reader.begin_item();
            for _ in 0..10 {
                reader.read_exact(&mut buffer).unwrap();
            }
        }
        let error = (0..20).find_map(|_| reader.read_exact(&mut buffer).err()).unwrap();
        assert!(error.to_string().contains("more than 16 MiB"), "{error}");
    }
}
