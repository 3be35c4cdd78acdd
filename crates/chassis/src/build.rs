//! The build and the effective settings, for `/buildz`.

use std::{
    sync::OnceLock,
    time::{SystemTime, UNIX_EPOCH},
};

static SETTINGS: OnceLock<serde_json::Value> = OnceLock::new();

/// Stores the effective settings as they serialize, without secrets.
pub(crate) fn remember(settings: serde_json::Value) {
    SETTINGS.set(settings).ok();
}

/// Version, commit, build time and settings.
pub(crate) fn report() -> serde_json::Value {
    serde_json::json!({
        "version": env!("CARGO_PKG_VERSION"),
        // Set by release builds; a working copy may differ from its last commit.
        "commit": option_env!("BUILD_COMMIT"),
        "built": built(),
        "profile": if cfg!(debug_assertions) { "debug" } else { "release" },
        "settings": SETTINGS.get(),
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
