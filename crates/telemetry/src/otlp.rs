//! Export to an OpenTelemetry collector, by OTLP over gRPC.
//!
//! While the collector is slow or unreachable, spans and log lines wait in bounded queues
//! (`OTEL_BSP_MAX_QUEUE_SIZE`, `OTEL_BLRP_MAX_QUEUE_SIZE`); those beyond are dropped, and no request
//! waits.

use std::env;

use anyhow::{Context as _, bail, ensure};
use opentelemetry_otlp::{
    ExporterBuildError, LogExporter, MetricExporter, SpanExporter, WithExportConfig as _,
};
use opentelemetry_sdk::metrics::PeriodicReader;
use tokio::runtime::Runtime;

/// The kinds of data that are exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    Traces,
    Metrics,
    Logs,
}

impl Signal {
    const ALL: [Self; 3] = [Self::Traces, Self::Metrics, Self::Logs];

    /// The name in OpenTelemetry's environment variables.
    fn name(self) -> &'static str {
        match self {
            Self::Traces => "TRACES",
            Self::Metrics => "METRICS",
            Self::Logs => "LOGS",
        }
    }

    /// The collector's URL: the signal's own variable, else `endpoint`. `None`: not exported.
    fn destination(self, endpoint: Option<&str>) -> anyhow::Result<Option<String>> {
        let name = self.name();
        match variable(&format!("OTEL_{name}_EXPORTER")).as_deref() {
            None | Some("otlp") => {}
            Some("none") => return Ok(None),
            Some(other) => bail!("OTEL_{name}_EXPORTER: `{other}` is neither otlp nor none"),
        }
        for key in [format!("OTEL_EXPORTER_OTLP_{name}_PROTOCOL"), PROTOCOL.to_owned()] {
            if let Some(protocol) = variable(&key) {
                ensure!(protocol == "grpc", "{key}: only grpc is supported, not `{protocol}`");
            }
        }
        let own = variable(&format!("OTEL_EXPORTER_OTLP_{name}_ENDPOINT"));
        let Some(url) = own.or_else(|| endpoint.map(str::to_owned)) else { return Ok(None) };
        let is_url = url.parse::<http::Uri>().is_ok_and(|url| {
            url.host().is_some() && matches!(url.scheme_str(), Some("http" | "https"))
        });
        ensure!(is_url, "the collector's address `{url}` is not like http://127.0.0.1:4317");
        Ok(Some(url))
    }
}

const PROTOCOL: &str = "OTEL_EXPORTER_OTLP_PROTOCOL";

/// An environment variable that is set and not empty.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// Builds exporters, whose connections live on a runtime of their own: exports neither disturb the
/// service's runtime nor depend on it.
#[derive(Debug)]
pub(crate) struct Otlp {
    runtime: Runtime,
    destinations: [Option<String>; 3],
}

impl Otlp {
    /// `None` if no signal is exported. Does not connect yet: the collector may start later.
    ///
    /// # Errors
    /// An invalid setting.
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
        self.exporter(Signal::Traces, |url| {
            SpanExporter::builder().with_tonic().with_endpoint(url).build()
        })
    }

    pub(crate) fn metrics(&self) -> anyhow::Result<Option<PeriodicReader<MetricExporter>>> {
        let exporter = self.exporter(Signal::Metrics, |url| {
            MetricExporter::builder().with_tonic().with_endpoint(url).build()
        })?;
        Ok(exporter.map(|exporter| PeriodicReader::builder(exporter).build()))
    }

    pub(crate) fn logs(&self) -> anyhow::Result<Option<LogExporter>> {
        self.exporter(Signal::Logs, |url| {
            LogExporter::builder().with_tonic().with_endpoint(url).build()
        })
    }

    /// The exporter of a signal, or `None` if that is not exported.
    fn exporter<E>(
        &self,
        signal: Signal,
        build: impl FnOnce(String) -> Result<E, ExporterBuildError>,
    ) -> anyhow::Result<Option<E>> {
        let Some(url) = &self.destinations[signal as usize] else { return Ok(None) };
        // The connection's tasks run on the current runtime.
        let _runtime = self.runtime.enter();
        build(url.clone()).map(Some).with_context(|| format!("the collector at {url}"))
    }

    /// Ends the runtime, and exports in progress with it.
    pub(crate) fn shutdown(self) {
        self.runtime.shutdown_background();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_collector_urls_are_refused() {
        let error = |url| format!("{:#}", Otlp::new(Some(url)).unwrap_err());
        assert!(error("collector").contains("`collector`"));
        assert!(error("ftp://x:1").contains("not like"));
        assert!(Otlp::new(None).unwrap().is_none());
        assert!(Otlp::new(Some("")).unwrap().is_none());
        assert!(Otlp::new(Some("http://127.0.0.1:4317")).unwrap().is_some());
    }
}
