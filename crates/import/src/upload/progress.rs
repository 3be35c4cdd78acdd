//! The progress of an import: what an upload tells of it, and the counts.

use std::{collections::BTreeMap, io};

use anyhow::Result;
use proto::catalogue::v1::{ImportProductsResponse, RejectedRow, RowDiff};

use super::rejects::Reject;

/// Records the progress of an upload.
pub trait Progress: Send {
    /// All rows up to this line are settled.
    fn settled_line(&self) -> i64;

    /// Sets the counts of the current call, which are cumulative.
    fn update_counts(&mut self, response: &ImportProductsResponse);

    /// Shows the differences of a dry run.
    ///
    /// # Errors
    /// If they cannot be written.
    fn preview(&mut self, rows: &[RowDiff]) -> io::Result<()>;

    /// Records a rejected row.
    ///
    /// # Errors
    /// If it cannot be written.
    fn reject(&mut self, reject: &Reject) -> Result<()>;

    /// Counts rows that were grouped with another row of their product.
    fn add_grouped(&mut self, rows: u64);

    /// Records that all rows up to `line` are settled. `acknowledged`: by the catalogue, and not here.
    ///
    /// # Errors
    /// If it cannot be written.
    fn advance_to(&mut self, line: i64, acknowledged: bool) -> Result<()>;

    /// Records the end of a call, which another one follows: the counts of that begin at zero.
    fn call_ended(&mut self);

    /// Records that a call was interrupted, and is made again from `line` on.
    fn call_interrupted(&mut self, line: Option<i64>, why: &str);
}

/// Counts of rows by their outcome, over all calls of an import.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    earlier_calls: Counts,
    current_call: Counts,
    /// Rows that were rejected.
    pub rejected: u64,
    /// Rows that were grouped with another row of their product.
    pub grouped: u64,
    /// Rejected rows by reason and field.
    by_reason: BTreeMap<(String, String), u64>,
}

/// Counts of rows that the catalogue has taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Products created.
    pub created: i64,
    /// Products updated.
    pub updated: i64,
    /// Rows that changed nothing.
    pub unchanged: i64,
    /// Rows with another stock than the catalogue, which was kept.
    pub stock_kept: i64,
}

impl Tally {
    /// The counts of earlier runs of an import.
    pub fn resumed(earlier_calls: Counts, rejected: u64, grouped: u64) -> Self {
        Self { earlier_calls, rejected, grouped, ..Self::default() }
    }

    /// Sets the counts of the current call.
    pub fn update(&mut self, response: &ImportProductsResponse) {
        let &ImportProductsResponse { created, updated, unchanged, stock_kept, .. } = response;
        self.current_call = Counts { created, updated, unchanged, stock_kept };
    }

    /// Begins the counts of a new call.
    pub fn call_ended(&mut self) {
        self.earlier_calls = self.counts();
        self.current_call = Counts::default();
    }

    /// Counts a rejected row; returns how many there are of its reason and field.
    pub fn reject(&mut self, row: &RejectedRow) -> u64 {
        self.rejected += 1;
        let count =
            self.by_reason.entry((row.reason.clone(), kind_of_field(&row.field))).or_default();
        *count += 1;
        *count
    }

    /// The rows that the catalogue has taken.
    pub fn counts(&self) -> Counts {
        let (earlier, current) = (self.earlier_calls, self.current_call);
        Counts {
            created: earlier.created + current.created,
            updated: earlier.updated + current.updated,
            unchanged: earlier.unchanged + current.unchanged,
            stock_kept: earlier.stock_kept + current.stock_kept,
        }
    }

    /// All rows that are settled.
    pub fn rows(&self) -> u64 {
        let Counts { created, updated, unchanged, .. } = self.counts();
        (created + updated + unchanged).unsigned_abs() + self.rejected + self.grouped
    }

    /// Rejected rows by reason and field, of this run.
    pub fn by_reason(&self) -> impl Iterator<Item = (&str, &str, u64)> {
        let reasons = self.by_reason.iter();
        reasons.map(|((reason, field), count)| (reason.as_str(), field.as_str(), *count))
    }
}

/// The name of a field without the numbers of its items.
fn kind_of_field(name: &str) -> String {
    let letters = name.chars().filter(|letter| !letter.is_ascii_digit());
    letters.collect::<String>().replace("[]", "")
}
