//! The catalogue of errors: an index, and a page for each reason.

use super::markdown::{head, row};
use crate::errors::{self, Reason};

pub(super) fn index() -> String {
    let mut text = String::from(
        "# Errors\n\nAn error is a problem (RFC 9457) with a stable `reason`: decide by it, not by the words. \
         `detail` is for people, `errors` names each field at fault, `metadata` has facts for programs, and \
         `requestId` is what to quote when you ask for help.\n",
    );
    let mut area = "";
    for reason in errors::reasons() {
        if reason.area != area {
            area = reason.area;
            text += &format!("\n## {area}\n\n{}", head(["Reason", "Status", "Meaning"]));
        }
        text += &row([&link(reason), &statuses(reason), reason.meaning]);
    }
    text
}

/// The page of a reason; `None` for one that is not in the table.
pub(super) fn page(name: &str) -> Option<String> {
    let reason = errors::find(name)?;
    let Reason { name, meaning, cure, area, .. } = reason;
    let text = format!("# {name}\n\n{meaning}\n\n**What to do.** {cure}\n\n");
    let Some(status) = reason.statuses().next() else {
        return Some(format!("{text}See also [{area}](/docs/errors).\n"));
    };
    Some(format!(
        "{text}**Status.** {}\n\n```json\n{{\n  \"type\": \
         \"{}\",\n  \"status\": {status},\n  \"reason\": \"{name}\",\n  \"detail\": \"...\",\n  \"requestId\": \
         \"...\"\n}}\n```\n\nSee also [{area}](/docs/errors).\n",
        statuses(reason),
        errors::type_of(name),
    ))
}

fn link(reason: &Reason) -> String {
    format!("[{0}]({1})", reason.name, errors::type_of(reason.name))
}

fn statuses(reason: &Reason) -> String {
    reason.statuses().map(|status| status.to_string()).collect::<Vec<_>>().join(", ")
}
