//! The socket through which other commands reach a running supervisor.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader, Read as _, Write as _},
    os::{
        fd::AsRawFd as _,
        unix::net::{UnixListener, UnixStream},
    },
    path::{Path, PathBuf},
    sync::mpsc::{self, Sender},
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result, anyhow};
use serde::{Deserialize, Serialize};

use super::{Home, events::Event};

/// How long a client may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a restart may take: stop, start, ready.
const RESTART_PATIENCE: Duration = Duration::from_secs(660);
/// Bytes of a request or an answer.
const MAX_MESSAGE: u64 = 4 << 10;
/// A socket's path may have 107 bytes, on some systems 103.
const MAX_PATH: usize = 100;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Request {
    Restart(String),
}

/// Answers other commands until the process ends.
///
/// # Errors
/// The socket cannot be made.
pub(crate) fn serve(home: &Home, events: Sender<Event>) -> Result<()> {
    let path = home.socket();
    fs::remove_file(&path).ok(); // a killed supervisor leaves its own; we hold the lock
    let (short, _dir) = short(&path)?;
    let listener =
        UnixListener::bind(short).with_context(|| format!("listening on {}", path.display()))?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let events = events.clone();
            // Whoever may open the socket may also kill us: no need to count them.
            thread::spawn(move || answer(stream, &events));
        }
    });
    Ok(())
}

/// Asks the supervisor of `home` to start a service again, and waits until it is ready.
///
/// # Errors
/// Nobody runs there, there is no such service, or it does not become ready.
pub(crate) fn ask_to_restart(home: &Home, service: &str) -> Result<String> {
    let (path, _dir) = short(&home.socket())?;
    let mut stream = UnixStream::connect(path)
        .with_context(|| format!("reaching the supervisor in {}", home.dir.display()))?;
    stream.set_read_timeout(Some(RESTART_PATIENCE))?;
    let request = serde_json::to_string(&Request::Restart(service.to_owned()))?;
    writeln!(stream, "{request}")?;
    let answer: Result<String, String> = serde_json::from_str(&read_line(&stream)?)
        .context("the supervisor ended, or does not understand; see `cargo xtask ps`")?;
    answer.map_err(|reason| anyhow!(reason))
}

fn answer(mut stream: UnixStream, events: &Sender<Event>) {
    let done = ask(&stream, events).unwrap_or_else(|error| Err(format!("{error:#}")));
    let text = serde_json::to_string(&done).expect("a text or a text");
    writeln!(stream, "{text}").ok(); // who asked may have left
}

fn ask(stream: &UnixStream, events: &Sender<Event>) -> Result<Result<String, String>> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let Request::Restart(service) = serde_json::from_str(&read_line(stream)?)?;
    let (reply, done) = mpsc::channel();
    events.send(Event::Restart { service, reply }).context("the supervisor is stopping")?;
    done.recv_timeout(RESTART_PATIENCE).context("the supervisor is stopping")
}

fn read_line(stream: &UnixStream) -> Result<String> {
    let mut line = String::new();
    BufReader::new(stream.take(MAX_MESSAGE)).read_line(&mut line)?;
    Ok(line)
}

/// The path, or where it is too long for a socket one through the open folder, which must then be
/// kept open. Linux knows such paths.
fn short(path: &Path) -> Result<(PathBuf, Option<File>)> {
    if path.as_os_str().len() <= MAX_PATH {
        return Ok((path.to_owned(), None));
    }
    let dir = path.parent().context("a socket lies in a folder")?;
    let open = File::open(dir).with_context(|| format!("opening {}", dir.display()))?;
    let name = path.file_name().context("a socket has a name")?;
    let short = Path::new("/proc/self/fd").join(open.as_raw_fd().to_string()).join(name);
    Ok((short, Some(open)))
}
