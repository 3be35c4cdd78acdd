//! The page of one import.

use std::time::{SystemTime, UNIX_EPOCH};

use askama::Template;
use proto::catalogue::v1::{Import, ImportReport, RowDiff, import::State};

use super::{
    super::{
        super::{Locale, text},
        Frame,
        history::{self, FieldChange},
        words::{Messages, words},
    },
    href,
};

/// Number of changes, and of rejected rows, that are shown.
const SHOWN: usize = 20;

#[derive(Template)]
#[template(path = "desk/import.html")]
pub(super) struct Page {
    frame: Frame,
    words: &'static Messages,
    href: String,
    /// Why the form was not taken; may be empty.
    error: String,
    state: &'static str,
    is_running: bool,
    is_cancelling: bool,
    /// Meaning of the state, or why the import has failed; may be empty.
    explanation: String,
    has_failed: bool,
    report: ImportReport,
    /// Whether rows were counted.
    has_counts: bool,
    counts: Vec<Count>,
    examples: Vec<Example>,
    has_rejects: bool,
    can_undo: bool,
    form: Option<Form>,
}

/// A number of rows, or of products.
struct Count {
    /// Its name in the events.
    name: &'static str,
    label: &'static str,
    number: i64,
}

/// A row that would be created or changed.
struct Example {
    line: i64,
    product: String,
    is_new: bool,
    changes: Vec<FieldChange>,
}

/// The fields of the form that imports the file again.
#[derive(Debug, Default, Clone)]
pub(super) struct Form {
    map: String,
    mode: String,
    missing: String,
    currency: String,
    decimal: String,
    set_stock: bool,
}

impl Form {
    /// The names of its fields, which are parameters of `POST /v1/imports`.
    pub(super) const NAMES: [&str; 7] =
        ["map", "mode", "missing", "currency", "decimal", "setStock", "dryRun"];

    /// The form of an import whose file is kept.
    pub(super) fn of(import: &Import) -> Option<Self> {
        let report = import.report.as_ref()?;
        let expiry = report.file_expire_time.as_ref()?.seconds;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        if i64::try_from(now).is_ok_and(|now| now >= expiry) {
            return None;
        }
        let parameters = report.parameters.iter();
        let fields: Vec<(&str, &str)> =
            parameters.map(|it| (it.name.as_str(), it.value.as_str())).collect();
        Some(Self { map: report.map.clone(), ..Self::submitted(&fields) })
    }

    /// The form with these fields.
    pub(super) fn submitted(fields: &[(&str, &str)]) -> Self {
        let field = |name: &str| {
            let found = fields.iter().find(|(other, _)| *other == name);
            found.map(|(_, value)| (*value).to_owned()).unwrap_or_default()
        };
        Self {
            map: field("map"),
            mode: field("mode"),
            missing: field("missing"),
            currency: field("currency"),
            decimal: field("decimal"),
            set_stock: field("setStock") == "true",
        }
    }
}

impl Page {
    pub(super) fn new(import: &Import, token: String, locale: Locale, form: Option<Form>) -> Self {
        let words = words(locale);
        let report = import.report.clone().unwrap_or_default();
        let is_running = matches!(import.state(), State::Queued | State::Running);
        let title = match text::plain(&report.file_name) {
            name if name.is_empty() => import.id.clone(),
            name => name,
        };
        let has_counts = report.rows > 0 || is_running || !report.dry_run;
        let frame = Frame { locale, ..Frame::new(&title, token) };
        Self {
            frame,
            words,
            href: href(&import.id),
            error: String::new(),
            state: state(import, words),
            is_running,
            is_cancelling: is_running && import.cancel_time.is_some(),
            explanation: explanation(import, &report, words, has_counts),
            has_failed: import.state() == State::Failed,
            has_counts,
            counts: counts(&report, words),
            examples: report.diffs.iter().take(SHOWN).map(example).collect(),
            has_rejects: report.rejected > 0 && !is_running,
            can_undo: !is_running && !report.dry_run && import.undo_time.is_none(),
            form: form.filter(|_| !is_running),
            report,
        }
    }
}

impl Page {
    /// The page, with why the form was not taken.
    pub(super) fn refused(self, error: String) -> Self {
        Self { error, ..self }
    }
}

/// The state of an import in words.
pub(super) fn state(import: &Import, words: &'static Messages) -> &'static str {
    if import.undo_time.is_some() {
        return words.undone;
    }
    match import.state() {
        State::Unspecified => words.by_program,
        State::Queued => words.queued,
        State::Running => words.running,
        State::Succeeded => words.succeeded,
        State::Failed => words.failed,
        State::Cancelled => words.cancelled,
    }
}

fn explanation(
    import: &Import,
    report: &ImportReport,
    words: &Messages,
    has_counts: bool,
) -> String {
    match (&report.failure, import.state()) {
        (Some(failure), _) => text::plain(&failure.message),
        (None, State::Succeeded) if report.dry_run && has_counts => words.rehearsed.to_owned(),
        (None, State::Succeeded) if report.dry_run => words.guessed.to_owned(),
        _ => String::new(),
    }
}

/// The counts: those of rows always, others if there are any.
fn counts(report: &ImportReport, words: &'static Messages) -> Vec<Count> {
    let count = |name, label, number| Count { name, label, number };
    let always = [
        count("rows", words.rows, report.rows),
        count("created", words.created, report.created),
        count("updated", words.updated, report.updated),
        count("unchanged", words.unchanged, report.unchanged),
        count("rejected", words.rejected, report.rejected),
    ];
    let others = [
        count("grouped", words.grouped, report.grouped),
        count("stockKept", words.stock_kept, report.stock_kept),
        count("missing", words.missing_count, report.missing),
    ];
    always.into_iter().chain(others.into_iter().filter(|it| it.number > 0)).collect()
}

fn example(row: &RowDiff) -> Example {
    let after = row.diff.as_ref().and_then(|diff| diff.after.as_ref());
    let name = after.map(|product| text::plain(&product.name)).unwrap_or_default();
    let product = if row.product_id.is_empty() { name } else { row.product_id.clone() };
    let changes = row.diff.as_ref().map(history::changes).unwrap_or_default();
    Example { line: row.line, product, is_new: row.created, changes }
}
