//! `cargo xtask logs`: what the services wrote, in order of time.

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _},
    path::PathBuf,
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};

use crate::up::DataDir;

/// Bytes of each log that are read to begin with.
const END: u64 = 4 << 20;
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Show what the services logged, all together in order of time or one alone
#[derive(clap::Args)]
pub(crate) struct Args {
    /// catalogue, search, gateway, a replica such as catalogue-2, or up (the supervisor of a detached
    /// run)
    service: Option<String>,

    /// Go on showing lines as they are written, until Ctrl+C
    #[arg(short, long)]
    follow: bool,

    /// How many of the last lines to begin with
    #[arg(short = 'n', long, value_name = "N", default_value_t = 200)]
    lines: usize,

    #[command(flatten)]
    data_dir: DataDir,
}

/// Runs it.
///
/// # Errors
/// An unknown service, or logs that cannot be read.
pub(crate) fn run(args: &Args) -> Result<()> {
    let home = args.data_dir.home()?;
    let known = home.logs();
    let names = match &args.service {
        Some(name) if !known.is_empty() => {
            let all = known.join(", ");
            ensure!(known.contains(name), "there is no log of {name}; there are {all}");
            vec![name.clone()]
        }
        _ => known,
    };
    let width = names.iter().map(String::len).max().filter(|_| names.len() > 1);
    let log = |name: String| Log::new(home.log(&name), name);
    let mut logs: Vec<Log> = names.into_iter().map(log).collect();
    let mut lines = Vec::new();
    for log in &mut logs {
        lines.extend(log.read()?);
    }
    // Stable, so that lines of one log keep their order.
    lines.sort_by(|a, b| a.time.cmp(&b.time));
    let first = lines.len().saturating_sub(args.lines);
    ensure!(
        !lines.is_empty() || args.follow,
        "no logs in {}; start the system with `{}`",
        home.dir.join("logs").display(),
        home.command("up")
    );
    if show(&lines[first..], width).is_err() {
        return Ok(()); // the reader, such as `head`, has seen enough
    }
    if !args.follow {
        return Ok(());
    }
    loop {
        thread::sleep(LOOK_EVERY);
        for log in &mut logs {
            if show(&log.read()?, width).is_err() {
                return Ok(());
            }
        }
    }
}

struct Line {
    name: String,
    /// The time at the line's beginning, or that of the line before.
    time: String,
    text: String,
}

/// Shows lines, behind the name of their log if that has a width.
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

/// A log file that is read on from where it was left.
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

    /// The complete lines that are new. A file that became shorter was begun anew.
    fn read(&mut self) -> Result<Vec<Line>> {
        let mut file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => {
                return Err(error).with_context(|| format!("reading {}", self.path.display()));
            }
        };
        let length = file.metadata()?.len();
        let begin = self.offset.is_none();
        let mut offset = self.offset.unwrap_or(length.saturating_sub(END));
        if offset > length {
            offset = 0;
        }
        file.seek(SeekFrom::Start(offset))?;
        let mut reader = BufReader::new(file.take(END));
        let mut lines = Vec::new();
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            let read = reader.read_until(b'\n', &mut bytes)?;
            // Half a line is read again when it is whole.
            if !bytes.ends_with(b"\n") {
                break;
            }
            let cut = begin && offset > 0 && lines.is_empty() && self.time.is_empty();
            offset += read as u64;
            let text = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            if let Some(time) = time_of(&text) {
                time.clone_into(&mut self.time);
            } else if cut {
                continue; // the rest of a line whose beginning was left out
            }
            lines.push(Line { name: self.name.clone(), time: self.time.clone(), text });
        }
        self.offset = Some(offset);
        Ok(lines)
    }
}

/// The time at the beginning of a line, as in `2025-11-22T12:00:00.123456Z  INFO …`.
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
    fn a_log_is_read_on_line_by_line() {
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
    fn a_line_without_a_time_belongs_to_the_one_before() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("search.log");
        fs::write(&path, "2025-11-22T12:00:00.1Z  INFO begun\n  and more\n").unwrap();
        let lines = Log::new(path, "search".to_owned()).read().unwrap();
        assert_eq!(lines[1].time, "2025-11-22T12:00:00.1Z");
    }
}
