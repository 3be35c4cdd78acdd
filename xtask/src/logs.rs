//! `cargo xtask logs`: shows the logs of the services, merged by time.

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _},
    path::PathBuf,
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};

use crate::up::DataDir;

/// Length of the tail of each log that is read at first, in bytes.
const TAIL: u64 = 4 << 20;
const POLL_INTERVAL: Duration = Duration::from_millis(200);

/// Show the logs of one service, or of all merged by time
#[derive(clap::Args)]
pub(crate) struct Args {
    /// catalogue, search, gateway, a replica such as catalogue-2, or up (the supervisor of a detached
    /// run)
    service: Option<String>,

    /// Follow new lines until Ctrl+C
    #[arg(short, long)]
    follow: bool,

    /// Number of last lines to show at first
    #[arg(short = 'n', long, value_name = "N", default_value_t = 200)]
    lines: usize,

    #[command(flatten)]
    data_dir: DataDir,
}

/// Runs `cargo xtask logs`.
///
/// # Errors
/// If the service is unknown, or a log cannot be read.
pub(crate) fn run(args: &Args) -> Result<()> {
    let run_dir = args.data_dir.current()?;
    let known = run_dir.logs();
    let names = match &args.service {
        Some(name) if !known.is_empty() => {
            let all = known.join(", ");
            ensure!(known.contains(name), "there is no log of {name}; existing logs: {all}");
            vec![name.clone()]
        }
        _ => known,
    };
    let width = names.iter().map(String::len).max().filter(|_| names.len() > 1);
    let log = |name: String| Log::new(run_dir.log(&name), name);
    let mut logs: Vec<Log> = names.into_iter().map(log).collect();
    let mut lines = Vec::new();
    for log in &mut logs {
        lines.extend(log.read()?);
    }
    // A stable sort, so that lines of one log keep their order.
    lines.sort_by(|a, b| a.time.cmp(&b.time));
    let first = lines.len().saturating_sub(args.lines);
    ensure!(
        !lines.is_empty() || args.follow,
        "no logs in {}; start the system with `{}`",
        run_dir.dir.join("logs").display(),
        run_dir.command("up")
    );
    if show(&lines[first..], width).is_err() {
        return Ok(()); // closed pipe, as by `head`
    }
    if !args.follow {
        return Ok(());
    }
    loop {
        thread::sleep(POLL_INTERVAL);
        for log in &mut logs {
            if show(&log.read()?, width).is_err() {
                return Ok(());
            }
        }
    }
}

struct Line {
    name: String,
    /// Timestamp at the start of the line, or that of the previous line.
    time: String,
    text: String,
}

/// Prints lines, prefixed by the name of their log if a width is given.
fn show(lines: &[Line], width: Option<usize>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in lines {
        match width {
            Some(width) => writeln!(out, "{:<width$} | {}", line.name, line.text)?,
            None => writeln!(out, "{}", line.text)?,
        }
    }
    out.flush()
}

/// A log file that is read incrementally.
struct Log {
    name: String,
    path: PathBuf,
    offset: Option<u64>,
    time: String,
}

impl Log {
    fn new(path: PathBuf, name: String) -> Self {
        Self { name, path, offset: None, time: String::new() }
    }

    /// Reads new complete lines. A file that has become shorter was replaced, and is read from its start.
    fn read(&mut self) -> Result<Vec<Line>> {
        let mut file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => {
                return Err(error).with_context(|| format!("reading {}", self.path.display()));
            }
        };
        let length = file.metadata()?.len();
        let is_first = self.offset.is_none();
        let mut offset = self.offset.unwrap_or(length.saturating_sub(TAIL));
        if offset > length {
            offset = 0;
        }
        file.seek(SeekFrom::Start(offset))?;
        let mut reader = BufReader::new(file.take(TAIL));
        let mut lines = Vec::new();
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            let read = reader.read_until(b'\n', &mut bytes)?;
            // An incomplete line is read again later.
            if !bytes.ends_with(b"\n") {
                break;
            }
            let is_partial = is_first && offset > 0 && lines.is_empty() && self.time.is_empty();
            offset += read as u64;
            let text = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            if let Some(time) = time_of(&text) {
                time.clone_into(&mut self.time);
            } else if is_partial {
                continue; // the tail started within this line
            }
            lines.push(Line { name: self.name.clone(), time: self.time.clone(), text });
        }
        self.offset = Some(offset);
        Ok(lines)
    }
}

/// The timestamp at the start of a line, as in `2025-11-22T12:00:00.123456Z  INFO …`.
fn time_of(line: &str) -> Option<&str> {
    let word = line.split_whitespace().next()?;
    let is_time = word.len() >= 20 && word.is_ascii() && word.as_bytes()[10] == b'T';
    is_time.then_some(word)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_log_is_read_incrementally() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("search.log");
        let mut log = Log::new(path.clone(), "search".to_owned());
        let texts = |lines: Vec<Line>| lines.into_iter().map(|line| line.text).collect::<Vec<_>>();
        assert!(texts(log.read().unwrap()).is_empty());
        fs::write(&path, "one\ntwo\nhal").unwrap();
        assert_eq!(texts(log.read().unwrap()), ["one", "two"]);
        fs::write(&path, "one\ntwo\nhalf\n").unwrap();
        assert_eq!(texts(log.read().unwrap()), ["half"]);
        fs::write(&path, "new\n").unwrap();
        assert_eq!(texts(log.read().unwrap()), ["new"]);
    }

    #[test]
    fn a_line_without_a_time_has_that_of_the_previous_one() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("search.log");
        fs::write(&path, "2025-11-22T12:00:00.1Z  INFO begun\n  and more\n").unwrap();
        let lines = Log::new(path, "search".to_owned()).read().unwrap();
        assert_eq!(lines[1].time, "2025-11-22T12:00:00.1Z");
    }
}
