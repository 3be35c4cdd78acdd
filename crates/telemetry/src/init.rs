//! Starting and stopping: logs, traces and metrics, and where each of them goes.

use std::{
    env,
    io::{IsTerminal as _, stderr},
    sync::{OnceLock, mpsc},
    thread,
    time::Duration,
};

use anyhow::Context as _;
use opentelemetry::{KeyValue, trace::TracerProvider as _};
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_sdk::{
    Resource,
    logs::SdkLoggerProvider,
    metrics::SdkMeterProvider,
    trace::{IdGenerator as _, RandomIdGenerator, SdkTracer, SdkTracerProvider},
};
use prometheus::Registry;
use tracing_subscriber::{
    Layer as _,
    filter::{LevelFilter, Targets},
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

use crate::{
    level,
    line::{Form, Line},
    otlp::{Otlp, Signal},
    process,
    sampling::CallSampler,
    scrape,
};

/// What is sent to the collector must not be about sending to the collector, or each line makes
/// another (open-telemetry/opentelemetry-rust#2877).
const NOT_SENT: [&str; 5] = ["h2", "hyper", "tower", "tonic", "opentelemetry"];
/// How long all that is still to be sent may take at the end of the process, which is gone within five
/// seconds then.
const FLUSH_WITHIN: Duration = Duration::from_secs(4);

static TRACER: OnceLock<SdkTracer> = OnceLock::new();

/// How a service logs, and where traces, metrics and logs go. Beside these, the standard variables
/// of OpenTelemetry hold: `OTEL_TRACES_SAMPLER`, `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_BSP_*` and others.
#[derive(Debug, Clone, clap::Args, serde::Serialize)]
pub struct Args {
    /// How log lines look; `auto` is `pretty` on a terminal and `json` elsewhere.
    #[arg(long, env = "LOG_FORMAT", value_enum, default_value_t = LogFormat::Auto)]
    pub log_format: LogFormat,

    /// What is logged, such as `info` or `info,catalogue=debug`. Can be changed while the service
    /// runs: PUT /log-level on the admin port.
    #[arg(long = "log", env = "RUST_LOG", default_value = "info")]
    pub log: String,

    /// Where an OpenTelemetry collector takes traces, metrics and logs by gRPC, such as
    /// http://127.0.0.1:4317. Not set: they stay here.
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT", value_name = "URL")]
    pub otlp_endpoint: Option<String>,

    /// Show calls under the names of grpc-prometheus as well (grpc_server_handled_total and so on),
    /// for dashboards made for them.
    #[arg(long, env = "GRPC_PROMETHEUS_METRICS")]
    pub grpc_prometheus_metrics: bool,
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

/// Sends what is still to be sent when it is dropped, which takes four seconds at most. Keep it until
/// the end of `main`.
#[derive(Debug)]
#[must_use = "dropping it ends telemetry"]
pub struct Guard {
    traces: Option<SdkTracerProvider>,
    logs: Option<SdkLoggerProvider>,
    meters: Option<SdkMeterProvider>,
    /// Carries the connections to the collector: a runtime of its own, so that whatever the service
    /// does, or has stopped doing, what is to be sent can be sent.
    otlp: Option<Otlp>,
}

/// Starts logs, traces and metrics for the process.
///
/// # Errors
/// A log filter that does not parse, an address of a collector that is none, or a second call in one
/// process.
pub fn init(service: &'static str, args: &Args) -> anyhow::Result<Guard> {
    let is_off = env::var("OTEL_SDK_DISABLED").is_ok_and(|it| it.eq_ignore_ascii_case("true"));
    let otlp = if is_off { None } else { Otlp::new(args.otlp_endpoint.as_deref())? };
    let resource = resource(service);

    let logs = match otlp.as_ref().map(Otlp::logs).transpose()?.flatten() {
        Some(exporter) => {
            let provider = SdkLoggerProvider::builder().with_resource(resource.clone());
            Some(provider.with_batch_exporter(exporter).build())
        }
        None => None,
    };
    start_log(args, logs.as_ref())?;
    if is_off {
        return Ok(Guard { traces: None, logs, meters: None, otlp });
    }

    let mut traces = SdkTracerProvider::builder().with_resource(resource.clone());
    traces = match otlp.as_ref().map(Otlp::traces).transpose()?.flatten() {
        Some(exporter) => {
            traces.with_batch_exporter(exporter).with_sampler(CallSampler::from_env())
        }
        // Nothing is recorded, but calls have ids, which logs show and other services are told.
        None => traces.with_sampler(CallSampler::never()),
    };
    let traces = traces.build();
    TRACER.set(traces.tracer("telemetry")).ok().context("traces were set up twice")?;

    let mut meters = SdkMeterProvider::builder().with_reader(scrape::reader(Registry::new())?);
    if let Some(reader) = otlp.as_ref().map(Otlp::metrics).transpose()?.flatten() {
        meters = meters.with_reader(reader);
    }
    let meters = meters.with_resource(resource).build();
    opentelemetry::global::set_meter_provider(meters.clone());
    process::watch();
    crate::grpc_prometheus::switch(args.grpc_prometheus_metrics);
    Ok(Guard { traces: Some(traces), logs, meters: Some(meters), otlp })
}

/// What makes spans, unless telemetry is off.
pub(crate) fn tracer() -> Option<&'static SdkTracer> {
    TRACER.get()
}

/// Who we are. `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` win.
fn resource(service: &'static str) -> Resource {
    let given = Resource::builder().build();
    let is_given = |attribute: &KeyValue| {
        let value = given.get_ref(&attribute.key).map(|value| value.as_str());
        value.is_some_and(|value| !value.starts_with("unknown_service"))
    };
    let instance = RandomIdGenerator::default().new_trace_id();
    let ours = [
        KeyValue::new("service.name", service),
        KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
        KeyValue::new("service.instance.id", instance.to_string()),
    ];
    let ours = ours.into_iter().filter(|attribute| !is_given(attribute));
    Resource::builder().with_attributes(ours).build()
}

fn start_log(args: &Args, sent: Option<&SdkLoggerProvider>) -> anyhow::Result<()> {
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
        lines.json().event_format(Line { inner, form: Form::Json }).boxed()
    } else {
        let inner = format.with_target(false).with_ansi(false);
        let form = if is_terminal { Form::Coloured } else { Form::Plain };
        lines.with_ansi(false).event_format(Line { inner, form }).boxed()
    };
    let sent = sent.map(|provider| {
        let not_about_sending = Targets::new()
            .with_default(LevelFilter::TRACE)
            .with_targets(NOT_SENT.map(|target| (target, LevelFilter::OFF)));
        OpenTelemetryTracingBridge::new(provider).with_filter(not_about_sending)
    });
    let filter = level::filter(&args.log)?;
    let (filter, handle) = tracing_subscriber::reload::Layer::new(filter);
    let registry = tracing_subscriber::registry().with(filter).with(lines).with(sent);
    registry.try_init().context("logs were set up twice")?;
    level::remember(handle, &args.log);
    Ok(())
}

