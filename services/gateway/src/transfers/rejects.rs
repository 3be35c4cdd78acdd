//! `GET /v1/imports/{id}/rejects`: the rejected rows of an import, in the form of its file.

use axum::{
    body::Body,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use futures::{StreamExt as _, stream};
use http::{HeaderValue, StatusCode, header};
use prost::Message as _;
use proto::catalogue::v1::{Import, import::State as ImportState};
use tokio::{fs::File, io::AsyncReadExt as _};
use tokio_util::io::ReaderStream;

use super::GET;
use crate::{
    contract, encoded,
    imports::{Imports, check_owner, no_file},
    problem::Problem,
    state::AppState,
    upstreams::Upstreams,
};

/// Bytes that are read at once.
const CHUNK: usize = 64 << 10;

pub(super) async fn rejects(
    State(state): State<AppState>,
    Path(id): Path<String>,
    upstreams: Upstreams,
) -> Result<Response, Problem> {
    rejected_rows(&state.imports, &id, &upstreams).await
}

/// The rejected rows of an import.
///
/// # Errors
/// There are none here, or the caller may not read them.
pub(crate) async fn rejected_rows(
    imports: &Imports,
    id: &str,
    upstreams: &Upstreams,
) -> Result<Response, Problem> {
    // Also the check of the id, which names a file.
    let method = contract::method(GET).expect("the contract has it");
    let import = upstreams.unary(method, encoded::string_field(1, id), false).await?;
    let import = Import::decode(&import[..])
        .map_err(|error| Problem::internal(format!("an import cannot be decoded: {error}")))?;
    check_owner(upstreams, &import)?;
    let report = import.report.as_ref();
    let path = imports.rejects(&import.id)?;
    let Ok(mut file) = File::open(&path).await else { return Err(none(imports, &import)) };
    let mut first = vec![0; CHUNK];
    let length = file.read(&mut first).await.map_err(failed)?;
    first.truncate(length);
    let is_json = first.starts_with(b"{\"line\":");
    let (kind, extension) = match is_json {
        true => ("application/x-ndjson", "jsonl"),
        false => ("text/csv", "csv"),
    };
    let name = report.map_or("", |report| report.file_name.as_str());
    let rest = ReaderStream::with_capacity(file, CHUNK);
    let body = Body::from_stream(stream::iter([Ok(Bytes::from(first))]).chain(rest));
    let mut response = ([(header::CONTENT_TYPE, kind)], body).into_response();
    if let Ok(disposition) = HeaderValue::from_str(&disposition(name, extension)) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}

/// The name of the download, after that of the file.
fn disposition(name: &str, extension: &str) -> String {
    let plain = |letter: char| match letter.is_ascii_alphanumeric() || "._-".contains(letter) {
        true => letter,
        false => '_',
    };
    let name: String = name.chars().map(plain).collect();
    let name = if name.is_empty() { "import".to_owned() } else { name };
    format!("attachment; filename=\"{name}.rejects.{extension}\"")
}

/// Why there are no rejected rows here.
fn none(imports: &Imports, import: &Import) -> Problem {
    if import.report.as_ref().is_some_and(|report| report.rejected > 0) {
        return no_file(imports, import, "the file of rejected rows");
    }
    let detail = match import.state() {
        ImportState::Queued | ImportState::Running => "no row was rejected so far",
        ImportState::Unspecified => {
            "the import did not come by POST /v1/imports: its client has the rejected rows"
        }
        _ => "no row was rejected",
    };
    Problem::new(StatusCode::NOT_FOUND, "IMPORT_REJECTS_NONE", detail)
}

fn failed(error: std::io::Error) -> Problem {
    Problem::internal(format!("reading rejected rows failed: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_download_is_harmless() {
        assert_eq!(
            disposition("a\"; filename=b\r\n.csv", "csv"),
            "attachment; filename=\"a___filename_b__.csv.rejects.csv\""
        );
        assert!(disposition("", "jsonl").contains("import.rejects.jsonl"));
    }
}
