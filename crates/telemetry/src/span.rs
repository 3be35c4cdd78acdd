//! Spans: made here, for calls, statements and work inside a service alike.

use std::{borrow::Cow, time::SystemTime};

use opentelemetry::{
    Context, KeyValue, Value,
    trace::{
        FutureExt as _, Link, SpanBuilder, SpanContext, SpanKind, Status, TraceContextExt as _,
        TraceFlags, TraceState, Tracer as _, WithContext,
    },
};
use opentelemetry_sdk::trace::{IdGenerator as _, RandomIdGenerator};
use tracing::instrument::{Instrument as _, Instrumented};

use crate::init::tracer;

/// A span that begins now; none while telemetry is off.
pub(crate) fn start(
    name: impl Into<Cow<'static, str>>,
    kind: SpanKind,
    parent: &Context,
    link: Option<SpanContext>,
) -> Option<Context> {
    let tracer = tracer()?;
    let mut builder = SpanBuilder::from_name(name).with_kind(kind);
    if let Some(link) = link.filter(SpanContext::is_valid) {
        builder.links = Some(vec![Link::new(link, Vec::new(), 0)]);
    }
    Some(parent.with_span(tracer.build_with_context(builder, parent)))
}

/// The context of a call that is not recorded and has no parent: a trace of its own.
pub(crate) fn unsampled() -> Context {
    let ids = RandomIdGenerator::default();
    let (trace, span) = (ids.new_trace_id(), ids.new_span_id());
    let context =
        SpanContext::new(trace, span, TraceFlags::default(), false, TraceState::default());
    Context::new().with_remote_span_context(context)
}

/// A span that is over already, below the one that is current, if that one is recorded.
pub(crate) fn over(
    name: impl FnOnce() -> Cow<'static, str>,
    kind: SpanKind,
    began: SystemTime,
    attributes: impl FnOnce() -> Vec<KeyValue>,
    failed: bool,
) {
    let Some(tracer) = tracer() else { return };
    Context::map_current(|parent| {
        if !parent.span().is_recording() {
            return;
        }
        let builder = SpanBuilder::from_name(name()).with_kind(kind).with_start_time(began);
        let mut span = tracer.build_with_context(builder.with_attributes(attributes()), parent);
        if failed {
            opentelemetry::trace::Span::set_status(&mut span, Status::error(""));
        }
        opentelemetry::trace::Span::end(&mut span);
    });
}

/// Work inside a service, from now until it is dropped: below the call that it is done for, or a
/// trace of its own if it is done for none.
#[derive(Debug)]
pub struct Work(Option<Context>);

impl Work {
    /// Begins it. `name` is one of a few: what is worked on is an attribute.
    #[must_use]
    pub fn begin(name: &'static str) -> Self {
        Self(start(name, SpanKind::Internal, &Context::current(), None))
    }

    /// Says something of it. Not evaluated further where nothing is recorded.
    pub fn note(&self, key: &'static str, value: impl Into<Value>) {
        if let Some(context) = &self.0
            && context.span().is_recording()
        {
            context.span().set_attribute(KeyValue::new(key, value));
        }
    }

    /// It went wrong, in a word.
    pub fn fail(&self, what: &'static str) {
        if let Some(context) = &self.0 {
            context.span().set_status(Status::error(what));
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

/// What a call leaves to another task: its lines and spans are still those of the call.
pub fn carried<F: Future>(work: F) -> WithContext<Instrumented<F>> {
    work.in_current_span().with_current_context()
}
