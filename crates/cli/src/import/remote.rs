//! A file at a URL, streamed while it is imported.
//!
//! **Invariant:** neither credentials nor the query of a URL, which may be signed, are printed or sent to another
//! host than the URL's.

use std::{
    io::{self, Read},
    path::PathBuf,
    time::Duration,
};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::{Buf as _, Bytes};
use http::{Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Incoming;
use import::{OpenOptions, Source};
use tokio::{
    sync::mpsc,
    time::{Instant, timeout, timeout_at},
};
use url::Url;

use crate::web_client::web_client;

const MAX_REDIRECTS: usize = 5;
/// Time until the headers of a response, with the connection, and between two parts of its body.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);
/// Parts of the body that are read ahead.
const READ_AHEAD: usize = 4;
const MIB: u64 = 1 << 20;

/// Limits of a file at a URL.
#[derive(Debug, Clone, Copy, clap::Args)]
#[command(next_help_heading = "For a file at a URL")]
pub(crate) struct RemoteArgs {
    /// Largest size, in MiB, as it is sent
    #[arg(long, value_name = "MIB", default_value_t = 4096, value_parser = clap::value_parser!(u64).range(1..))]
    max_size: u64,
    /// Longest time from the request to the last byte
    #[arg(long, value_name = "TIME", default_value = "60m", value_parser = crate::duration::duration)]
    max_time: Duration,
}

/// The URL that an argument is, if it is one.
pub(crate) fn url_of(argument: &str) -> Option<Url> {
    let scheme = argument.split_once("://")?.0;
    let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    is_web.then(|| Url::parse(argument).ok()).flatten()
}

/// A URL as it may be printed: without credentials, and with `?…` for its query.
pub(crate) fn shown(url: &Url) -> String {
    let mut shown = url.clone();
    // A URL of the web can lack both.
    shown.set_username("").ok();
    shown.set_password(None).ok();
    shown.set_query(None);
    shown.set_fragment(None);
    let query = if url.query().is_some() { "?…" } else { "" };
    format!("{shown}{query}")
}

/// The name that the file has in its URL, for files beside it.
pub(crate) fn file_name(url: &Url) -> PathBuf {
    let last =
        url.path_segments().and_then(|mut segments| segments.next_back()).unwrap_or_default();
    let is_plain = |letter: &char| letter.is_ascii_alphanumeric() || "-._".contains(*letter);
    let name: String = last.chars().filter(is_plain).take(100).collect();
    let name = name.trim_matches('.');
    PathBuf::from(if name.is_empty() { "download" } else { name })
}

impl RemoteArgs {
    /// Requests the file, and opens it as far as its form is found. The rest is read while it is imported.
    ///
    /// # Errors
    /// The server cannot be reached, is too slow, responds with another status than 200 or sends too much; or the
    /// file cannot be unpacked.
    pub(crate) async fn open(&self, url: &Url, options: &OpenOptions) -> Result<Source> {
        let deadline = Instant::now() + self.max_time;
        let too_late = || format!("{} was not sent within --max-time", shown(url));
        let Found { response, url: found, notes } =
            timeout_at(deadline, request(url)).await.with_context(too_late)??;
        let name = shown(&found);
        let limit = self.max_size.saturating_mul(MIB);
        let length = response.headers().get(header::CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        ensure!(
            length.is_none_or(|length| length <= limit),
            "{name} has {} MiB, more than --max-size {}",
            length.unwrap_or_default().div_ceil(MIB),
            self.max_size
        );
        let (sender, parts) = mpsc::channel(READ_AHEAD);
        let download = Download { sender, limit, deadline, max_size: self.max_size };
        tokio::spawn(download.run(response.into_body()));
        let reader = PartsReader { parts, part: Bytes::new() };
        let (path, options) = (PathBuf::from(found.path()), options.clone());
        // Waits for parts, which are read by this thread.
        let open = move || Source::of_stream(reader, &path, &options, name);
        let opened = tokio::task::spawn_blocking(open).await.context("the reader panicked")?;
        let mut source = opened?;
        source.notes.splice(0..0, notes);
        Ok(source)
    }
}

/// The response of the last URL.
struct Found {
    response: Response<Incoming>,
    url: Url,
    notes: Vec<String>,
}

/// Follows redirects.
async fn request(first: &Url) -> Result<Found> {
    let client = web_client::<Empty<Bytes>>()?;
    let mut url = first.clone();
    let mut notes = Vec::new();
    loop {
        let name = shown(&url);
        let mut request = Request::get(target(&url)).header(header::USER_AGENT, "catctl");
        if let Some(credentials) = credentials(first).filter(|_| is_same_origin(first, &url)) {
            request = request.header(header::AUTHORIZATION, credentials);
        }
        let response = client.request(request.body(Empty::new())?);
        let response = timeout(IDLE_TIMEOUT, response)
            .await
            .map_err(|_| anyhow!("{name} does not respond within {} s", IDLE_TIMEOUT.as_secs()))?
            .map_err(|error| anyhow!("requesting {name}: {}", root(&error)))?;
        if response.status() == StatusCode::OK {
            return Ok(Found { response, url, notes });
        }
        if !is_redirect(response.status()) {
            let hint = match response.status() {
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                    "; credentials may stand in the URL: https://name:password@host/file"
                }
                _ => "",
            };
            bail!("{name} responds with {}{hint}", response.status());
        }
        ensure!(notes.len() < MAX_REDIRECTS, "{name} redirects more than {MAX_REDIRECTS} times");
        url = redirected(&url, &response)?;
        notes.push(format!("{name} redirects to {}", shown(&url)));
    }
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Where a response redirects to.
fn redirected(url: &Url, response: &Response<Incoming>) -> Result<Url> {
    let name = shown(url);
    let location = response.headers().get(header::LOCATION);
    let location = location.and_then(|location| location.to_str().ok());
    let location = location.with_context(|| format!("{name} redirects without a location"))?;
    let next = url.join(location).map_err(|_| anyhow!("{name} redirects to what is no URL"))?;
    ensure!(matches!(next.scheme(), "http" | "https"), "{name} redirects to {}:", next.scheme());
    ensure!(
        url.scheme() != "https" || next.scheme() == "https",
        "{name} redirects to {}, which is not encrypted",
        shown(&next)
    );
    Ok(next)
}

/// The URL that is requested: without credentials and fragment.
fn target(url: &Url) -> String {
    let mut target = url.clone();
    target.set_username("").ok();
    target.set_password(None).ok();
    target.set_fragment(None);
    target.into()
}

/// The header of the credentials in a URL (RFC 7617).
fn credentials(url: &Url) -> Option<header::HeaderValue> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let decoded = |text: &str| percent_decode(text);
    let user = decoded(url.username());
    let password = decoded(url.password().unwrap_or_default());
    let basic = STANDARD.encode([user, b":".to_vec(), password].concat());
    let mut value = header::HeaderValue::from_str(&format!("Basic {basic}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn percent_decode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let code = tail.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()).filter(|_| first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    bytes
}

fn is_same_origin(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin()
}

/// The innermost cause, which names what has happened.
fn root(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// Reads a body within its limits.
struct Download {
    sender: mpsc::Sender<io::Result<Bytes>>,
    /// In bytes.
    limit: u64,
    deadline: Instant,
    max_size: u64,
}

impl Download {
    async fn run(self, mut body: Incoming) {
        if let Err(error) = self.read(&mut body).await {
            // The receiver is gone if the import has ended.
            self.sender.send(Err(error)).await.ok();
        }
    }

    async fn read(&self, body: &mut Incoming) -> io::Result<()> {
        let mut size = 0;
        loop {
            let frame = timeout_at(self.deadline, timeout(IDLE_TIMEOUT, body.frame()));
            let late = |what: &str| io::Error::new(io::ErrorKind::TimedOut, what);
            let frame = frame.await.map_err(|_| late("it was not sent within --max-time"))?;
            let frame = frame.map_err(|_| late("nothing was sent for 30 s"))?;
            let Some(frame) = frame else { return Ok(()) };
            let frame = frame.map_err(|error| io::Error::other(root(&error)))?;
            let Ok(part) = frame.into_data() else { continue };
            size += part.len() as u64;
            if size > self.limit {
                let message = format!("it has more than --max-size {} MiB", self.max_size);
                return Err(io::Error::other(message));
            }
            if self.sender.send(Ok(part)).await.is_err() {
                return Ok(());
            }
        }
    }
}

/// The parts of a body, for the thread that reads rows.
struct PartsReader {
    parts: mpsc::Receiver<io::Result<Bytes>>,
    part: Bytes,
}

impl Read for PartsReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.part.is_empty() {
            match self.parts.blocking_recv() {
                Some(part) => self.part = part?,
                None => return Ok(0),
            }
        }
        let length = self.part.len().min(buffer.len());
        self.part.copy_to_slice(&mut buffer[..length]);
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        url_of(text).unwrap()
    }

    #[test]
    fn what_is_shown_has_no_secret() {
        let signed = url("https://anna:s3cret@shop.example:8443/a/list.csv.gz?signature=abc#x");
        assert_eq!(shown(&signed), "https://shop.example:8443/a/list.csv.gz?…");
        assert_eq!(target(&signed), "https://shop.example:8443/a/list.csv.gz?signature=abc");
        assert_eq!(file_name(&signed), PathBuf::from("list.csv.gz"));
        assert_eq!(file_name(&url("https://shop.example/..%2f")), PathBuf::from("2f"));
        assert_eq!(file_name(&url("https://shop.example/")), PathBuf::from("download"));
        assert!(url_of("list.csv").is_none() && url_of("ftp://shop.example/a").is_none());
    }

    #[test]
    fn credentials_are_those_of_the_url() {
        let header = |text: &str| credentials(&url(text));
        assert_eq!(header("https://shop.example/"), None);
        let expected = format!("Basic {}", STANDARD.encode("an@na:p:w"));
        assert_eq!(header("https://an%40na:p%3Aw@shop.example/").unwrap(), expected);
        assert!(!is_same_origin(&url("https://a.example/"), &url("https://b.example/")));
        assert!(!is_same_origin(&url("https://a.example/"), &url("https://a.example:444/")));
    }
}
