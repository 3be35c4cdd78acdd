//! Files that people have, read as rows of products, and uploaded to the catalogue.
//!
//! A [`Source`] is a file or a stream: unpacked, decoded, and in a format that was found in it. Its
//! rows are mapped to products by a [`FieldMap`], that of the user, of the system that wrote the file,
//! or none for product JSON, and consecutive rows of one product become one row of the import
//! ([`read`]). An [`Upload`] sends them until each is settled.
//!
//! **Invariants:** no row is swallowed: each source row is in exactly one [`ParsedRow`]. A value with two readings is
//! refused, with its line.

mod convert;
mod field_map;
mod group;
mod guess;
mod input;
mod json_rows;
mod named_products;
mod names;
mod native;
mod native_table;
mod notes;
mod offer_cells;
mod pairs;
mod parsed_row;
mod reading;
mod rejected;
mod row_error;
mod row_reader;
mod rows;
mod source_row;
mod spelling;
mod statements;
mod table;
mod table_rows;
mod upload;
mod value;
mod values;

pub use convert::escape;
pub use field_map::{
    FieldMap, Settings, packed_attributes, parse as parse_map, shipped_map, shipped_names,
};
pub use guess::guess;
pub use input::{Format, OpenOptions, Source};
pub use named_products::NamedProducts;
pub use native_table::{LIST_SEPARATOR, PATH_SEPARATOR, REJECT_COLUMNS, column_names};
pub use offer_cells::OfferColumn;
pub use pairs::pack as pack_pairs;
pub use parsed_row::{ParsedRow, RowReject};
pub use reading::{ReadOptions, ReadSummary};
pub use row_error::RowError;
pub use row_reader::read;
pub use source_row::{SourceRow, TableHead};
pub use statements::{currency, delimiter};
pub use table::is_formula;
pub use upload::{
    Catalogue, Counts, MissingAction, MissingError, MissingLimit, MissingPolicy, MissingProducts,
    Progress, ReadResult, Reject, RejectsFile, Responding, TakenOut, Tally, Upload, UploadError,
    UploadOutcome, spawn_reader,
};
pub use values::number::Decimal;

use proto::google::r#type::Money;

/// Parses a decimal price.
///
/// # Errors
/// A message that continues a sentence which begins with the option's name.
pub fn parse_price(amount: &str, currency: &str) -> Result<Option<Money>, String> {
    if !proto::money::is_currency(currency) {
        return Err(format!("in {currency:?}: a currency is an ISO 4217 code such as EUR"));
    }
    convert::amount(&value::Value::from(amount), currency)
}
