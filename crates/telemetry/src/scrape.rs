//! Exposition of metrics: Prometheus text 0.0.4, and OpenMetrics 1.0 with exemplars.

use std::{fmt::Write as _, sync::OnceLock};

use anyhow::Context as _;
use opentelemetry_prometheus::PrometheusExporter;
use prometheus::{
    Encoder as _, Registry, TextEncoder,
    proto::{LabelPair, Metric, MetricFamily, MetricType},
};

use crate::exemplar::{self, Exemplar, Series};

static METRICS: OnceLock<Registry> = OnceLock::new();

/// The content type of [`openmetrics_text`].
pub const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Exports OpenTelemetry's metrics into `registry`, which the functions below read.
pub(crate) fn reader(registry: Registry) -> anyhow::Result<PrometheusExporter> {
    // The scope would repeat the crate's name on every series.
    let reader = opentelemetry_prometheus::exporter().scope_info_enabled(false);
    let reader = reader.with_registry(registry.clone()).build()?;
    METRICS.set(registry).ok().context("metrics were set up twice")?;
    Ok(reader)
}

/// All metrics in Prometheus text format 0.0.4; empty before [`init`](crate::init()).
pub fn prometheus_text() -> String {
    let mut text = Vec::new();
    if let Err(error) = TextEncoder::new().encode(&gather(), &mut text) {
        tracing::warn!(%error, "encoding metrics failed");
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// All metrics in OpenMetrics text format 1.0, with the exemplars of durations.
pub fn openmetrics_text() -> String {
    openmetrics(&gather())
}

fn gather() -> Vec<MetricFamily> {
    let families = METRICS.get().map(Registry::gather).unwrap_or_default();
    // The encoder refuses a family without metrics.
    families.into_iter().filter(|family| !family.get_metric().is_empty()).collect()
}

fn openmetrics(families: &[MetricFamily]) -> String {
    let mut text = String::new();
    for family in families {
        write_family(&mut text, family);
    }
    text.push_str("# EOF\n");
    text
}

fn write_family(text: &mut String, family: &MetricFamily) {
    let sample = family.name();
    let (kind, name) = match family.get_field_type() {
        MetricType::COUNTER => ("counter", sample.strip_suffix("_total").unwrap_or(sample)),
        MetricType::HISTOGRAM => ("histogram", sample),
        MetricType::GAUGE if sample.ends_with("_info") => {
            ("info", sample.strip_suffix("_info").unwrap_or(sample))
        }
        MetricType::GAUGE => ("gauge", sample),
        MetricType::SUMMARY | MetricType::UNTYPED => ("unknown", sample),
    };
    push_line(text, format_args!("# TYPE {name} {kind}"));
    push_line(text, format_args!("# HELP {name} {}", escape(family.help())));
    for metric in family.get_metric() {
        let labels = Labels(metric.get_label());
        match kind {
            "histogram" => write_histogram(text, name, metric),
            "counter" => {
                let value = metric.get_counter().get_value();
                push_line(text, format_args!("{name}_total{} {value}", labels.with(None)));
            }
            "info" => push_line(text, format_args!("{name}_info{} 1", labels.with(None))),
            "gauge" => {
                let value = metric.get_gauge().get_value();
                push_line(text, format_args!("{name}{} {value}", labels.with(None)));
            }
            _ => {}
        }
    }
}

fn write_histogram(text: &mut String, name: &str, metric: &Metric) {
    let labels = Labels(metric.get_label());
    let histogram = metric.get_histogram();
    let series = metric.get_label().iter().map(|label| (label.name(), label.value()));
    let exemplars = exemplar::of_series(&Series::new(name, series));
    let buckets = histogram.get_bucket().iter();
    let finite = buckets.map(|bucket| (bucket.upper_bound(), bucket.cumulative_count()));
    let finite = finite.filter(|(bound, _)| bound.is_finite());
    let all = finite.chain([(f64::INFINITY, histogram.get_sample_count())]);
    for (index, (bound, count)) in all.enumerate() {
        let bound = if bound.is_finite() { format!("{bound:?}") } else { "+Inf".to_owned() };
        let labels = labels.with(Some(("le", &bound)));
        let exemplar = exemplars.as_ref().and_then(|buckets| *buckets.get(index)?);
        let exemplar = exemplar.map(exemplar_text).unwrap_or_default();
        push_line(text, format_args!("{name}_bucket{labels} {count}{exemplar}"));
    }
    let (count, sum) = (histogram.get_sample_count(), histogram.get_sample_sum());
    let labels = labels.with(None);
    push_line(text, format_args!("{name}_count{labels} {count}"));
    push_line(text, format_args!("{name}_sum{labels} {sum}"));
}

fn exemplar_text(Exemplar { trace, elapsed, time }: Exemplar) -> String {
    format!(" # {{trace_id=\"{trace}\"}} {elapsed} {time:.3}")
}

struct Labels<'a>(&'a [LabelPair]);

impl Labels<'_> {
    fn with(&self, extra: Option<(&str, &str)>) -> String {
        let own = self.0.iter().map(|label| (label.name(), label.value()));
        let pairs = own.chain(extra).map(|(name, value)| format!("{name}=\"{}\"", escape(value)));
        let pairs: Vec<_> = pairs.collect();
        if pairs.is_empty() { String::new() } else { format!("{{{}}}", pairs.join(",")) }
    }
}

fn escape(text: &str) -> String {
    text.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n")
}

fn push_line(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    writeln!(text, "{line}").ok();
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::TraceId;
    use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, Opts};

    use super::*;

    #[test]
    fn counters_and_histograms_follow_openmetrics() {
        let registry = Registry::new();
        let calls = IntCounterVec::new(Opts::new("calls_total", "All \"calls\"."), &["what"]);
        let calls = calls.unwrap();
        calls.with_label_values(&["a\"b\\c\nd"]).inc_by(3);
        let opts = HistogramOpts::new("took_seconds", "How long.").buckets(vec![0.0005, 1.0]);
        let took = HistogramVec::new(opts, &["method"]).unwrap();
        took.with_label_values(&["Get"]).observe(0.2);
        registry.register(Box::new(calls)).unwrap();
        registry.register(Box::new(took)).unwrap();
        exemplar::record(
            Series::new("took_seconds", [("method", "Get")]),
            0.0004,
            TraceId::from(0xabc),
        );
        let text = openmetrics(&registry.gather());
        let lines: Vec<_> = text.lines().collect();
        let has = |start: &str| assert!(lines.iter().any(|line| line.starts_with(start)), "{text}");
        has("# TYPE calls counter");
        has(r#"calls_total{what="a\"b\\c\nd"} 3"#);
        has(
            r#"took_seconds_bucket{method="Get",le="0.0005"} 0 # {trace_id="00000000000000000000000000000abc"} 0.0004 "#,
        );
        has(r#"took_seconds_bucket{method="Get",le="+Inf"} 1"#);
        has(r#"took_seconds_sum{method="Get"} 0.2"#);
        assert_eq!(lines.last(), Some(&"# EOF"));
    }
}
