//! Imports as operations.

use page_token::Keyring;
use prost::Message;
use proto::catalogue::v1::{
    self as wire, ImportFailure, ImportReport, ListImportsRequest, ListImportsResponse,
    ReportImportRequest, import::State,
};

use super::{
    convert::{self, timestamp},
    pages::page_size,
};
use crate::{
    domain::{Error, Import, ImportId, ImportState, Micros, Result, now},
    store::{Store, WriteContext},
};

const DEFAULT_PAGE: usize = 50;
const MAX_PAGE: usize = 100;
/// Purpose that page tokens are bound to.
const PURPOSE: &str = "imports";
/// Largest report, in bytes.
const MAX_REPORT: usize = 1 << 20;

/// Parses the required field `import_id`.
///
/// # Errors
/// The id is empty or malformed.
pub(super) fn required_id(id: &str) -> Result<ImportId> {
    let import = convert::import_id("import_id", id)?;
    import.ok_or_else(|| Error::field("import_id", "is required"))
}

/// Returns one page of the imports.
///
/// # Errors
/// The request is malformed, or the store cannot be read.
pub(super) async fn list(
    store: &Store,
    page_tokens: &Keyring,
    request: &ListImportsRequest,
    shows_costs: bool,
) -> Result<ListImportsResponse> {
    let size = page_size(request.page_size, DEFAULT_PAGE, MAX_PAGE)?;
    let after = match request.page_token.as_str() {
        "" => None,
        token => Some(open(page_tokens, token).ok_or(Error::PageToken)?),
    };
    let after = after.as_ref().map(|(at, id)| (*at, id.as_str()));
    let mut imports = store.imports(after, size + 1).await?;
    let has_more = imports.len() > size;
    imports.truncate(size);
    let next_page_token = match imports.last() {
        Some(last) if has_more => {
            let place = [&last.created_at.to_be_bytes()[..], last.id.as_str().as_bytes()].concat();
            page_tokens.seal(PURPOSE, "", &place)
        }
        _ => String::new(),
    };
    let now = now();
    let imports = imports
        .into_iter()
        .map(|import| Ok(summary(message(import, now, shows_costs)?)))
        .collect::<Result<_>>()?;
    Ok(ListImportsResponse { imports, next_page_token })
}

fn open(page_tokens: &Keyring, token: &str) -> Option<(Micros, String)> {
    let place = page_tokens.open(PURPOSE, "", token)?;
    let (at, id) = place.split_first_chunk::<8>()?;
    Some((Micros::from_be_bytes(*at), String::from_utf8(id.to_vec()).ok()?))
}

/// Stores a report.
///
/// # Errors
/// The request is malformed, or the store fails.
pub(super) async fn report(
    store: &Store,
    context: WriteContext,
    request: ReportImportRequest,
) -> Result<wire::Import> {
    let id = required_id(&request.import_id)?;
    let state = ImportState::ALL.into_iter().find(|state| *state as i32 == request.state);
    let state = state.ok_or_else(|| Error::field("state", "is required"))?;
    let report = request.report.as_ref().map(Message::encode_to_vec).unwrap_or_default();
    if report.len() > MAX_REPORT {
        return Err(Error::field("report", format!("must be at most {MAX_REPORT} bytes")));
    }
    let context = WriteContext { actor: request.actor, ..context };
    message(store.report_import(context, id, state, report, request.begin).await?, now(), true)
}

/// The message of an import. One that its gateway does not report any more has failed. Its changes and rejected rows are
/// without what products cost unless `shows_costs`: their reader may be another than their writer.
///
/// # Errors
/// The stored report is damaged.
pub(super) fn message(import: Import, now: Micros, shows_costs: bool) -> Result<wire::Import> {
    let Import { id, created_at, actor, undone_at, operation } = import;
    let mut message = wire::Import {
        id: id.into(),
        actor,
        create_time: Some(timestamp(created_at)),
        undo_time: undone_at.map(timestamp),
        ..wire::Import::default()
    };
    let Some(operation) = operation else { return Ok(message) };
    let mut report = ImportReport::decode(&operation.report[..])
        .map_err(|error| Error::Damaged(format!("the report of an import: {error}").into()))?;
    message.set_state(match operation.state {
        ImportState::Queued => State::Queued,
        ImportState::Running => State::Running,
        ImportState::Succeeded => State::Succeeded,
        ImportState::Failed => State::Failed,
        ImportState::Cancelled => State::Cancelled,
    });
    if operation.is_interrupted(now) {
        message.set_state(State::Failed);
        report.end_time = Some(timestamp(operation.updated_at));
        report.failure = Some(ImportFailure {
            reason: "IMPORT_INTERRUPTED".to_owned(),
            message: "the gateway that ran it has stopped; what is stored stays: send the file again under another key"
                .to_owned(),
        });
    }
    if !shows_costs {
        hide_costs(&mut report);
    }
    message.update_time = Some(timestamp(operation.updated_at));
    message.cancel_time = operation.cancelled_at.map(timestamp);
    message.report = Some(report);
    Ok(message)
}

/// The import without what a list of many would be long by.
fn summary(mut import: wire::Import) -> wire::Import {
    if let Some(report) = &mut import.report {
        report.diffs.clear();
        report.rejects.clear();
        report.map.clear();
    }
    import
}

fn hide_costs(report: &mut ImportReport) {
    for diff in report.diffs.iter_mut().filter_map(|row| row.diff.as_mut()) {
        for product in [&mut diff.before, &mut diff.after].into_iter().flatten() {
            product.costs.clear();
        }
    }
    for reject in &mut report.rejects {
        if is_about_costs(&reject.field) || is_about_costs(&reject.message) {
            "what is wrong with it is for keys with read:costs, as it may say what products cost"
                .clone_into(&mut reject.message);
        }
    }
}

/// Whether a field is one of costs, or a text names one: it may quote the file.
fn is_about_costs(text: &str) -> bool {
    text.to_ascii_lowercase().contains("cost")
}

#[cfg(test)]
mod tests {
    use proto::catalogue::v1::RejectedRow;

    use super::*;

    #[test]
    fn messages_about_costs_are_for_those_who_may_see_them() {
        let reject = |field: &str, message: &str| RejectedRow {
            line: 2,
            reason: "INVALID_FIELD".to_owned(),
            field: field.to_owned(),
            message: message.to_owned(),
        };
        let rejects = vec![
            reject("costs", "\"EK netto\" is \"about 4.10\", which is no amount"),
            reject("costs[0].amount", "must be in EUR, and is 4.10 USD"),
            reject("", "\"Cost per item\" is 4.10"),
            reject("price", "\"VK\" is \"free\", which is no amount"),
        ];
        let mut report = ImportReport { rejects: rejects.clone(), ..ImportReport::default() };
        hide_costs(&mut report);
        for (shown, stored) in report.rejects.iter().zip(&rejects).take(3) {
            assert!(!shown.message.contains("4.10"), "{shown:?}");
            assert!(shown.message.contains("read:costs"), "{shown:?}");
            assert_eq!((shown.line, &shown.field), (2, &stored.field));
        }
        assert_eq!(report.rejects[3], rejects[3]);
    }
}
