//! Begins an upload, appends to it, says how far it is, and cancels it.

use std::{sync::Arc, time::SystemTime};

use axum::body::Body;
use http::{HeaderMap, HeaderValue, header};
use proto::catalogue::v1::Import;
use uuid::Uuid;

use super::{
    super::{
        Imports,
        files::unusable,
        multipart,
        receive::{Pieces, check_coding, too_large},
        stopping,
        submit::{Announced, Submission, announce, authorize, check_source, queue_full},
    },
    PIECE_TYPE, UPLOAD_LIMIT, expire,
    fields::UploadFields,
    partial_file::{Broken, PartialFile},
    problems,
    upload::{Open, ResumableUpload, State, Turn},
};
use crate::{problem::Problem, upstreams::Upstreams};

/// How far an upload is.
pub(crate) struct Progress {
    pub(crate) id: Uuid,
    /// Number of bytes that are here.
    pub(crate) offset: u64,
    /// Size of the file, in bytes, if it is known.
    pub(crate) length: Option<u64>,
    /// The import of the whole file.
    pub(crate) import_id: Option<String>,
    /// The value of `Upload-Limit`.
    pub(crate) limit: String,
}

/// The outcome of a piece.
pub(crate) enum Appended {
    /// The file is not whole yet.
    Piece(Progress),
    /// The file is whole: its import, and whether it is a new one.
    Import(Box<Import>, bool),
}

/// Begins an upload with its first piece, which may be empty, or the whole file.
///
/// # Errors
/// The caller may not import, has as many uploads as it may, the request is malformed, or its body was not taken: then
/// there is no upload.
pub(crate) async fn begin_upload(
    imports: &Imports,
    upstreams: Upstreams,
    submission: Submission<'_>,
) -> Result<Appended, Problem> {
    authorize(&upstreams)?;
    imports.check_open()?;
    let Submission { head, body, settings, id, .. } = submission;
    let fields = UploadFields::parse(&head)?;
    check_coding(&head)?;
    // The file is the body. One byte stands for it: an empty first piece is one.
    check_source(&settings, 1)?;
    if multipart::boundary(&head)?.is_some() {
        let rule = "must be that of the file: give the fields of a form as parameters";
        return Err(Problem::invalid("Content-Type", rule));
    }
    let owner = upstreams.client();
    imports.uploads().make_room(&owner, id.as_deref())?;
    let place = imports.take_place().ok_or_else(queue_full)?;
    imports.spool().prune(imports.max_bytes());
    let file = imports.spool().file().map_err(|error| unusable(&error))?;
    let file = PartialFile::create(file, imports.max_bytes()).await?;
    let open = Open { file, settings, begun: SystemTime::now(), place };
    let upload = Arc::new(ResumableUpload::new(owner, id, open));
    imports.uploads().add(&upload)?;
    drop(imports.spawn(expire(imports.clone(), Arc::downgrade(&upload))));
    let mut unanswered = Unanswered { imports, id: Some(upload.id) };
    let turn = upload.take_turn().await?;
    let appended = append(imports, upstreams, &upload, turn, fields, body).await;
    if let Ok(Appended::Piece(_)) = appended {
        unanswered.id = None;
    }
    appended.map_err(|problem| with_limit(imports, problem))
}

/// Removes an upload whose client does not get to know its address: the connection broke off, or the body was refused.
struct Unanswered<'a> {
    imports: &'a Imports,
    id: Option<Uuid>,
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            self.imports.uploads().remove(id);
        }
    }
}

/// Appends a piece to an upload.
///
/// # Errors
/// There is no such upload of this caller, or the piece was not taken.
pub(crate) async fn append_to_upload(
    imports: &Imports,
    upstreams: Upstreams,
    id: &str,
    head: &HeaderMap,
    body: Body,
) -> Result<Appended, Problem> {
    let upload = find(imports, &upstreams, id)?;
    let fields = UploadFields::parse(head)?;
    let kind = head.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    if kind.is_none_or(|kind| !kind.eq_ignore_ascii_case(PIECE_TYPE.as_bytes())) {
        return Err(problems::wrong_type());
    }
    check_coding(head)?;
    let required = |name| Problem::invalid(name, "is required");
    let offset = fields.offset.ok_or_else(|| required("Upload-Offset"))?;
    fields.complete.ok_or_else(|| required("Upload-Complete"))?;
    let turn = upload.take_turn().await?;
    match &*turn.state {
        State::Closed => return Err(problems::not_found()),
        State::Complete { import_id, .. } => return Err(problems::complete(import_id)),
        State::Open(open) if open.file.offset() != offset => {
            return Err(problems::wrong_offset(open.file.offset(), offset));
        }
        State::Open(_) => {}
    }
    let appended = append(imports, upstreams, &upload, turn, fields, body).await;
    appended.map_err(|problem| with_limit(imports, problem))
}

