//! Products as files that people have: lines of JSON, tables and workbooks.
//!
//! An [`ExportWriter`] writes products to any output, in the columns of a [`Layout`]: the native ones, which the crate
//! `import` reads back unchanged, or those of another system. It holds no more than a batch.

mod columns;
mod google_merchant;
mod html;
mod layout;
mod own_offer;
mod row;
mod shopify;
mod woocommerce;
mod workbook;
mod writer;

pub use columns::Columns;
pub use layout::{Layout, System};
pub use writer::{ExportWriter, Format};
