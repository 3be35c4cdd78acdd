//! Runs search: products by words, from an index that follows the catalogue.

use std::process::ExitCode;

fn main() -> ExitCode {
    let config: search::Config = chassis::config::parse();
    let (serve, telemetry) = (config.serve.clone(), config.telemetry.clone());
    chassis::run("search", &serve, &telemetry, |shutdown| async move {
        search::start(config, shutdown).await?.finished().await
    })
}