/// Says how far an upload is. A request that writes ends, so that its client can go on from there.
///
/// # Errors
/// There is no such upload of this caller.
pub(crate) async fn upload_progress(
    imports: &Imports,
    upstreams: &Upstreams,
    id: &str,
) -> Result<Progress, Problem> {
    let upload = find(imports, upstreams, id)?;
    let turn = upload.take_turn().await?;
    progress(imports, &upload, &turn)
}

/// Ends an upload, and removes its bytes.
///
/// # Errors
/// There is no such upload of this caller.
pub(crate) async fn cancel_upload(
    imports: &Imports,
    upstreams: &Upstreams,
    id: &str,
) -> Result<(), Problem> {
    let upload = find(imports, upstreams, id)?;
    close(imports, &upload, &mut upload.take_turn().await?);
    Ok(())
}

fn find(
    imports: &Imports,
    upstreams: &Upstreams,
    id: &str,
) -> Result<Arc<ResumableUpload>, Problem> {
    authorize(upstreams)?;
    imports.check_open()?;
    imports.uploads().find(id, &upstreams.client())
}

fn progress(imports: &Imports, upload: &ResumableUpload, turn: &Turn) -> Result<Progress, Problem> {
    let (offset, length, import_id) = match &*turn.state {
        State::Open(open) => (open.file.offset(), open.file.length(), None),
        State::Complete { import_id, length } => (*length, Some(*length), Some(import_id.clone())),
        State::Closed => return Err(problems::not_found()),
    };
    Ok(Progress { id: upload.id, offset, length, import_id, limit: limit(imports) })
}

/// The value of `Upload-Limit`.
fn limit(imports: &Imports) -> String {
    let age = imports.uploads().keep.as_secs();
    format!("max-size={}, max-age={age}", imports.max_bytes())
}

fn with_limit(imports: &Imports, problem: Problem) -> Problem {
    match HeaderValue::from_str(&limit(imports)) {
        Ok(limit) if problem.reason == too_large(0).reason => {
            problem.with_header(UPLOAD_LIMIT, limit)
        }
        _ => problem,
    }
}

/// Receives a piece in the turn of its request and, if it is the last one, begins the import.
async fn append(
    imports: &Imports,
    upstreams: Upstreams,
    upload: &Arc<ResumableUpload>,
    mut turn: Turn,
    fields: UploadFields,
    body: Body,
) -> Result<Appended, Problem> {
    let State::Open(open) = &mut *turn.state else { return Err(problems::not_found()) };
    open.file.learn(&fields)?;
    let stop = imports.shutdown();
    let received = tokio::select! {
        biased;
        () = stop.cancelled() => Err(Broken::Interrupted(stopping())),
        () = turn.ended.cancelled() => Err(Broken::Interrupted(problems::taken_over())),
        received = open.file.append(&fields, Pieces::new(body, u64::MAX), || upload.touch()) => received,
    };
    let is_end = fields.complete == Some(true);
    let checked = match received {
        Ok(()) if is_end => open.file.check_whole().await,
        received => received,
    };
    match checked {
        Ok(()) if is_end => complete(imports, upstreams, Arc::clone(upload), turn).await,
        Ok(()) => progress(imports, upload, &turn).map(Appended::Piece),
        Err(Broken::Interrupted(problem)) => Err(problem),
        Err(Broken::Spoilt(problem)) => {
            close(imports, upload, &mut turn);
            Err(problem)
        }
    }
}

/// Removes an upload, with its file.
fn close(imports: &Imports, upload: &ResumableUpload, turn: &mut Turn) {
    drop(upload.end(turn, State::Closed));
    imports.uploads().remove(upload.id);
}

/// Begins the import of a whole file; in the background, for its client may go without having seen the response.
async fn complete(
    imports: &Imports,
    upstreams: Upstreams,
    upload: Arc<ResumableUpload>,
    turn: Turn,
) -> Result<Appended, Problem> {
    let task = imports.spawn(begin_import(imports.clone(), upstreams, upload, turn));
    task.await.unwrap_or_else(|error| Err(Problem::internal(format!("an upload failed: {error}"))))
}

async fn begin_import(
    imports: Imports,
    upstreams: Upstreams,
    upload: Arc<ResumableUpload>,
    mut turn: Turn,
) -> Result<Appended, Problem> {
    let State::Open(open) = &*turn.state else { return Err(problems::not_found()) };
    let (id, length) = (upload.import_id.clone(), open.file.offset());
    check_source(&open.settings, length)?;
    let announced = announce(&imports, &upstreams, &open.settings, id, length).await?;
    let (import, reporter) = match announced {
        Announced::New(import, reporter) => (import, Some(reporter)),
        Announced::Known(import) => (import, None),
    };
    let end = State::Complete { import_id: import.id.clone(), length };
    let accepted = upload.end(&mut turn, end);
    imports.uploads().forget_complete();
    let is_new = reporter.is_some();
    if let (Some((accepted, _)), Some(reporter)) = (accepted, reporter) {
        accepted.start(&imports, upstreams, *reporter);
    }
    Ok(Appended::Import(Box::new(import), is_new))
}
