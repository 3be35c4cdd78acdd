//! Judged queries, and scores of the results for them.
//!
//! - [`Judged`], [`read`]: sets of judged queries, read from the folder of shared data
//! - [`sentences`]: needs in plain words, graded by rules over the products
//! - [`products`]: the products that the judgements are about
//! - [`ndcg`], [`Scores`]: scores of answers, by class, with intervals
//! - [`Constraint`]: the demand of a query, and whether a shown product violates it
//!
//! For benchmarks and tests only.

mod constraint;
mod judged;
mod products;
mod scores;
mod sentences;

pub use constraint::Constraint;
pub use judged::{Judged, read};
pub use products::products;
pub use scores::{Scores, interval, mean, ndcg};
pub use sentences::{SENTENCES, sentences};
