//! Receives a file: the body of a request, or the field `file` of a form, straight to the spool.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures::StreamExt as _;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use tokio::{
    fs::File,
    io::AsyncWriteExt as _,
    time::{Instant, timeout},
};

use super::{
    multipart::{self, FormReader, PartHead, Piece},
    settings::{ImportSettings, MAX_VALUE},
    spool::SpoolFile,
};
use crate::problem::Problem;

/// Time that a client may send nothing.
const IDLE: Duration = Duration::from_secs(30);
/// Time for a whole file.
const TOTAL: Duration = Duration::from_secs(60 * 60);
/// Time before the rate of a body counts.
const GRACE: Duration = Duration::from_secs(10);
/// The least rate of a body, in bytes per second.
const MIN_RATE: f64 = 1024.0;
/// How much larger than its file a form may be, in bytes.
const FORM_BYTES: u64 = 1 << 20;

/// A check whether a form's token is one of its session.
pub(super) type TokenCheck<'a> = &'a (dyn Fn(&str) -> bool + Sync);

/// Target of receiving a body.
pub(super) struct Target<'a> {
    /// For the fields of a form.
    pub(super) settings: &'a mut ImportSettings,
    pub(super) file: &'a SpoolFile,
    /// The check of the form's token, if it needs one.
    pub(super) token: Option<TokenCheck<'a>>,
}

/// Receives a body: a file, or a form with a file. Returns the size of the file, in bytes.
///
/// # Errors
/// 400 for a body that cannot be read, 403 for a form without a valid token, 408 for one that is too slow, 413 for one
/// that is too large, 507 if the disk is full.
pub(super) async fn receive(
    headers: &HeaderMap,
    body: Body,
    target: Target<'_>,
    max_bytes: u64,
) -> Result<u64, Problem> {
    check_coding(headers)?;
    check_length(headers, max_bytes)?;
    let mut pieces = Pieces::new(body, max_bytes.saturating_add(FORM_BYTES));
    let mut sink = Sink::create(target.file, max_bytes).await?;
    match multipart::boundary(headers)? {
        None if target.token.is_some() => return Err(no_token()),
        None => {
            while let Some(bytes) = pieces.next().await? {
                sink.write(&bytes).await?;
            }
        }
        Some(boundary) => receive_form(&boundary, &mut pieces, target, &mut sink).await?,
    }
    sink.finish().await
}

async fn receive_form(
    boundary: &str,
    pieces: &mut Pieces,
    target: Target<'_>,
    sink: &mut Sink,
) -> Result<(), Problem> {
    let mut reader = FormReader::new(boundary);
    let mut form = Form { target, part: None, value: Vec::new(), has_file: false };
    loop {
        match reader.next_piece()? {
            None => match pieces.next().await? {
                Some(bytes) => reader.feed(&bytes),
                None => return Err(Problem::invalid("body", "ends within the form")),
            },
            Some(Piece::Data(bytes)) if form.is_in_file() => sink.write(&bytes).await?,
            Some(Piece::Data(bytes)) => form.add(&bytes)?,
            Some(Piece::Part(head)) => form.begin(head)?,
            Some(Piece::End) => return form.end(),
        }
    }
}

/// A form that is being received.
struct Form<'a> {
    target: Target<'a>,
    part: Option<PartHead>,
    /// The value of the part, unless it is the file.
    value: Vec<u8>,
    has_file: bool,
}

impl Form<'_> {
    fn is_in_file(&self) -> bool {
        self.part.as_ref().is_some_and(|part| part.name == "file")
    }

    fn add(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        if self.value.len() + bytes.len() > MAX_VALUE {
            let name = self.part.as_ref().map(|part| part.name.clone()).unwrap_or_default();
            return Err(Problem::invalid(name, format!("must be at most {MAX_VALUE} bytes")));
        }
        self.value.extend_from_slice(bytes);
        Ok(())
    }

    fn begin(&mut self, head: PartHead) -> Result<(), Problem> {
        self.end_part()?;
        if head.name == "file" {
            self.check_token()?;
            if std::mem::replace(&mut self.has_file, true) {
                return Err(Problem::invalid("file", "is given more than once"));
            }
            if let Some(name) = &head.file_name {
                self.target.settings.name_file(name);
            }
        }
        self.part = Some(head);
        Ok(())
    }

    fn end(mut self) -> Result<(), Problem> {
        self.end_part()?;
        self.check_token()?;
        let settings = &self.target.settings;
        match self.has_file || settings.url.is_some() || settings.file_of.is_some() {
            true => Ok(()),
            false => Err(Problem::invalid("file", "is required: the form has no file")),
        }
    }

    /// Takes the value of the part that has ended.
    fn end_part(&mut self) -> Result<(), Problem> {
        let value = std::mem::take(&mut self.value);
        let Some(part) = self.part.take().filter(|part| part.name != "file") else { return Ok(()) };
        let value = String::from_utf8(value)
            .map_err(|_| Problem::invalid(part.name.clone(), "must be UTF-8"))?;
        match self.target.token {
            Some(is_valid) if part.name == "token" && is_valid(value.trim()) => {
                self.target.token = None;
                Ok(())
            }
            Some(_) => Err(no_token()),
            None => self.target.settings.set(&part.name, value.trim()),
        }
    }

    /// Checks that the token, if one is needed, has come.
    fn check_token(&self) -> Result<(), Problem> {
        if self.target.token.is_some() { Err(no_token()) } else { Ok(()) }
    }
}

