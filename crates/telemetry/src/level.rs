//! What is logged, and changing it while the service runs.

use std::sync::{Mutex, OnceLock, PoisonError};

use anyhow::Context as _;
use tracing_subscriber::{EnvFilter, Registry, reload::Handle};

/// What is not ours is only heard when it warns: chatty libraries drown what happened. Two are not
/// heard at all: they call every try that failed an error, and whoever tries again says so once.
const QUIET: &str = "h2=warn,hyper=warn,tower=warn,tonic=warn,sqlx=warn,sea_orm=warn,\
                     sea_orm_migration=warn,tantivy=warn,opentelemetry=warn,consulrs=off,rustify=off";
/// Longer than anybody would write.
const LONGEST: usize = 1_024;

static LEVEL: OnceLock<Level> = OnceLock::new();

struct Level {
    handle: Handle<EnvFilter, Registry>,
    directives: Mutex<String>,
}

pub(crate) fn filter(directives: &str) -> anyhow::Result<EnvFilter> {
    EnvFilter::try_new(format!("{QUIET},{directives}"))
        .with_context(|| format!("RUST_LOG: `{directives}` is not a log filter"))
}

pub(crate) fn remember(handle: Handle<EnvFilter, Registry>, directives: &str) {
    let directives = Mutex::new(directives.to_owned());
    LEVEL.set(Level { handle, directives }).ok();
}

/// What is logged now, such as `info,catalogue=debug`; nothing before [`init`](crate::init()).
pub fn log_level() -> String {
    let level = LEVEL.get();
    let kept = level.map(|it| it.directives.lock().unwrap_or_else(PoisonError::into_inner).clone());
    kept.unwrap_or_default()
}

/// Changes what is logged, from the next line on.
///
/// # Errors
/// `directives` are no log filter, or logs have not been set up.
pub fn set_log_level(directives: &str) -> anyhow::Result<()> {
    anyhow::ensure!(directives.len() <= LONGEST, "a log filter of {} bytes", directives.len());
    let filter = filter(directives)?;
    let level = LEVEL.get().context("logs have not been set up")?;
    let mut kept = level.directives.lock().unwrap_or_else(PoisonError::into_inner);
    level.handle.reload(filter).context("the log is gone")?;
    *kept = directives.to_owned();
    tracing::info!(level = directives, "what is logged was changed");
    Ok(())
}
