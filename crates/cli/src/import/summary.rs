//! What an import came to.

use crate::output::thousands;

/// The sum at the end, of all runs if it was taken up again.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary {
    pub(crate) rows: u64,
    pub(crate) created: u64,
    pub(crate) updated: u64,
    pub(crate) unchanged: u64,
    pub(crate) rejected: u64,
    /// How often the call was cut and taken up again, in this run.
    pub(crate) cuts: u64,
    /// Nothing was changed.
    pub(crate) dry_run: bool,
    /// How many of the rows were settled by runs before this one.
    pub(crate) rows_before: u64,
    /// How long this run took.
    pub(crate) seconds: f64,
}

impl std::fmt::Display for Summary {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { rows, created, updated, unchanged, rejected, cuts, seconds, .. } = self;
        let per_second = rows.saturating_sub(self.rows_before) as f64 / seconds.max(0.001);
        if self.dry_run {
            write!(formatter, "nothing was changed, this is what an import would do: ")?;
        }
        write!(
            formatter,
            "{} rows: {} created, {} updated, {} unchanged, {} rejected in {seconds:.1} s ({}/s)",
            thousands(*rows),
            thousands(*created),
            thousands(*updated),
            thousands(*unchanged),
            thousands(*rejected),
            thousands(per_second as u64),
        )?;
        if self.rows_before > 0 {
            write!(formatter, ", {} of them before", thousands(self.rows_before))?;
        }
        match cuts {
            0 => Ok(()),
            1 => write!(formatter, ", cut once and taken up again"),
            cuts => write!(formatter, ", cut {cuts} times and taken up again"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_one_line() {
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
        assert!(text.ends_with("in 12.3 s (10/s), 19,283 of them before"), "{text}");
    }
}
