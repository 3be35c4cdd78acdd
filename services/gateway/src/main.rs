//! Runs the gateway: one public port for gRPC, JSON, server-sent events and pages.

use std::process::ExitCode;

/// The gateway makes many small, short-lived allocations, for which the system's allocator is slower.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let config: gateway::Config = chassis::config::parse();
    let (serve, telemetry) = (config.serve.clone(), config.telemetry.clone());
    chassis::run("gateway", &serve, &telemetry, |shutdown| async move {
        gateway::start(config, shutdown).await?.finished().await
    })
}
