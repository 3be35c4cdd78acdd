//! The form of a log line: one line, whatever is in it, with the ids of the trace it belongs to.

use std::fmt;

use opentelemetry::{Context, trace::TraceContextExt as _};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::{
    fmt::{FmtContext, FormatEvent, FormatFields, format::Writer},
    registry::LookupSpan,
};

/// What a line is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// For people: control characters, and what a browser would take for markup, as `\u{..}`.
    Plain,
    /// The same, with the level in colour: nothing else is, since colours of ours cannot be told from
    /// those that somebody has sent.
    Coloured,
    /// One JSON object: the same as JSON has it.
    Json,
}

/// Puts trace ids into what another format writes, and nothing of it can be taken for the end of the
/// line, for a command to the terminal or for markup.
pub(crate) struct Line<F> {
    pub(crate) inner: F,
    pub(crate) form: Form,
}

impl<S, N, F> FormatEvent<S, N> for Line<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        ctx: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut text = String::with_capacity(256);
        self.inner.format_event(ctx, Writer::new(&mut text), event)?;
        let text = text.trim_end_matches('\n');
        let ids = Context::map_current(|context| {
            let span = context.span();
            let span = span.span_context();
            span.is_valid().then(|| (span.trace_id(), span.span_id()))
        });
        match (self.form, ids) {
            (Form::Json, Some((trace, span))) => {
                let rest = text.strip_prefix('{').unwrap_or(text);
                write!(writer, r#"{{"trace_id":"{trace}","span_id":"{span}","#)?;
                self.escaped(rest, &mut writer)?;
            }
            (Form::Json, None) => self.escaped(text, &mut writer)?,
            (_, ids) => {
                let level = event.metadata().level();
                let (before, after) = text.split_once(level.as_str()).unwrap_or(("", text));
                self.escaped(before, &mut writer)?;
                match self.form {
                    Form::Coloured => write!(writer, "\u{1b}[{}m{level}\u{1b}[0m", colour(level))?,
                    _ => writer.write_str(level.as_str())?,
                }
                self.escaped(after, &mut writer)?;
                if let Some((trace, span)) = ids {
                    write!(writer, " trace_id={trace} span_id={span}")?;
                }
            }
        }
        writer.write_char('\n')
    }
}

impl<F> Line<F> {
    fn escaped(&self, text: &str, writer: &mut Writer<'_>) -> fmt::Result {
        let mut plain = 0;
        for (at, found) in text.char_indices() {
            if !(found.is_control() || matches!(found, '<' | '\u{2028}' | '\u{2029}')) {
                continue;
            }
            writer.write_str(&text[plain..at])?;
            plain = at + found.len_utf8();
            match self.form {
                Form::Json => write!(writer, "\\u{:04x}", u32::from(found))?,
                Form::Plain | Form::Coloured => write!(writer, "{}", found.escape_unicode())?,
            }
        }
        writer.write_str(&text[plain..])
    }
}

/// By the standard numbers of colours (ECMA-48, "SGR").
fn colour(level: &Level) -> u8 {
    match *level {
        Level::ERROR => 31,
        Level::WARN => 33,
        Level::INFO => 32,
        _ => 34,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};
    use tracing_subscriber::{fmt::MakeWriter, layer::SubscriberExt as _};

    use super::*;

    const HOSTILE: &str = "a\r\nWARN forged\x1b[31m\u{9b}31m<script>alert(1)</script>\u{2028}\0";

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Kept {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    fn logged(form: Form, log: impl FnOnce()) -> String {
        let kept = Kept::default();
        let layer = tracing_subscriber::fmt::layer().with_writer(kept.clone());
        let format = tracing_subscriber::fmt::format();
        let registry = tracing_subscriber::registry();
        match form {
            Form::Json => {
                let inner = format.json().flatten_event(true);
                let layer = layer.json().event_format(Line { inner, form });
                tracing::subscriber::with_default(registry.with(layer), log);
            }
            Form::Plain | Form::Coloured => {
                let inner = format.with_ansi(false);
                let layer = layer.event_format(Line { inner, form });
                tracing::subscriber::with_default(registry.with(layer), log);
            }
        }
        let bytes = std::mem::take(&mut *kept.0.lock().unwrap());
        String::from_utf8(bytes).unwrap()
    }

    fn hostile() {
        let span = tracing::info_span!("call", path = HOSTILE, shown = %HOSTILE, debug = ?HOSTILE);
        let _entered = span.enter();
        tracing::info!(text = HOSTILE, shown = %HOSTILE, debug = ?HOSTILE, "{HOSTILE}");
    }

    #[test]
    fn whatever_is_in_it_a_line_is_one_line_and_no_command() {
        for form in [Form::Plain, Form::Json] {
            let text = logged(form, hostile);
            assert_eq!(text.matches('\n').count(), 1, "{text}");
            assert!(text.ends_with('\n') && text.contains("forged"), "{text}");
            let controls = text.trim_end().chars().filter(|it| it.is_control()).count();
            assert_eq!(controls, 0, "{text:?}");
            assert!(!text.contains("<script>") && !text.contains('\u{2028}'), "{text}");
        }
        let coloured = logged(Form::Coloured, hostile);
        let plain = coloured.replace("\x1b[32mINFO\x1b[0m", "INFO");
        assert!(plain != coloured && !plain.contains('\x1b'), "{coloured:?}");
    }

    #[test]
    fn json_is_still_json_and_says_what_was_said() {
        let text = logged(Form::Json, hostile);
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(line["text"], HOSTILE);
        assert_eq!(line["span"]["path"], HOSTILE);
    }

    #[test]
    fn a_line_has_the_ids_of_its_trace() {
        let (trace, span) = (TraceId::from(0xabc), SpanId::from(0xdef));
        let remote =
            SpanContext::new(trace, span, TraceFlags::SAMPLED, false, TraceState::default());
        let context = Context::new().with_remote_span_context(remote);
        let log = || {
            let _attached = context.clone().attach();
            tracing::info!("within");
        };
        let line: serde_json::Value = serde_json::from_str(&logged(Form::Json, log)).unwrap();
        assert_eq!(line["trace_id"], trace.to_string());
        assert_eq!(line["span_id"], span.to_string());
        assert_eq!(line["message"], "within");
        let plain = logged(Form::Plain, log);
        assert!(plain.contains(&format!("trace_id={trace} span_id={span}")), "{plain}");
    }
}
