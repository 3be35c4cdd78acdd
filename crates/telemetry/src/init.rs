//! Sets up logs, traces and metrics, and flushes them when the process ends.

use std::{
    env,
    io::{IsTerminal as _, stderr},
    sync::mpsc,
    thread,
    time::Duration,
};

use anyhow::Context as _;
use opentelemetry::KeyValue;
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_sdk::{
    Resource,
    logs::SdkLoggerProvider,
    metrics::SdkMeterProvider,
    trace::{IdGenerator as _, RandomIdGenerator, SdkTracerProvider},
};
use prometheus::Registry;
use tracing_subscriber::{
    Layer as _,
    filter::{LevelFilter, Targets},
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

use crate::{
    grpc_prometheus, level,
    line::{LineFormat, LineStyle},
    otlp::{Otlp, Signal},
    process,
    sampling::CallSampler,
    scrape, span,
};

/// Log targets that are not exported: a line about an export would cause another export
/// (open-telemetry/opentelemetry-rust#2877).
const NOT_EXPORTED: [&str; 5] = ["h2", "hyper", "tower", "tonic", "opentelemetry"];
/// Time for the last export; the process must exit within five seconds.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(4);

/// Settings of logs, traces and metrics. OpenTelemetry's standard variables apply as well:
/// `OTEL_TRACES_SAMPLER`, `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_BSP_*` and others.
#[derive(Debug, Clone, clap::Args, serde::Serialize)]
pub struct Args {
    /// Format of log lines; `auto` is `pretty` on a terminal and `json` elsewhere.
    #[arg(long, env = "LOG_FORMAT", value_enum, default_value_t = LogFormat::Auto)]
    pub log_format: LogFormat,

    /// Log filter, such as `info` or `info,catalogue=debug`. Can be changed while the service runs:
    /// PUT /log-level on the admin port.
    #[arg(long = "log", env = "RUST_LOG", default_value = "info")]
    pub log: String,

    /// OTLP/gRPC endpoint of an OpenTelemetry collector for traces, metrics and logs, such as
    /// http://127.0.0.1:4317. Not set: nothing is exported.
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT", value_name = "URL")]
    pub otlp_endpoint: Option<String>,

    /// Also publish the metrics of grpc-prometheus (grpc_server_handled_total and so on), for existing
    /// dashboards.
    #[arg(long, env = "GRPC_PROMETHEUS_METRICS")]
    pub grpc_prometheus_metrics: bool,
}

/// The format of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// `pretty` on a terminal, `json` elsewhere.
    Auto,
    /// Text for reading.
    Pretty,
    /// One JSON object per line.
    Json,
}

/// Exports the remaining traces, metrics and logs when dropped, for at most four seconds. Keep it until
/// the end of `main`.
#[derive(Debug)]
#[must_use = "dropping it ends telemetry"]
pub struct Guard {
    traces: Option<SdkTracerProvider>,
    logs: Option<SdkLoggerProvider>,
    meters: Option<SdkMeterProvider>,
    otlp: Option<Otlp>,
}

/// Starts logs, traces and metrics for the process, a `version` of `service`.
///
/// # Errors
/// An invalid log filter, an invalid collector address, or a second call in one process.
pub fn init(service: &'static str, version: &str, args: &Args) -> anyhow::Result<Guard> {
    let disabled = env::var("OTEL_SDK_DISABLED").is_ok_and(|on| on.eq_ignore_ascii_case("true"));
    let otlp = if disabled { None } else { Otlp::new(args.otlp_endpoint.as_deref())? };
    let resource = resource(service, version);

    let logs = match otlp.as_ref().map(Otlp::logs).transpose()?.flatten() {
        Some(exporter) => {
            let provider = SdkLoggerProvider::builder().with_resource(resource.clone());
            Some(provider.with_batch_exporter(exporter).build())
        }
        None => None,
    };
    init_logs(args, logs.as_ref())?;
    if disabled {
        return Ok(Guard { traces: None, logs, meters: None, otlp });
    }

    let mut traces = SdkTracerProvider::builder().with_resource(resource.clone());
    traces = match otlp.as_ref().map(Otlp::traces).transpose()?.flatten() {
        Some(exporter) => {
            traces.with_batch_exporter(exporter).with_sampler(CallSampler::from_env())
        }
        // Nothing is sampled, but calls have trace ids, for the logs and for other services.
        None => traces.with_sampler(CallSampler::never()),
    };
    let traces = traces.build();
    span::set_tracer(&traces)?;

    let mut meters = SdkMeterProvider::builder().with_reader(scrape::reader(Registry::new())?);
    if let Some(reader) = otlp.as_ref().map(Otlp::metrics).transpose()?.flatten() {
        meters = meters.with_reader(reader);
    }
    let meters = meters.with_resource(resource).build();
    opentelemetry::global::set_meter_provider(meters.clone());
    process::register_metrics();
    grpc_prometheus::set_enabled(args.grpc_prometheus_metrics);
    Ok(Guard { traces: Some(traces), logs, meters: Some(meters), otlp })
}

