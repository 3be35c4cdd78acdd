//! Limits of a report: whatever a file holds, the catalogue takes the report of its import.

use prost::Message as _;
use proto::catalogue::v1::ImportReport;

/// Maximum length of a text, in characters.
const MAX_TEXT: usize = 500;
/// Maximum size of a report, in bytes: below the 1 MiB that the catalogue takes.
const MAX_REPORT: usize = 768 << 10;
/// Maximum size of a map, in bytes. One that is given is smaller; one that is guessed names every column.
const MAX_MAP: usize = 256 << 10;

/// Shortens the texts of a report, and leaves parts out until it fits. A note says which.
pub(super) fn limit(report: &mut ImportReport) {
    limit_texts(report);
    let mut omitted = Vec::new();
    if report.map.len() > MAX_MAP {
        // Not shortened: part of a map would be imported by as if it were whole.
        report.map.clear();
        omitted.push("the field map");
    }
    type Part = (&'static str, fn(&mut ImportReport));
    // The least needed first.
    let parts: [Part; 6] = [
        ("the changes", |report| report.diffs.clear()),
        ("the rejected rows", |report| report.rejects.clear()),
        ("the notes", |report| report.notes.clear()),
        ("the counts by reason", |report| report.reject_counts.clear()),
        ("the parameters", |report| report.parameters.clear()),
        ("the field map", |report| report.map.clear()),
    ];
    for (name, clear) in parts {
        if report.encoded_len() <= MAX_REPORT {
            break;
        }
        clear(report);
        omitted.push(name);
    }
    if !omitted.is_empty() {
        let omitted = omitted.join(", ");
        report.notes.push(format!("left out, as the report would be too large: {omitted}"));
    }
}

fn limit_texts(report: &mut ImportReport) {
    for reject in &mut report.rejects {
        for text in [&mut reject.reason, &mut reject.field, &mut reject.message] {
            shorten(text);
        }
    }
    for count in &mut report.reject_counts {
        shorten(&mut count.reason);
        shorten(&mut count.field);
    }
    report.notes.iter_mut().for_each(shorten);
    if let Some(failure) = &mut report.failure {
        shorten(&mut failure.message);
    }
    shorten(&mut report.last_interruption);
    shorten(&mut report.file_name);
}

/// Ends a text that is too long with an ellipsis.
fn shorten(text: &mut String) {
    // Most are short enough to need no counting.
    if text.len() <= MAX_TEXT || text.chars().count() <= MAX_TEXT {
        return;
    }
    let end = text.char_indices().nth(MAX_TEXT - 1).map_or(text.len(), |(at, _)| at);
    text.truncate(end);
    text.push('…');
}

#[cfg(test)]
mod tests {
    use proto::catalogue::v1::{
        ImportFailure, ImportParameter, ImportRejectCount, RejectedRow, RowDiff,
    };

    use super::*;

    /// The largest report that the catalogue takes.
    const CATALOGUE_LIMIT: usize = 1 << 20;

    #[test]
    fn a_report_of_long_texts_fits_and_is_shortened_between_characters() {
        let long = "ü".repeat(64 << 10);
        let reject = || RejectedRow {
            line: 1,
            reason: long.clone(),
            field: long.clone(),
            message: long.clone(),
        };
        let mut report = ImportReport {
            rejects: (0..20).map(|_| reject()).collect(),
            reject_counts: vec![ImportRejectCount { field: long.clone(), ..Default::default() }],
            notes: vec![long.clone(); 50],
            failure: Some(ImportFailure { message: long.clone(), ..Default::default() }),
            last_interruption: long.clone(),
            map: "a".repeat(100),
            ..ImportReport::default()
        };
        limit(&mut report);
        assert!(report.encoded_len() <= MAX_REPORT && MAX_REPORT < CATALOGUE_LIMIT);
        let message = &report.rejects[19].message;
        assert_eq!(message.chars().count(), MAX_TEXT);
        assert!(message.starts_with("üü") && message.ends_with("ü…"));
        assert_eq!((report.notes.len(), report.map.len()), (50, 100));
    }

    #[test]
    fn parts_that_do_not_fit_are_left_out_and_named() {
        let mut report = ImportReport {
            rows: 7,
            map: "a = \"b\"\n".repeat(1 << 20),
            diffs: (0..2_000).map(|line| RowDiff { line, ..RowDiff::default() }).collect(),
            parameters: vec![
                ImportParameter {
                    name: "records".to_owned(),
                    value: "x".repeat(1 << 20)
                };
                2
            ],
            ..ImportReport::default()
        };
        limit(&mut report);
        assert!(report.encoded_len() <= MAX_REPORT);
        assert_eq!((report.rows, report.map.as_str()), (7, ""));
        let note = report.notes.last().unwrap();
        assert!(note.contains("the field map") && note.contains("the parameters"), "{note}");
    }

    #[test]
    fn a_report_that_fits_is_as_it_was() {
        let report = ImportReport {
            notes: vec!["x".repeat(MAX_TEXT)],
            map: "id = \"ArtNr\"".to_owned(),
            ..ImportReport::default()
        };
        let mut limited = report.clone();
        limit(&mut limited);
        assert_eq!(limited, report);
    }
}
