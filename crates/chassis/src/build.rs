//! The build and the effective settings, for `/buildz`.

use std::{
    sync::OnceLock,
    time::{SystemTime, UNIX_EPOCH},
};

/// The program's version and its effective settings.
static PROGRAM: OnceLock<(String, serde_json::Value)> = OnceLock::new();

/// When the process started.
static STARTED: OnceLock<SystemTime> = OnceLock::new();

/// A running program: what it was built of, and when it started.
#[derive(Debug, Clone)]
pub struct Program {
    /// Empty before the settings have been parsed.
    pub version: &'static str,
    /// `None` unless the build named it. A working copy may differ from its last commit.
    pub commit: Option<&'static str>,
    /// When it was linked.
    pub built: Option<SystemTime>,
    pub started: SystemTime,
}

impl Program {
    /// This process.
    #[must_use]
    pub fn current() -> Self {
        Self {
            version: version(),
            commit: option_env!("BUILD_COMMIT"),
            built: built(),
            started: *STARTED.get_or_init(SystemTime::now),
        }
    }
}

/// Stores the program's version, and the effective settings as they serialize, without secrets.
pub(crate) fn remember(version: &str, settings: serde_json::Value) {
    STARTED.get_or_init(SystemTime::now);
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
    let program = Program::current();
    serde_json::json!({
        "version": program.version,
        "commit": program.commit,
        "built": program.built.and_then(text),
        "profile": if cfg!(debug_assertions) { "debug" } else { "release" },
        "settings": PROGRAM.get().map(|(_, settings)| settings),
    })
}

/// Modification time of the executable, which is when it was linked.
fn built() -> Option<SystemTime> {
    std::env::current_exe().ok()?.metadata().ok()?.modified().ok()
}

/// A time in RFC 3339.
fn text(time: SystemTime) -> Option<String> {
    let seconds = time.duration_since(UNIX_EPOCH).ok()?.as_secs();
    let time = time::OffsetDateTime::from_unix_timestamp(i64::try_from(seconds).ok()?).ok()?;
    time.format(&time::format_description::well_known::Rfc3339).ok()
}
