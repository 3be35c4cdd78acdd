//! The table of figures.

use std::fmt;

use testkit::Figure;

/// Figures of experiments, displayed as a table.
#[derive(Debug, Default)]
pub(crate) struct Report {
    rows: Vec<(&'static str, Figure)>,
}

impl Report {
    /// Adds the figures of an experiment, or a failed row with its error.
    pub(crate) fn add(&mut self, name: &'static str, figures: anyhow::Result<Vec<Figure>>) {
        let figures = figures.unwrap_or_else(|error| {
            let (name, bound) = ("completes".to_owned(), "yes".to_owned());
            vec![Figure { name, value: format!("{error:#}"), bound, ok: false }]
        });
        self.rows.extend(figures.into_iter().map(|figure| (name, figure)));
    }

    /// Whether there are figures, and all are within their bounds.
    pub(crate) fn all_ok(&self) -> bool {
        !self.rows.is_empty() && self.rows.iter().all(|(_, figure)| figure.ok)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["", "EXPERIMENT", "FIGURE", "BOUND", "SEEN"];
        let rows = self.rows.iter().map(|(name, figure)| {
            let mark = if figure.ok { "ok" } else { "FAILED" };
            [mark, name, &figure.name, &figure.bound, &figure.value]
        });
        let rows: Vec<[&str; 5]> = [head].into_iter().chain(rows).collect();
        // The last column is not padded: it may be an error of several lines.
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
        let widths: Vec<usize> = (0..4).filter_map(width).collect();
        for row in &rows {
            for (cell, &width) in row.iter().zip(&widths) {
                write!(f, "{cell:<width$}  ")?;
            }
            writeln!(f, "{}", row[4])?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_is_aligned_and_marks_failures() {
        let mut report = Report::default();
        assert!(!report.all_ok(), "an empty report passed");
        report.add("kill", Ok(vec![Figure::exactly("lost writes", 0, 0)]));
        assert!(report.all_ok());
        report.add("restart", Err(anyhow::anyhow!("inner").context("outer")));
        assert!(!report.all_ok());
        assert_eq!(
            report.to_string(),
            "        EXPERIMENT  FIGURE       BOUND  SEEN\n\
             ok      kill        lost writes  = 0    0\n\
             FAILED  restart     completes    yes    outer: inner\n"
        );
    }
}
