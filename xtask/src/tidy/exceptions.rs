//! Findings that are accepted, each with its reason. The list may only shrink: an exception that
//! matches nothing is a finding itself.

use super::finding::Finding;

/// Accepts the findings that begin with `file` in their path and contain `text`. For a circle, `text` is the list of
/// its modules, from the colon to the semicolon: it then fails as soon as the circle grows or shrinks.
pub(super) struct Exception {
    pub(super) file: &'static str,
    pub(super) text: &'static str,
    pub(super) reason: &'static str,
}

pub(super) const EXCEPTIONS: &[Exception] = &[];

/// Removes accepted findings, and adds one for each exception that is no longer needed.
pub(super) fn apply(mut findings: Vec<Finding>, exceptions: &[Exception]) -> Vec<Finding> {
    let mut unused = Vec::new();
    for exception in exceptions {
        let before = findings.len();
        findings
            .retain(|f| !(f.file.starts_with(exception.file) && f.text.contains(exception.text)));
        if findings.len() == before {
            let Exception { file, text, reason } = exception;
            let text = format!(
                "the exception for `{text}` ({reason}) matches nothing: remove it from xtask"
            );
            unused.push(Finding::new(file, 1, text));
        }
    }
    findings.extend(unused);
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &[Exception] = &[Exception { file: "src/a", text: "`tonic`", reason: "a test" }];

    #[test]
    fn exception_accepts_its_finding_only() {
        let found = || {
            vec![
                Finding::new("src/a.rs", 3, "imports `tonic`"),
                Finding::new("b.rs", 1, "imports `tonic`"),
            ]
        };
        assert_eq!(apply(found(), ONE), [Finding::new("b.rs", 1, "imports `tonic`")]);
    }

    #[test]
    fn exception_that_matches_nothing_is_a_finding() {
        let left = apply(vec![], ONE);
        assert_eq!(left.len(), 1);
        assert!(left[0].text.contains("matches nothing"));
    }
}
