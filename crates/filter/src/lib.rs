//! Filters: `brand = "Acme" AND price < 20 AND category:garden`, checked against a schema.
//!
//! A subset of [AIP-160](https://google.aip.dev/160) over typed fields. A [`Schema`] says which
//! fields there are; [`Schema::parse`] makes a [`Filter`], a tree of typed terms, which a store
//! walks to write a query, and which [`Filter::matches`] evaluates on a record in memory. Both must
//! give the same answer, so what a filter means is written here, once.
//!
//! ```
//! use filter::{Decimal, Kind, Lookup, Schema, Value};
//!
//! static FIELDS: Schema = Schema::new(&[
//!     ("name", Kind::Text),
//!     ("price", Kind::Decimal),
//!     ("status", Kind::Enum(&["DRAFT", "ACTIVE"])),
//!     ("labels", Kind::List),
//!     ("attributes", Kind::Map),
//! ]);
//!
//! struct Mug;
//!
//! impl Lookup for Mug {
//!     fn values(&self, field: &'static str, key: Option<&str>, visit: &mut dyn FnMut(Value<'_>)) {
//!         match (field, key) {
//!             ("name", _) => visit(Value::Text("Kiln mug")),
//!             ("price", _) => Decimal::new(1450, 2).into_iter().for_each(|p| visit(Value::Decimal(p))),
//!             ("labels", _) => ["new", "gift"].into_iter().for_each(|l| visit(Value::Text(l))),
//!             ("attributes", Some("volume")) => visit(Value::Number(350.0)),
//!             _ => {}
//!         }
//!     }
//! }
//!
//! let matches = |filter: &str| FIELDS.parse(filter).unwrap().matches(&Mug);
//! assert!(matches(r#"name:MUG price <= 14.50 labels:gift"#));
//! assert!(matches("attributes.volume > 300 AND NOT status = ACTIVE"));
//! assert!(matches(r#"name = "Kiln*" -labels:sale"#));
//! assert!(!matches("price:* AND attributes:colour"));
//!
//! let error = FIELDS.parse("price < 20 AND lables:new").unwrap_err();
//! assert_eq!(error.to_string(), "column 16: unknown field `lables`, did you mean `labels`?");
//! ```
//!
//! # Grammar
//! ```text
//! filter      = [ expression ]                         an empty filter matches everything
//! expression  = factor { [ AND ] factor }              side by side means AND
//! factor      = term { OR term }                       OR binds TIGHTER than AND
//! term        = { NOT | "-" } ( restriction | "(" expression ")" )
//! restriction = field operator value
//! field       = word { "." ( word | quoted ) }         attributes."screen size"
//! operator    = "=" | "!=" | "<" | "<=" | ">" | ">=" | ":"
//! value       = word | quoted                          "it's" or 'it\'s'; escapes: \\ \" \' \*
//! ```
//! As AIP-160 has it, and unlike most languages, `a AND b OR c` is `a AND (b OR c)`. Keywords are
//! in capitals, with white space (or, for `NOT`, a parenthesis) behind them. A value may be written
//! without quotes if it has no white space and none of ``( ) " ' \ , = < > !``; a field or a name
//! in a map also needs quotes for `:`, `.` and `*`. A star without a backslash is a wildcard.
//!
//! | kind | operators | value |
//! |---|---|---|
//! | Text | `= != :` | `=`: the whole text, or `"a*"` begins, `"*a"` ends, `"*a*"` has; `:` has |
//! | Id | `= !=` | the whole text |
//! | Enum | `= !=` | one of its names |
//! | Integer, Decimal | `= != < <= > >=` | `20`, `-0.75`: no exponent, at most 18 digits, exact |
//! | Timestamp | `= != < <= > >=` | RFC 3339 with an offset: `2026-01-31T12:00:00Z` |
//! | Flag | `= !=` | `true`, `false` |
//! | List | `:` | one of its elements, whole |
//! | Category | `= != :` | an id: in that category or below it |
//! | Map | as its value | `20` a number, `true` a flag, else (and in quotes) a text; `m:a` has `a` |
//! | any | `:*` | it is present |
//!
//! The texts of a map take what Text takes, its numbers all operators, its flags `= !=`; with a
//! number or a flag, `:` is `=`.
//!
//! # Meaning
//! - **Two values.** A term is true or false, never unknown, and NOT turns it round. In SQL a term
//!   must therefore never be NULL where a NOT can see it: `COALESCE(term, FALSE)`.
//! - **Absent.** A term is false for a field that is absent, whatever its operator. `a != b` *is*
//!   `NOT a = b`, so it is true for an absent field, like `IS DISTINCT FROM`; `NOT a < 1` is too.
//! - **Empty.** An empty text is an absent one, and so are an empty list and NaN: `a = ""` *is*
//!   `NOT a:*`. No other test carries an empty text.
//! - **Many.** Of a field with several values, one that passes is enough; for `!=`, none may.
//! - **Letters.** `=` tells `a` from `A`, patterns included. `:` on a text does not, but folds ASCII
//!   only, because SQLite's `lower` folds no more and PostgreSQL's does as much with
//!   `COLLATE "C"`. `LIKE` agrees with neither rule on both: use `instr`/`strpos` and `substr`.
//! - **Numbers.** A Decimal is compared exactly, an Integer as `i64`; a number in a map as a double,
//!   both sides. An entry of a map passes only a test of its own type: `"20"` is not `20`.
//! - **Instants** are compared to the nanosecond, in UTC. A store that keeps fewer digits must round
//!   the literal so that the comparison stays true (`x < 0.5 µs` is `x <= 0 µs`).
//!
//! **Invariant:** what [`Filter`] displays parses to an equal filter and is never longer than the
//! text it came from, so equal filters, and only those, have equal texts: page tokens rely on it.
//! **Invariant:** no text makes parsing panic, overflow the stack, or take more than linear time;
//! at most [`MAX_BYTES`], [`MAX_DEPTH`] and [`MAX_TERMS`] are read.
//!
//! Absent on purpose: functions, comparing fields with fields, and words without a field.

mod ast;
mod check;
mod cursor;
mod decimal;
mod display;
mod error;
mod evaluate;
mod parse;
mod path;
mod schema;

pub use crate::{
    ast::{Filter, Order, Term, Test},
    decimal::{Decimal, DecimalError},
    error::{FilterError, FilterErrorKind},
    evaluate::{Lookup, Value},
    schema::{Kind, Schema},
};

/// The longest filter, in bytes.
pub const MAX_BYTES: usize = 4_096;

/// How deep parentheses may be nested.
pub const MAX_DEPTH: usize = 32;

/// How many comparisons a filter may have.
pub const MAX_TERMS: usize = 100;
