//! The format of log lines: control characters escaped, trace ids added.

use std::fmt;

use opentelemetry::{Context, trace::TraceContextExt as _};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::{
    fmt::{FmtContext, FormatEvent, FormatFields, format::Writer},
    registry::LookupSpan,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineStyle {
    /// Text, with control characters and `<` escaped as `\u{..}`.
    Plain,
    /// The same, with the level in colour. Nothing else is coloured: escape sequences of the format would look like
    /// ones in logged values.
    Coloured,
    /// One JSON object, with control characters and `<` escaped as `\uXXXX`.
    Json,
}

/// Adds trace ids to the lines of another format, and escapes them so that no logged value can end the
/// line, send a command to the terminal or be read as markup.
pub(crate) struct LineFormat<F> {
    pub(crate) inner: F,
    pub(crate) style: LineStyle,
}

impl<S, N, F> FormatEvent<S, N> for LineFormat<F>
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
        match (self.style, ids) {
            (LineStyle::Json, Some((trace, span))) => {
                let rest = text.strip_prefix('{').unwrap_or(text);
                write!(writer, r#"{{"trace_id":"{trace}","span_id":"{span}","#)?;
                self.write_escaped(rest, &mut writer)?;
            }
            (LineStyle::Json, None) => self.write_escaped(text, &mut writer)?,
            (_, ids) => {
                let level = event.metadata().level();
                let (before, after) = text.split_once(level.as_str()).unwrap_or(("", text));
                self.write_escaped(before, &mut writer)?;
                match self.style {
                    LineStyle::Coloured => {
                        write!(writer, "\u{1b}[{}m{level}\u{1b}[0m", colour(level))?
                    }
                    _ => writer.write_str(level.as_str())?,
                }
                self.write_escaped(after, &mut writer)?;
                if let Some((trace, span)) = ids {
                    write!(writer, " trace_id={trace} span_id={span}")?;
                }
            }
        }
        writer.write_char('\n')
    }
}

impl<F> LineFormat<F> {
    fn write_escaped(&self, text: &str, writer: &mut Writer<'_>) -> fmt::Result {
        let mut written = 0;
        for (index, char) in text.char_indices() {
            if !(char.is_control() || matches!(char, '<' | '\u{2028}' | '\u{2029}')) {
                continue;
            }
            writer.write_str(&text[written..index])?;
            written = index + char.len_utf8();
            match self.style {
                LineStyle::Json => write!(writer, "\\u{:04x}", u32::from(char))?,
                LineStyle::Plain | LineStyle::Coloured => {
                    write!(writer, "{}", char.escape_unicode())?;
                }
            }
        }
        writer.write_str(&text[written..])
    }
}

/// The level's colour (ECMA-48, "SGR").
fn colour(level: &Level) -> u8 {
    match *level {
        Level::ERROR => 31,
        Level::WARN => 33,
        Level::INFO => 32,
        _ => 34,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::{Arc, Mutex};

    use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};
    use tracing_subscriber::{fmt::MakeWriter, layer::SubscriberExt as _};

    use super::*;

    const HOSTILE: &str = "a\r\nWARN forged\x1b[31m\u{9b}31m<script>alert(1)</script>\u{2028}\0";

    #[derive(Clone, Default)]
    struct Buffer(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Buffer {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Buffer {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    /// The lines that `log` writes.
    pub(crate) fn logged(style: LineStyle, log: impl FnOnce()) -> String {
        let buffer = Buffer::default();
        let layer = tracing_subscriber::fmt::layer().with_writer(buffer.clone());
        let format = tracing_subscriber::fmt::format();
        let registry = tracing_subscriber::registry();
        match style {
            LineStyle::Json => {
                let inner = format.json().flatten_event(true);
                let layer = layer.json().event_format(LineFormat { inner, style });
                tracing::subscriber::with_default(registry.with(layer), log);
            }
            LineStyle::Plain | LineStyle::Coloured => {
                let inner = format.with_ansi(false);
                let layer = layer.event_format(LineFormat { inner, style });
                tracing::subscriber::with_default(registry.with(layer), log);
            }
        }
        let bytes = std::mem::take(&mut *buffer.0.lock().unwrap());
        String::from_utf8(bytes).unwrap()
    }

    fn hostile() {
        let span = tracing::info_span!("call", path = HOSTILE, shown = %HOSTILE, debug = ?HOSTILE);
        let _entered = span.enter();
        tracing::info!(text = HOSTILE, shown = %HOSTILE, debug = ?HOSTILE, "{HOSTILE}");
    }

    #[test]
    fn hostile_values_cannot_break_a_line() {
        for style in [LineStyle::Plain, LineStyle::Json] {
            let text = logged(style, hostile);
            assert_eq!(text.matches('\n').count(), 1, "{text}");
            assert!(text.ends_with('\n') && text.contains("forged"), "{text}");
            let controls = text.trim_end().chars().filter(|char| char.is_control()).count();
            assert_eq!(controls, 0, "{text:?}");
            assert!(!text.contains("<script>") && !text.contains('\u{2028}'), "{text}");
        }
        let coloured = logged(LineStyle::Coloured, hostile);
        let plain = coloured.replace("\x1b[32mINFO\x1b[0m", "INFO");
        assert!(plain != coloured && !plain.contains('\x1b'), "{coloured:?}");
    }

    #[test]
    fn escaped_json_keeps_its_values() {
        let text = logged(LineStyle::Json, hostile);
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(line["text"], HOSTILE);
        assert_eq!(line["span"]["path"], HOSTILE);
    }

    #[test]
    fn lines_carry_trace_ids() {
        let (trace, span) = (TraceId::from(0xabc), SpanId::from(0xdef));
        let remote =
            SpanContext::new(trace, span, TraceFlags::SAMPLED, false, TraceState::default());
        let context = Context::new().with_remote_span_context(remote);
        let log = || {
            let _attached = context.clone().attach();
            tracing::info!("within");
        };
        let line: serde_json::Value = serde_json::from_str(&logged(LineStyle::Json, log)).unwrap();
        assert_eq!(line["trace_id"], trace.to_string());
        assert_eq!(line["span_id"], span.to_string());
        assert_eq!(line["message"], "within");
        let plain = logged(LineStyle::Plain, log);
        assert!(plain.contains(&format!("trace_id={trace} span_id={span}")), "{plain}");
    }
}
