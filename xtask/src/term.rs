//! Terminal output: lines, a status line that is updated in place, and colours.

use std::{
    env,
    io::{self, IsTerminal as _, Write as _},
    path::Path,
    sync::{LazyLock, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Interval between updates of a count if standard output is not a terminal.
const COUNT_INTERVAL: Duration = Duration::from_secs(5);

static SCREEN: LazyLock<Mutex<Screen>> = LazyLock::new(|| Mutex::new(Screen::default()));
static TTY: LazyLock<bool> = LazyLock::new(|| io::stdout().is_terminal());

#[derive(Default)]
struct Screen {
    live: String,
    counted: Option<Instant>,
}

/// Prints a line, above the status line if there is one.
pub(crate) fn line(text: &str) {
    let screen = SCREEN.lock().unwrap_or_else(PoisonError::into_inner);
    if *TTY && !screen.live.is_empty() {
        write(&format!("\r\x1b[K{text}\n{}", in_place(&screen.live)));
    } else {
        write(&format!("{text}\n"));
    }
}

/// Sets the status line. Without a terminal, each change is printed as a line.
pub(crate) fn live(text: &str) {
    let mut screen = SCREEN.lock().unwrap_or_else(PoisonError::into_inner);
    if screen.live == text {
        return;
    }
    screen.live = text.to_owned();
    write(&if *TTY { format!("\r\x1b[K{}", in_place(text)) } else { format!("{text}\n") });
}

/// As [`live`], for a frequently changing status, which is rate-limited without a terminal.
pub(crate) fn count(text: &str) {
    if !*TTY {
        let mut screen = SCREEN.lock().unwrap_or_else(PoisonError::into_inner);
        if screen.counted.is_some_and(|last| last.elapsed() < COUNT_INTERVAL) {
            return;
        }
        screen.counted = Some(Instant::now());
    }
    live(text);
}

/// Removes the status line.
pub(crate) fn clear() {
    let mut screen = SCREEN.lock().unwrap_or_else(PoisonError::into_inner);
    screen.counted = None;
    if !std::mem::take(&mut screen.live).is_empty() && *TTY {
        write("\r\x1b[K");
    }
}

/// Replaces the status line by a line with the result.
pub(crate) fn done(text: &str) {
    clear();
    line(text);
}

/// Prints the error of a command to standard error.
pub(crate) fn fail(error: &anyhow::Error) {
    clear();
    let colour = io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    let (on, off) = if colour { ("\x1b[1;31m", "\x1b[0m") } else { ("", "") };
    // There is no other place to report a closed standard error.
    writeln!(io::stderr(), "{on}error:{off} {error:#}").ok();
}

/// Success, in green.
pub(crate) fn good(text: &str) -> String {
    paint("32", text)
}

/// Failure, in red.
pub(crate) fn bad(text: &str) -> String {
    paint("31", text)
}

/// Warning, in yellow.
pub(crate) fn warn(text: &str) -> String {
    paint("33", text)
}

/// Heading, in bold.
pub(crate) fn bold(text: &str) -> String {
    paint("1", text)
}

/// Remark, dimmed.
pub(crate) fn dim(text: &str) -> String {
    paint("2", text)
}

/// Formats a duration: `0.4 s`, `12.3 s`, `3 min 20 s`, `2 h 5 min`.
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => format!("{:.1} s", time.as_secs_f64()),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
    }
}

/// Formats a number with commas between thousands.
pub(crate) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Formats a path for the shell: relative if it is below the current directory, and quoted if
/// necessary.
pub(crate) fn path(path: &Path) -> String {
    let here = env::current_dir().unwrap_or_default();
    quoted(&path.strip_prefix(here).unwrap_or(path).to_string_lossy())
}

/// Quotes a word for the shell if necessary.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

fn paint(code: &str, text: &str) -> String {
    static COLOUR: LazyLock<bool> =
        LazyLock::new(|| *TTY && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()));
    if *COLOUR { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
}

/// Disables line wrap for the text, so that a carriage return goes back to its start.
fn in_place(text: &str) -> String {
    format!("\x1b[?7l{text}\x1b[?7h")
}

fn write(text: &str) {
    let mut out = io::stdout().lock();
    // A closed standard output must not end the supervisor, which has to stop its services.
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(19_406), "19,406");
        assert_eq!(number(1_234_567), "1,234,567");
    }

    #[test]
    fn durations_are_short() {
        assert_eq!(duration(Duration::from_millis(420)), "0.4 s");
        assert_eq!(duration(Duration::from_secs(200)), "3 min 20 s");
        assert_eq!(duration(Duration::from_secs(7500)), "2 h 5 min");
    }

    #[test]
    fn words_are_quoted_only_when_a_shell_needs_it() {
        assert_eq!(quoted("target/debug/catctl"), "target/debug/catctl");
        assert_eq!(quoted("my shop's data"), r"'my shop'\''s data'");
        assert_eq!(quoted(""), "''");
    }
}
