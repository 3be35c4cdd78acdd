//! Runs search: products by words, from an index that follows the catalogue.

use std::process::ExitCode;

/// Returns memory to the system after filling the index, where the system's own allocator keeps
/// most of it.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let config: search::Config = chassis::config::parse();
    let (serve, telemetry) = (config.serve.clone(), config.telemetry.clone());
    chassis::run("search", &serve, &telemetry, |shutdown| async move {
        search::start(config, shutdown).await?.finished().await
    })
}
