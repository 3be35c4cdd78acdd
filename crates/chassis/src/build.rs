//! The build and the effective settings, for `/buildz`.

use std::{
    sync::OnceLock,
    time::{SystemTime, UNIX_EPOCH},
};

/// The program's version and its effective settings.
static PROGRAM: OnceLock<(String, serde_json::Value)> = OnceLock::new();

/// Stores the program's version, and the effective settings as they serialize, without secrets.
pub(crate) fn remember(version: &str, settings: serde_json::Value) {
    PROGRAM.set((version.to_owned(), settings)).ok();
}

/// The program's version; empty before its settings have been parsed.
pub(crate) fn version() -> &'static str {
    PROGRAM.get().map(|(version, _)| version.as_str()).unwrap_or_default()
}

/// The settings that were stored.
pub(crate) fn settings() -> Option<&'static serde_json::Value> {
    PROGRAM.get().map(|(_, settings)| settings)
}

/// Version, commit, build time and settings.
pub(crate) fn report() -> serde_json::Value {
    serde_json::json!({
        "version": version(),
        // Set by release builds; a working copy may differ from its last commit.
        "commit": option_env!("BUILD_COMMIT"),
        "built": built(),
        "profile": if cfg!(debug_assertions) { "debug" } else { "release" },
        "settings": PROGRAM.get().map(|(_, settings)| settings),
    })
}

/// Modification time of the executable, which is when it was linked.
fn built() -> Option<String> {
    let file = std::env::current_exe().ok()?.metadata().ok()?;
    let since: SystemTime = file.modified().ok()?;
    let seconds = since.duration_since(UNIX_EPOCH).ok()?.as_secs();
    let time = time::OffsetDateTime::from_unix_timestamp(i64::try_from(seconds).ok()?).ok()?;
    time.format(&time::format_description::well_known::Rfc3339).ok()
}