/// 403 for a form that no page of the session has made.
pub(crate) fn no_token() -> Problem {
    let detail = "the form is of another session: load its page again";
    Problem::new(StatusCode::FORBIDDEN, "FORM_TOKEN_INVALID", detail)
}

/// A file may be compressed; the request must not be, or its size would not be known.
pub(super) fn check_coding(headers: &HeaderMap) -> Result<(), Problem> {
    let coding = headers.get(header::CONTENT_ENCODING).map(HeaderValue::as_bytes);
    match coding {
        None | Some(b"identity" | b"") => Ok(()),
        Some(_) => {
            let detail = "send the file as it is, without content-encoding: a file that is itself gzip or zip is unpacked";
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            Err(Problem::new(status, "CONTENT_ENCODING_UNSUPPORTED", detail))
        }
    }
}

fn check_length(headers: &HeaderMap, max_bytes: u64) -> Result<(), Problem> {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let length: Option<u64> = length.and_then(|length| length.parse().ok());
    match length.is_some_and(|length| length > max_bytes.saturating_add(FORM_BYTES)) {
        true => Err(too_large(max_bytes)),
        false => Ok(()),
    }
}

pub(super) fn too_large(max_bytes: u64) -> Problem {
    let detail = format!(
        "the file is larger than {max_bytes} bytes; compress it (gzip, zip), split it, or let the operator raise \
         --max-import-bytes"
    );
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "IMPORT_TOO_LARGE", detail)
}

/// Whether a body that has sent so many bytes in a time is below the least rate.
pub(super) fn is_too_slow(received: u64, elapsed: Duration) -> bool {
    elapsed > GRACE && (received as f64) < elapsed.as_secs_f64() * MIN_RATE
}

/// The pieces of a body, which has to keep a pace.
pub(super) struct Pieces {
    body: axum::body::BodyDataStream,
    began: Instant,
    received: u64,
    max_bytes: u64,
}

impl Pieces {
    /// The chunks of a body that has at most `max_bytes`, with what a form has besides its file.
    pub(super) fn new(body: Body, max_bytes: u64) -> Self {
        Self { body: body.into_data_stream(), began: Instant::now(), received: 0, max_bytes }
    }

    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        let timed_out = |reason, detail| Problem::new(StatusCode::REQUEST_TIMEOUT, reason, detail);
        let Ok(piece) = timeout(IDLE, self.body.next()).await else {
            return Err(timed_out("BODY_TIMEOUT", "the file has stopped arriving; send it again"));
        };
        let Some(piece) = piece else { return Ok(None) };
        let piece = piece.map_err(|_| {
            Problem::new(StatusCode::BAD_REQUEST, "BODY_INCOMPLETE", "the body was cut off")
        })?;
        self.received += piece.len() as u64;
        if self.received > self.max_bytes {
            return Err(too_large(self.max_bytes.saturating_sub(FORM_BYTES)));
        }
        let elapsed = self.began.elapsed();
        if elapsed > TOTAL || is_too_slow(self.received, elapsed) {
            return Err(timed_out("BODY_TOO_SLOW", "the file arrives too slowly; compress it"));
        }
        Ok(Some(piece))
    }
}

/// The file that is received.
pub(super) struct Sink {
    file: File,
    written: u64,
    max_bytes: u64,
}

impl Sink {
    pub(super) async fn create(file: &SpoolFile, max_bytes: u64) -> Result<Self, Problem> {
        let file = file.create().await.map_err(failed)?;
        Ok(Self { file, written: 0, max_bytes })
    }

    pub(super) async fn write(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        self.written += bytes.len() as u64;
        if self.written > self.max_bytes {
            return Err(too_large(self.max_bytes));
        }
        self.file.write_all(bytes).await.map_err(failed)
    }

    pub(super) async fn finish(mut self) -> Result<u64, Problem> {
        self.file.flush().await.map_err(failed)?;
        Ok(self.written)
    }
}

/// 507 if the disk is full, 500 for another failure.
pub(super) fn failed(error: std::io::Error) -> Problem {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Problem::new(
            StatusCode::INSUFFICIENT_STORAGE,
            "IMPORT_DISK_FULL",
            "the disk for imports is full; try again later, or tell the operator",
        ),
        _ => Problem::internal(format!("writing a file to import failed: {error}")),
    }
}
