//! Runs the catalogue: products, over gRPC.

use std::process::ExitCode;

use catalogue::{Action, Config};

fn main() -> ExitCode {
    let config: Config = chassis::config::parse();
    let (serve, telemetry) = (config.serve.clone(), config.telemetry.clone());
    chassis::run("catalogue", &serve, &telemetry, |shutdown| async move {
        match config.action {
            Action::Serve => catalogue::start(config, shutdown).await?.finished().await,
            Action::Migrate => {
                println!("{}", catalogue::migrate(&config).await?);
                Ok(())
            }
        }
    })
}
