//! The filter language: `brand = "Acme" AND price < 20 AND category:garden`.
//!
//! A subset of [AIP-160](https://google.aip.dev/160) over typed fields. A [`Schema`] lists the
//! fields and their kinds. [`Schema::parse`] parses and type-checks a text, and returns a
//! [`Filter`]: an expression tree of typed terms. A store translates it to a query, and
//! [`Filter::matches`] evaluates it on a record in memory. Both must give the same result, so the
//! semantics are defined here.
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
//! filter      = [ expression ]                         an empty filter matches all records
//! expression  = factor { [ AND ] factor }              AND is optional
//! factor      = term { OR term }                       OR binds TIGHTER than AND
//! term        = { NOT | "-" } ( restriction | "(" expression ")" )
//! restriction = field operator value
//! field       = word { "." ( word | quoted ) }         attributes."screen size"
//! operator    = "=" | "!=" | "<" | "<=" | ">" | ">=" | ":"
//! value       = word | quoted                          "it's" or 'it\'s'; escapes: \\ \" \' \*
//! ```
//! As in AIP-160, and unlike most languages, `a AND b OR c` is `a AND (b OR c)`. Keywords are in
//! capitals, and followed by white space (or, for `NOT`, by a parenthesis). A value needs no quotes
//! if it has no white space and none of ``( ) " ' \ , = < > !``; a field name or a map key also
//! needs quotes for `:`, `.` and `*`. A star without a backslash is a wildcard.
//!
//! | kind | operators | value |
//! |---|---|---|
//! | Text | `= != :` | `=`: the whole text, or prefix `"a*"`, suffix `"*a"`, substring `"*a*"`; `:` substring |
//! | Id | `= !=` | the whole text |
//! | Enum | `= !=` | one of its names |
//! | Integer, Decimal | `= != < <= > >=` | `20`, `-0.75`: no exponent, at most 18 digits, exact |
//! | Timestamp | `= != < <= > >=` | RFC 3339 with an offset: `2026-01-31T12:00:00Z` |
//! | Flag | `= !=` | `true`, `false` |
//! | List | `:` | one of its elements |
//! | Category | `= != :` | a category id: the record is in that category or a descendant |
//! | Map | as its value | `20` a number, `true` a flag, else (and in quotes) a text; `m:a` has the key `a` |
//! | any | `:*` | the field is present |
//!
//! Texts in a map support the operators of Text, numbers all operators, flags `= !=`; for numbers
//! and flags, `:` is `=`.
//!
//! # Semantics
//! - **Two-valued logic.** A term is true or false, never unknown, and NOT inverts it. In SQL a term
//!   below a NOT must therefore never be NULL: `COALESCE(term, FALSE)`.
//! - **Absent fields.** A term is false for an absent field, for every operator. `a != b` *is*
//!   `NOT a = b`, so it is true for an absent field, like `IS DISTINCT FROM`; so is `NOT a < 1`.
//! - **Empty values.** An empty text is absent, and so are an empty list and NaN: `a = ""` *is*
//!   `NOT a:*`. No other test has an empty text.
//! - **Multiple values.** A term is true if one of the field's values passes; `!=`, if none does.
//! - **Case.** `=` is case-sensitive, with patterns too. `:` on a text ignores the case of ASCII
//!   letters only, like SQLite's `lower`, and PostgreSQL's with `COLLATE "C"`. `LIKE` follows
//!   neither rule on both databases: use `instr`/`strpos` and `substr`.
//! - **Numbers.** A Decimal is compared exactly, an Integer as `i64`; a number in a map as a double,
//!   on both sides. An entry of a map passes only a test of its own type: `"20"` is not `20`.
//! - **Timestamps** are compared to the nanosecond, in UTC. A store with a lower precision must round
//!   the literal so that the result is the same (`x < 0.5 µs` is `x <= 0 µs`).
//!
//! **Invariant:** the text that [`Filter`] displays parses to an equal filter, and is never longer
//! than the original text. Page tokens rely on it: equal filters, and only they, have equal texts.
//! **Invariant:** parsing never panics, never overflows the stack, and takes linear time; the input
//! is limited to [`MAX_BYTES`], [`MAX_DEPTH`] and [`MAX_TERMS`].
//!
//! Absent on purpose: functions, comparisons between fields, and words without a field.

mod ast;
mod check;
mod decimal;
mod display;
mod error;
mod evaluate;
mod field;
mod operator;
mod parse;
mod scanner;
mod schema;

pub use crate::{
    ast::{Filter, Order, Term, Test},
    decimal::{Decimal, DecimalError},
    display::quote,
    error::{FilterError, FilterErrorKind},
    evaluate::{Lookup, Value},
    schema::{Kind, Schema},
};

/// Maximum length of a filter, in bytes.
pub const MAX_BYTES: usize = 4_096;

/// Maximum nesting depth of parentheses.
pub const MAX_DEPTH: usize = 32;

/// Maximum number of comparisons in a filter.
pub const MAX_TERMS: usize = 100;