/// The resource attributes of this process. `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` take
/// precedence.
fn resource(service: &'static str, version: &str) -> Resource {
    let from_env = Resource::builder().build();
    let is_set = |attribute: &KeyValue| {
        let value = from_env.get_ref(&attribute.key).map(|value| value.as_str());
        value.is_some_and(|value| !value.starts_with("unknown_service"))
    };
    let instance = RandomIdGenerator::default().new_trace_id();
    let defaults = [
        KeyValue::new("service.name", service),
        KeyValue::new("service.version", version.to_owned()),
        KeyValue::new("service.instance.id", instance.to_string()),
    ];
    let defaults = defaults.into_iter().filter(|attribute| !is_set(attribute));
    Resource::builder().with_attributes(defaults).build()
}

fn init_logs(args: &Args, exported: Option<&SdkLoggerProvider>) -> anyhow::Result<()> {
    let is_terminal = stderr().is_terminal();
    let json = match args.log_format {
        LogFormat::Auto => !is_terminal,
        LogFormat::Pretty => false,
        LogFormat::Json => true,
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(stderr);
    let format = tracing_subscriber::fmt::format();
    let lines = if json {
        let inner = format.json().flatten_event(true).with_span_list(false);
        lines.json().event_format(LineFormat { inner, style: LineStyle::Json }).boxed()
    } else {
        let inner = format.with_target(false).with_ansi(false);
        let style = if is_terminal { LineStyle::Coloured } else { LineStyle::Plain };
        lines.with_ansi(false).event_format(LineFormat { inner, style }).boxed()
    };
    let exported = exported.map(|provider| {
        let targets = Targets::new()
            .with_default(LevelFilter::TRACE)
            .with_targets(NOT_EXPORTED.map(|target| (target, LevelFilter::OFF)));
        OpenTelemetryTracingBridge::new(provider).with_filter(targets)
    });
    let filter = level::parse_filter(&args.log)?;
    let (filter, handle) = tracing_subscriber::reload::Layer::new(filter);
    let registry = tracing_subscriber::registry().with(filter).with(lines).with(exported);
    registry.try_init().context("logs were set up twice")?;
    level::set_handle(handle, &args.log);
    Ok(())
}

impl Drop for Guard {
    fn drop(&mut self) {
        let (sender, receiver) = mpsc::channel();
        let mut pending = 0;
        let mut flush = |signal: Signal, shutdown: Box<dyn FnOnce() -> bool + Send>| {
            let sender = sender.clone();
            pending += 1;
            // On a thread outside the runtime, which the export itself needs
            // (opentelemetry-rust#2802).
            thread::spawn(move || sender.send((signal, shutdown())).ok());
        };
        if let Some(traces) = self.traces.take() {
            let shutdown = move || traces.shutdown_with_timeout(FLUSH_TIMEOUT).is_ok();
            flush(Signal::Traces, Box::new(shutdown));
        }
        if let Some(meters) = self.meters.take() {
            flush(Signal::Metrics, Box::new(move || meters.shutdown().is_ok()));
        }
        if let Some(logs) = self.logs.take() {
            let shutdown = move || logs.shutdown_with_timeout(FLUSH_TIMEOUT).is_ok();
            flush(Signal::Logs, Box::new(shutdown));
        }
        let deadline = std::time::Instant::now() + FLUSH_TIMEOUT;
        for _ in 0..pending {
            let left = deadline.saturating_duration_since(std::time::Instant::now());
            match receiver.recv_timeout(left) {
                Ok((_, true)) => {}
                Ok((signal, false)) => tracing::debug!(?signal, "the last export is incomplete"),
                Err(_) => {
                    tracing::warn!("exporting the last traces, metrics and logs timed out");
                    break;
                }
            }
        }
        if let Some(otlp) = self.otlp.take() {
            otlp.shutdown();
        }
    }
}
