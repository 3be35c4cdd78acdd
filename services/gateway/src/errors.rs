//! The reasons of errors, from the table in `errors.md`: the meaning and the cure of each. The pages below
//! `/docs/errors/` show them, `type` of a problem points there, and the OpenAPI document lists them.

use std::{borrow::Cow, sync::LazyLock};

const TABLE: &str = include_str!("../errors.md");

static REASONS: LazyLock<Vec<Reason>> = LazyLock::new(|| parse(TABLE));

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Reason {
    /// Stable, such as `PRODUCT_NOT_FOUND`.
    pub name: &'static str,
    /// The heading of its part of the table.
    pub area: &'static str,
    /// The HTTP statuses that it comes with, separated by commas; `report` if it comes only in that of an import.
    statuses: &'static str,
    /// The meaning, as a sentence. Text between backticks is code.
    pub meaning: &'static str,
    /// The cure: an act of the caller.
    pub cure: &'static str,
}

impl Reason {
    /// The HTTP statuses that it comes with.
    pub fn statuses(&self) -> impl Iterator<Item = u16> {
        self.statuses.split(", ").filter_map(|status| status.parse().ok())
    }
}

/// All reasons, in the order of the table.
pub fn reasons() -> &'static [Reason] {
    &REASONS
}

/// The reason of this name.
pub(crate) fn find(name: &str) -> Option<&'static Reason> {
    reasons().iter().find(|reason| reason.name == name)
}

/// The `type` of a problem with this reason (RFC 9457, section 3.1.1).
pub(crate) fn type_of(reason: &str) -> Cow<'static, str> {
    match find(reason) {
        Some(reason) => format!("/docs/errors/{}", reason.name).into(),
        None => "about:blank".into(),
    }
}

fn parse(table: &'static str) -> Vec<Reason> {
    let mut area = "";
    let mut reasons = Vec::new();
    for line in table.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            area = heading;
        }
        let Some(row) = line.strip_prefix("| ").and_then(|row| row.strip_suffix(" |")) else {
            continue;
        };
        let mut cells = row.split(" | ");
        if let (Some(name), Some(statuses), Some(meaning), Some(cure), None) =
            (cells.next(), cells.next(), cells.next(), cells.next(), cells.next())
            && name != "reason"
        {
            reasons.push(Reason { name, area, statuses, meaning, cure });
        }
    }
    reasons
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use http::StatusCode;

    use super::*;

    #[test]
    fn every_row_has_a_unique_name_and_statuses_of_errors() {
        let rows =
            TABLE.lines().filter(|line| line.starts_with("| ") && line.contains("_")).count();
        assert!(reasons().len() >= rows && rows > 80, "{} of {rows}", reasons().len());
        let names: BTreeSet<_> = reasons().iter().map(|reason| reason.name).collect();
        assert_eq!(names.len(), reasons().len());
        for reason in reasons() {
            let has_status = reason.statuses().count() > 0;
            assert!(has_status != (reason.statuses == "report"), "{reason:?}");
            assert!(!reason.area.is_empty(), "{reason:?}");
            for status in reason.statuses() {
                let status = StatusCode::from_u16(status).unwrap();
                assert!(status.is_client_error() || status.is_server_error(), "{reason:?}");
            }
            let is_sentence = |text: &str| text.ends_with('.') && text.len() > 8;
            assert!(is_sentence(reason.meaning) && is_sentence(reason.cure), "{reason:?}");
        }
    }

    /// The files that pick reasons, from the root of the repository.
    const SOURCES: [&str; 23] = [
        "crates/access/src/refusal.rs",
        "crates/product_fields/src/filter_cost.rs",
        "crates/rpc/src/status.rs",
        "services/catalogue/src/grpc/status.rs",
        "services/gateway/src/connect/call.rs",
        "services/gateway/src/connect/message.rs",
        "services/gateway/src/events/change_events.rs",
        "services/gateway/src/events/mod.rs",
        "services/gateway/src/imports/files.rs",
        "services/gateway/src/imports/job.rs",
        "services/gateway/src/imports/receive.rs",
        "services/gateway/src/transfers/rejects.rs",
        "services/gateway/src/imports/submit.rs",
        "services/gateway/src/imports/uploads/problems.rs",
        "services/gateway/src/json/body.rs",
        "services/gateway/src/json/content_encoding.rs",
        "services/gateway/src/json/content_type.rs",
        "services/gateway/src/pages/desk/session.rs",
        "services/gateway/src/problem.rs",
        "services/gateway/src/same_site.rs",
        "services/search/src/grpc/admin.rs",
        "services/search/src/grpc/mod.rs",
        "services/search/src/grpc/request.rs",
    ];

    #[test]
    fn every_reason_in_the_sources_is_in_the_table() {
        /// Text in capitals that is not a reason.
        const OTHER: [&str; 1] = ["SQLITE_FULL"];
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut found = 0;
        for source in SOURCES {
            let text = fs::read_to_string(root.join(source)).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            let is_reason = |text: &&str| {
                text.contains('_')
                    && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
            };
            for name in code.split('"').filter(is_reason).filter(|name| !OTHER.contains(name)) {
                assert!(find(name).is_some(), "{source}: add {name} to services/gateway/errors.md");
                found += 1;
            }
        }
        assert!(found > 80, "{found}");
    }
}
