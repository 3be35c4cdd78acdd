//! Sending to an OpenTelemetry collector, by OTLP over gRPC.
//!
//! Whatever becomes of the collector, all that is kept for it is bounded (`OTEL_BSP_MAX_QUEUE_SIZE`
//! spans, `OTEL_BLRP_MAX_QUEUE_SIZE` log lines), what does not fit is dropped, and no request waits.

use std::env;

use anyhow::{Context as _, bail, ensure};
use opentelemetry_otlp::{
    ExporterBuildError, LogExporter, MetricExporter, SpanExporter, WithExportConfig as _,
};
use opentelemetry_sdk::metrics::PeriodicReader;
use tokio::runtime::Runtime;

/// What can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    Traces,
    Metrics,
    Logs,
}

impl Signal {
    const ALL: [Self; 3] = [Self::Traces, Self::Metrics, Self::Logs];

    /// As the standard variables have it.
    fn name(self) -> &'static str {
        match self {
            Self::Traces => "TRACES",
            Self::Metrics => "METRICS",
            Self::Logs => "LOGS",
        }
    }

    /// Where it goes, by the variables of OpenTelemetry, or to `endpoint`, where all goes.
    fn destination(self, endpoint: Option<&str>) -> anyhow::Result<Option<String>> {
        let name = self.name();
        match set(&format!("OTEL_{name}_EXPORTER")).as_deref() {
            None | Some("otlp") => {}
            Some("none") => return Ok(None),
            Some(other) => bail!("OTEL_{name}_EXPORTER: `{other}` is neither otlp nor none"),
        }
        for variable in [format!("OTEL_EXPORTER_OTLP_{name}_PROTOCOL"), PROTOCOL.to_owned()] {
            if let Some(protocol) = set(&variable) {
                ensure!(protocol == "grpc", "{variable}: only grpc is spoken, not `{protocol}`");
            }
        }
        let own = set(&format!("OTEL_EXPORTER_OTLP_{name}_ENDPOINT"));
        let Some(url) = own.or_else(|| endpoint.map(str::to_owned)) else { return Ok(None) };
        let is_url = url.parse::<http::Uri>().is_ok_and(|url| {
            url.host().is_some() && matches!(url.scheme_str(), Some("http" | "https"))
        });
        ensure!(is_url, "the collector's address `{url}` is not like http://127.0.0.1:4317");
        Ok(Some(url))
    }
}

const PROTOCOL: &str = "OTEL_EXPORTER_OTLP_PROTOCOL";

fn set(variable: &str) -> Option<String> {
    env::var(variable).ok().filter(|value| !value.is_empty())
}

/// The way to the collector.
#[derive(Debug)]
pub(crate) struct Otlp {
    runtime: Runtime,
    destinations: [Option<String>; 3],
}

impl Otlp {
    /// None if nothing is to be sent. Nobody is asked yet: the collector may come later.
    ///
    /// # Errors
    /// What is wrong with the settings.
    pub(crate) fn new(endpoint: Option<&str>) -> anyhow::Result<Option<Self>> {
        let endpoint = endpoint.filter(|endpoint| !endpoint.is_empty());
        let [traces, metrics, logs] = Signal::ALL.map(|signal| signal.destination(endpoint));
        let destinations = [traces?, metrics?, logs?];
        if destinations.iter().all(Option::is_none) {
            return Ok(None);
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("telemetry")
            .enable_all()
            .build()
            .context("starting the runtime of telemetry")?;
        Ok(Some(Self { runtime, destinations }))
    }

    pub(crate) fn traces(&self) -> anyhow::Result<Option<SpanExporter>> {
        self.exporter(Signal::Traces, |to| {
            SpanExporter::builder().with_tonic().with_endpoint(to).build()
        })
    }

    pub(crate) fn metrics(&self) -> anyhow::Result<Option<PeriodicReader<MetricExporter>>> {
        let exporter = self.exporter(Signal::Metrics, |to| {
            MetricExporter::builder().with_tonic().with_endpoint(to).build()
        })?;
        Ok(exporter.map(|exporter| PeriodicReader::builder(exporter).build()))
    }

    pub(crate) fn logs(&self) -> anyhow::Result<Option<LogExporter>> {
        self.exporter(Signal::Logs, |to| {
            LogExporter::builder().with_tonic().with_endpoint(to).build()
        })
    }

    fn exporter<E>(
        &self,
        signal: Signal,
        build: impl FnOnce(String) -> Result<E, ExporterBuildError>,
    ) -> anyhow::Result<Option<E>> {
        let Some(to) = &self.destinations[signal as usize] else { return Ok(None) };
        // The connection's tasks run where it is made.
        let _runtime = self.runtime.enter();
        build(to.clone()).map(Some).with_context(|| format!("the collector at {to}"))
    }

    /// Leaves what has not been sent.
    pub(crate) fn end(self) {
        self.runtime.shutdown_background();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_address_is_refused_by_name() {
        let refused = |url| format!("{:#}", Otlp::new(Some(url)).unwrap_err());
        assert!(refused("collector").contains("`collector`"));
        assert!(refused("ftp://x:1").contains("not like"));
        assert!(Otlp::new(None).unwrap().is_none());
        assert!(Otlp::new(Some("")).unwrap().is_none());
        assert!(Otlp::new(Some("http://127.0.0.1:4317")).unwrap().is_some());
    }
}
