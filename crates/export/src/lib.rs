//! Products as files that people have: lines of JSON, tables, workbooks, and feeds for other systems.
//!
//! An [`ExportWriter`] writes products to any output, in the columns of a [`Layout`]: the native ones, which the crate
//! `import` reads back unchanged, or those of another system. It holds no more than a batch.

mod acp;
mod columns;
pub mod feed_fields;
mod format;
mod google_merchant;
mod google_xml;
mod html;
mod item;
mod layout;
mod no_place;
mod openai;
mod own_offer;
mod row;
pub mod shop;
mod shopify;
mod woocommerce;
mod workbook;
mod writer;

pub use acp::FeedProduct;
pub use columns::Columns;
pub use format::Format;
pub use item::is_for_sale;
pub use layout::{Layout, System};
pub use no_place::NoPlace;
pub use shop::Shop;
pub use writer::ExportWriter;
