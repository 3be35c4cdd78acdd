//! Control socket, on which other commands send requests to a running supervisor.

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

use super::{RunDir, events::Event};

/// Timeout for reading a request.
const TIMEOUT: Duration = Duration::from_secs(2);
/// Timeout of a restart: stop, start, ready.
const RESTART_TIMEOUT: Duration = Duration::from_secs(660);
/// Maximum size of a request or response, in bytes.
const MAX_MESSAGE: u64 = 4 << 10;
/// Maximum length of a socket's path; the system's limit is 107 bytes, on some systems 103.
const MAX_PATH: usize = 100;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Request {
    Restart(String),
}

/// Serves requests in a thread until the process ends.
///
/// # Errors
/// If the socket cannot be created.
pub(crate) fn serve(run_dir: &RunDir, events: Sender<Event>) -> Result<()> {
    let path = run_dir.socket();
    fs::remove_file(&path).ok(); // left by a killed supervisor, because we hold the lock
    let (short, _dir) = short(&path)?;
    let listener =
        UnixListener::bind(short).with_context(|| format!("listening on {}", path.display()))?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let events = events.clone();
            // Unlimited, because a process that may connect may also kill this one.
            thread::spawn(move || handle(stream, &events));
        }
    });
    Ok(())
}

/// Requests the restart of a service, and waits until it is ready.
///
/// # Errors
/// If no supervisor is running, the service is unknown, or it does not become ready.
pub(crate) fn request_restart(run_dir: &RunDir, service: &str) -> Result<String> {
    let (path, _dir) = short(&run_dir.socket())?;
    let mut stream = UnixStream::connect(path)
        .with_context(|| format!("reaching the supervisor in {}", run_dir.dir.display()))?;
    stream.set_read_timeout(Some(RESTART_TIMEOUT))?;
    let request = serde_json::to_string(&Request::Restart(service.to_owned()))?;
    writeln!(stream, "{request}")?;
    let response: Result<String, String> = serde_json::from_str(&read_line(&stream)?)
        .context("the supervisor has ended, or its response is invalid; see `cargo xtask ps`")?;
    response.map_err(|reason| anyhow!(reason))
}

fn handle(mut stream: UnixStream, events: &Sender<Event>) {
    let response = execute(&stream, events).unwrap_or_else(|error| Err(format!("{error:#}")));
    let text = serde_json::to_string(&response).expect("strings are valid JSON");
    writeln!(stream, "{text}").ok(); // the client may have disconnected
}

fn execute(stream: &UnixStream, events: &Sender<Event>) -> Result<Result<String, String>> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    let Request::Restart(service) = serde_json::from_str(&read_line(stream)?)?;
    let (reply, done) = mpsc::channel();
    events.send(Event::Restart { service, reply }).context("the supervisor is stopping")?;
    done.recv_timeout(RESTART_TIMEOUT).context("the supervisor is stopping")
}

fn read_line(stream: &UnixStream) -> Result<String> {
    let mut line = String::new();
    BufReader::new(stream.take(MAX_MESSAGE)).read_line(&mut line)?;
    Ok(line)
}

/// Returns a path short enough for a socket. If `path` is too long, that is a path by way of the open
/// directory in `/proc` (Linux only), which must be kept open.
fn short(path: &Path) -> Result<(PathBuf, Option<File>)> {
    if path.as_os_str().len() <= MAX_PATH {
        return Ok((path.to_owned(), None));
    }
    let dir = path.parent().context("the socket has no directory")?;
    let open = File::open(dir).with_context(|| format!("opening {}", dir.display()))?;
    let name = path.file_name().context("the socket has no name")?;
    let short = Path::new("/proc/self/fd").join(open.as_raw_fd().to_string()).join(name);
    Ok((short, Some(open)))
}
