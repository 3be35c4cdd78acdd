//! Starting and stopping: subscriber, meter provider, exporter.

use std::{
    io::{IsTerminal as _, stderr},
    sync::OnceLock,
};

use anyhow::Context as _;
use opentelemetry_sdk::{Resource, metrics::SdkMeterProvider};
use prometheus::{Encoder as _, Registry, TextEncoder};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// What is not ours is only heard when it warns: chatty libraries drown what happened. Two are not
/// heard at all: they call every try that failed an error, and whoever tries again says so once.
const QUIET: &str = "h2=warn,hyper=warn,tower=warn,tonic=warn,sqlx=warn,sea_orm=warn,\
                     sea_orm_migration=warn,tantivy=warn,opentelemetry=warn,consulrs=off,rustify=off";

static METRICS: OnceLock<Registry> = OnceLock::new();

/// How a service logs.
#[derive(Debug, Clone, clap::Args, serde::Serialize)]
pub struct Args {
    /// How log lines look; `auto` is `pretty` on a terminal and `json` elsewhere.
    #[arg(long, env = "LOG_FORMAT", value_enum, default_value_t = LogFormat::Auto)]
    pub log_format: LogFormat,

    /// What is logged, such as `info` or `info,catalogue=debug`.
    #[arg(long = "log", env = "RUST_LOG", default_value = "info")]
    pub log: String,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// `pretty` on a terminal, `json` elsewhere.
    Auto,
    /// For people.
    Pretty,
    /// One JSON object a line.
    Json,
}

/// Flushes what is still to be sent when it is dropped. Keep it until the end of `main`.
#[derive(Debug)]
#[must_use = "dropping it ends telemetry"]
pub struct Guard {
    meters: SdkMeterProvider,
}

/// Starts logs and metrics for the process.
///
/// # Errors
/// A filter that does not parse, or a second call in one process.
pub fn init(service: &'static str, args: &Args) -> anyhow::Result<Guard> {
    let filter = EnvFilter::try_new(format!("{QUIET},{}", args.log))
        .with_context(|| format!("RUST_LOG: `{}` is not a log filter", args.log))?;
    let json = match args.log_format {
        LogFormat::Auto => !stderr().is_terminal(),
        LogFormat::Pretty => false,
        LogFormat::Json => true,
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(stderr);
    let registry = tracing_subscriber::registry().with(filter);
    if json {
        registry.with(lines.json().flatten_event(true)).try_init()
    } else {
        registry.with(lines.with_target(false).with_ansi(stderr().is_terminal())).try_init()
    }
    .context("logs were set up twice")?;

    let prometheus = Registry::new();
    let exporter =
        opentelemetry_prometheus::exporter().with_registry(prometheus.clone()).build()?;
    let resource = Resource::builder().with_service_name(service).build();
    let meters = SdkMeterProvider::builder().with_reader(exporter).with_resource(resource).build();
    opentelemetry::global::set_meter_provider(meters.clone());
    METRICS.set(prometheus).ok().context("metrics were set up twice")?;
    Ok(Guard { meters })
}

/// All metrics in Prometheus text format 0.0.4; empty before [`init`].
pub fn prometheus_text() -> String {
    let mut text = Vec::new();
    if let Some(registry) = METRICS.get()
        && let Err(error) = TextEncoder::new().encode(&registry.gather(), &mut text)
    {
        tracing::warn!(%error, "metrics could not be written as text");
    }
    String::from_utf8_lossy(&text).into_owned()
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Err(error) = self.meters.shutdown() {
            tracing::debug!(%error, "metrics were not flushed");
        }
    }
}
