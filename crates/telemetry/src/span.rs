//! Creates spans, for calls, database statements and other work.

use std::{borrow::Cow, sync::OnceLock, time::SystemTime};

use anyhow::Context as _;
use opentelemetry::{
    Context, KeyValue, Value,
    trace::{
        FutureExt as _, Link, SpanBuilder, SpanContext, SpanKind, Status, TraceContextExt as _,
        TraceFlags, TraceState, Tracer as _, TracerProvider as _, WithContext,
    },
};
use opentelemetry_sdk::trace::{IdGenerator as _, RandomIdGenerator, SdkTracer, SdkTracerProvider};
use tracing::instrument::{Instrument as _, Instrumented};

/// Unset while telemetry is off.
static TRACER: OnceLock<SdkTracer> = OnceLock::new();

/// Sets the provider of all spans.
///
/// # Errors
/// A second call in one process.
pub(crate) fn set_tracer(provider: &SdkTracerProvider) -> anyhow::Result<()> {
    TRACER.set(provider.tracer("telemetry")).ok().context("traces were set up twice")
}

/// Starts a span; `None` while telemetry is off.
pub(crate) fn start(
    name: impl Into<Cow<'static, str>>,
    kind: SpanKind,
    parent: &Context,
    link: Option<SpanContext>,
) -> Option<Context> {
    let tracer = TRACER.get()?;
    let mut builder = SpanBuilder::from_name(name).with_kind(kind);
    if let Some(link) = link.filter(SpanContext::is_valid) {
        builder.links = Some(vec![Link::new(link, Vec::new(), 0)]);
    }
    Some(parent.with_span(tracer.build_with_context(builder, parent)))
}

/// The context of an unsampled call without a parent: a new trace id.
pub(crate) fn unsampled() -> Context {
    let ids = RandomIdGenerator::default();
    let (trace, span) = (ids.new_trace_id(), ids.new_span_id());
    let context =
        SpanContext::new(trace, span, TraceFlags::default(), false, TraceState::default());
    Context::new().with_remote_span_context(context)
}

/// Records a span that has ended already, as a child of the current span if that one is recorded.
pub(crate) fn record_ended(
    name: impl FnOnce() -> Cow<'static, str>,
    kind: SpanKind,
    start: SystemTime,
    attributes: impl FnOnce() -> Vec<KeyValue>,
    failed: bool,
) {
    let Some(tracer) = TRACER.get() else { return };
    Context::map_current(|parent| {
        if !parent.span().is_recording() {
            return;
        }
        let builder = SpanBuilder::from_name(name()).with_kind(kind).with_start_time(start);
        let mut span = tracer.build_with_context(builder.with_attributes(attributes()), parent);
        if failed {
            opentelemetry::trace::Span::set_status(&mut span, Status::error(""));
        }
        opentelemetry::trace::Span::end(&mut span);
    });
}

/// The span of work inside a service, which ends when it is dropped: a child of the current call, or
/// the root of a new trace outside of calls.
#[derive(Debug)]
pub struct Work(Option<Context>);

impl Work {
    /// Begins the span. `name` has few values: ids belong into attributes.
    #[must_use]
    pub fn begin(name: &'static str) -> Self {
        Self(start(name, SpanKind::Internal, &Context::current(), None))
    }

    /// Sets an attribute.
    pub fn note(&self, key: &'static str, value: impl Into<Value>) {
        if let Some(context) = &self.0
            && context.span().is_recording()
        {
            context.span().set_attribute(KeyValue::new(key, value));
        }
    }

    /// Marks the span as failed, with a short reason.
    pub fn fail(&self, reason: &'static str) {
        if let Some(context) = &self.0 {
            context.span().set_status(Status::error(reason));
        }
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        if let Some(context) = &self.0 {
            context.span().end();
        }
    }
}

/// The trace id of the current call as 32 hexadecimal digits; `None` outside of calls and while telemetry is
/// off.
pub fn current_trace_id() -> Option<String> {
    Context::map_current(|context| {
        let span = context.span();
        let id = span.span_context();
        id.is_valid().then(|| id.trace_id().to_string())
    })
}

/// The trace id of the current call, if the call is recorded. Hot path: nothing is allocated unless it is.
pub fn recorded_trace_id() -> Option<String> {
    Context::map_current(|context| {
        let span = context.span();
        let id = span.span_context();
        id.is_sampled().then(|| id.trace_id().to_string())
    })
}

/// Whether the current call is recorded.
pub fn is_recorded() -> bool {
    Context::map_current(|context| context.span().span_context().is_sampled())
}

/// Runs a future in the current call's context, for work that a call leaves to another task.
pub fn in_current_context<F: Future>(future: F) -> WithContext<Instrumented<F>> {
    future.in_current_span().with_current_context()
}
