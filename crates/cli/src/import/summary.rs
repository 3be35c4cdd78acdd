//! Final counts of an import.

use crate::output::thousands;

/// Counts over all runs of a resumed import. Serialized with `--json`.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary {
    pub(crate) rows: u64,
    pub(crate) created: u64,
    pub(crate) updated: u64,
    pub(crate) unchanged: u64,
    pub(crate) rejected: u64,
    /// Number of rows that were grouped with another row of their product.
    pub(crate) grouped: u64,
    /// Number of rows with another stock than the catalogue, which was kept.
    pub(crate) stock_kept: u64,
    /// Number of times that this run was interrupted and reconnected.
    pub(crate) cuts: u64,
    /// Number of products that the file did not name, and that were archived or deleted.
    pub(crate) missing: u64,
    pub(crate) dry_run: bool,
    /// Names the import, so that it can be undone; empty in a dry run.
    pub(crate) import_id: String,
    /// Number of rows that earlier runs had settled.
    pub(crate) rows_before: u64,
    /// Duration of this run.
    pub(crate) seconds: f64,
}

impl std::fmt::Display for Summary {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { rows, created, updated, unchanged, rejected, grouped, cuts, seconds, .. } = self;
        let grouped = match grouped {
            0 => String::new(),
            grouped => format!(", {} grouped with their product", thousands(*grouped)),
        };
        let per_second = rows.saturating_sub(self.rows_before) as f64 / seconds.max(0.001);
        if self.dry_run {
            write!(formatter, "dry run, nothing was changed: ")?;
        }
        write!(
            formatter,
            "{} rows: {} created, {} updated, {} unchanged, {} rejected{grouped} in {seconds:.1} s ({}/s)",
            thousands(*rows),
            thousands(*created),
            thousands(*updated),
            thousands(*unchanged),
            thousands(*rejected),
            thousands(per_second as u64),
        )?;
        if self.rows_before > 0 {
            write!(formatter, ", {} of them in earlier runs", thousands(self.rows_before))?;
        }
        if self.missing > 0 {
            write!(formatter, ", {} missing ones taken out", thousands(self.missing))?;
        }
        match cuts {
            0 => Ok(()),
            1 => write!(formatter, ", interrupted once and resumed"),
            cuts => write!(formatter, ", interrupted {cuts} times and resumed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_is_one_line() {
        let mut summary = Summary {
            rows: 19_406,
            created: 19_000,
            updated: 6,
            unchanged: 398,
            rejected: 2,
            seconds: 12.3,
            ..Summary::default()
        };
        let line = "19,406 rows: 19,000 created, 6 updated, 398 unchanged, 2 rejected in 12.3 s \
                    (1,577/s)";
        assert_eq!(summary.to_string(), line);
        summary.rows_before = 19_283;
        let text = summary.to_string();
        assert!(text.ends_with("in 12.3 s (10/s), 19,283 of them in earlier runs"), "{text}");
    }
}