impl Drop for Guard {
    fn drop(&mut self) {
        let (done, ended) = mpsc::channel();
        let mut flushing = 0;
        let mut flush = |signal: Signal, end: Box<dyn FnOnce() -> bool + Send>| {
            let done = done.clone();
            flushing += 1;
            // Not on a thread of a runtime: what is sent may need it (opentelemetry-rust#2802).
            thread::spawn(move || done.send((signal, end())).ok());
        };
        if let Some(traces) = self.traces.take() {
            let end = move || traces.shutdown_with_timeout(FLUSH_WITHIN).is_ok();
            flush(Signal::Traces, Box::new(end));
        }
        if let Some(meters) = self.meters.take() {
            flush(Signal::Metrics, Box::new(move || meters.shutdown().is_ok()));
        }
        if let Some(logs) = self.logs.take() {
            let end = move || logs.shutdown_with_timeout(FLUSH_WITHIN).is_ok();
            flush(Signal::Logs, Box::new(end));
        }
        let by = std::time::Instant::now() + FLUSH_WITHIN;
        for _ in 0..flushing {
            let left = by.saturating_duration_since(std::time::Instant::now());
            match ended.recv_timeout(left) {
                Ok((_, true)) => {}
                Ok((signal, false)) => tracing::debug!(?signal, "not all was sent"),
                Err(_) => {
                    tracing::warn!("not all traces, metrics and logs were sent in time");
                    break;
                }
            }
        }
        if let Some(otlp) = self.otlp.take() {
            otlp.end();
        }
    }
}
