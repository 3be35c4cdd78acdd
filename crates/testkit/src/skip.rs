//! Tests that are skipped because a dependency is missing.

use std::io::Write as _;

/// Reports on standard error that a test is skipped, and how to provide its dependency. Bypasses the
/// test runner, which captures `eprintln!` and shows it for failed tests only.
///
/// # Panics
/// With `CI=true`, where no test must be skipped.
pub fn skip(dependency: &str, reason: &str, fix: &str) {
    assert!(!is_ci(), "no {dependency}{reason}. Fix: {fix}");
    warn(&format!("SKIPPED: no {dependency} to test with{reason}. Fix: {fix}"));
}

/// Writes to standard error past the test runner.
pub(crate) fn warn(text: &str) {
    writeln!(std::io::stderr(), "{text}").ok();
}

/// Whether this is a CI job: `CI=true`.
pub(crate) fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|ci| ci == "true")
}
