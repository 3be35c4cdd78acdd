//! Pieces that do not fit.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{FIRST, LAST, PIECE, Uploader, list};

/// The SHA-256 of a text, as a header has it.
fn digest(text: &str) -> String {
    let digest = access::Digest::of(text);
    format!("sha-256=:{}:", STANDARD.encode(digest.bytes()))
}

#[tokio::test]
async fn a_piece_without_its_place_is_refused() {
    let uploader = Uploader::start().await;
    let upload = uploader.begin("one").await;
    let offset = ("upload-offset", "0");
    for headers in
        [&[PIECE, FIRST][..], &[PIECE, offset], &[PIECE, offset, ("upload-complete", "1")]]
    {
        let refused = uploader.send("PATCH", &upload, headers, "id").await;
        refused.problem(400, "INVALID_ARGUMENT");
    }
    let csv = ("content-type", "text/csv");
    let refused = uploader.send("PATCH", &upload, &[csv, FIRST, offset], "id").await;
    refused.problem(415, "CONTENT_TYPE_UNSUPPORTED");
    assert_eq!(refused.header("accept-patch"), "application/partial-upload");
    let ahead = uploader.append(&upload, 5, &[FIRST], "id").await;
    ahead.problem(409, "IMPORT_UPLOAD_OFFSET_MISMATCH");
    assert_eq!(ahead.header("upload-offset"), "0");
    assert_eq!(uploader.complete(&upload, 0).await, "one", "nothing was taken");
    let empty = uploader.begin("empty").await;
    uploader.append(&empty, 0, &[LAST], "").await.problem(400, "INVALID_ARGUMENT");
}

#[tokio::test]
async fn a_file_that_is_not_the_body_is_no_upload() {
    let uploader = Uploader::start().await;
    let form = ("content-type", "multipart/form-data; boundary=xYz");
    for (path, headers) in [
        ("/v1/imports", &[FIRST, form][..]),
        ("/v1/imports?url=http://shop.example/list.csv", &[FIRST]),
        ("/v1/imports?fileOf=one", &[FIRST]),
        ("/v1/imports", &[("upload-complete", "yes")]),
    ] {
        let refused = uploader.send("POST", path, headers, "").await;
        refused.problem(400, "INVALID_ARGUMENT");
    }
    let gzip = [FIRST, ("content-encoding", "gzip")];
    let refused = uploader.send("POST", "/v1/imports", &gzip, "").await;
    refused.problem(415, "CONTENT_ENCODING_UNSUPPORTED");
    assert!(uploader.spooled().is_empty());
}

#[tokio::test]
async fn another_length_than_was_said_is_refused() {
    let uploader = Uploader::start().await;
    let (list, length) = (list(), list().len().to_string());
    let upload = uploader.begin_with(&[FIRST, ("upload-length", &length)]).await;
    for (length, piece) in [("7", "id"), ("100000", "id")] {
        let more = [FIRST, ("upload-length", length)];
        let refused = uploader.append(&upload, 0, &more, piece).await;
        refused.problem(400, "IMPORT_UPLOAD_LENGTH_MISMATCH");
    }
    // Too short as an end, too long as a piece.
    let short = uploader.append(&upload, 0, &[LAST], &list[..90]).await;
    short.problem(400, "IMPORT_UPLOAD_LENGTH_MISMATCH");
    let long = uploader.append(&upload, 0, &[FIRST], &format!("{list}x")).await;
    long.problem(400, "IMPORT_UPLOAD_LENGTH_MISMATCH");
    assert_eq!(uploader.offset(&upload).await, 0);
    // Without a length of the body, its end shows it.
    let chunked = [PIECE, FIRST, ("upload-offset", "0"), ("transfer-encoding", "chunked")];
    let chunk = format!("2000\r\n{}\r\n", "x".repeat(0x2000));
    let request = uploader.open(&format!("PATCH {upload}"), &chunked, &chunk).await;
    let response = request.response().await;
    assert!(response.contains("IMPORT_UPLOAD_LENGTH_MISMATCH"), "{response}");
    let gone = uploader.append(&upload, 0, &[LAST], &list).await;
    gone.problem(404, "IMPORT_UPLOAD_NOT_FOUND");
}

#[tokio::test]
async fn a_file_that_is_too_large_is_refused_as_soon_as_it_shows() {
    let uploader = Uploader::start_with(&["--max-import-bytes=2000"]).await;
    let path = "/v1/imports?fileName=list.csv";
    let refused = uploader.send("POST", path, &[FIRST, ("upload-length", "2001")], "").await;
    refused.problem(413, "IMPORT_TOO_LARGE");
    assert!(refused.header("upload-limit").starts_with("max-size=2000"), "{refused:?}");
    assert!(uploader.spooled().is_empty());
    let upload = uploader.begin_with(&[FIRST]).await;
    let refused = uploader.append(&upload, 0, &[FIRST], &"x".repeat(2_001)).await;
    refused.problem(413, "IMPORT_TOO_LARGE");
    let most = uploader.append(&upload, 0, &[FIRST], &"x".repeat(2_000)).await;
    assert_eq!(most.status, 204, "{}", most.text());
    uploader.append(&upload, 2_000, &[FIRST], "x").await.problem(413, "IMPORT_TOO_LARGE");
}

#[tokio::test]
async fn other_bytes_than_their_digest_are_refused() {
    let uploader = Uploader::start().await;
    let (list, right) = (list(), digest(&list()));
    let (first, wrong) = (digest(&list[..100]), digest("other"));
    let upload = uploader.begin_with(&[FIRST, ("repr-digest", &right)]).await;
    let piece = |digest: &str| {
        let digest = digest.to_owned();
        let (uploader, upload, list) = (&uploader, &upload, &list);
        async move {
            let more = [FIRST, ("content-digest", digest.as_str())];
            uploader.append(upload, 0, &more, &list[..100]).await
        }
    };
    piece(&wrong).await.problem(400, "IMPORT_UPLOAD_DIGEST_MISMATCH");
    piece("sha-512=:AA==:").await.problem(400, "INVALID_ARGUMENT");
    assert_eq!(piece(&first).await.status, 204);
    let id = uploader.complete(&upload, 100).await;
    assert_eq!(uploader.file_of(&id).await, list);

    // A file that is wrong as a whole cannot be mended.
    let upload = uploader.begin_with(&[FIRST, ("repr-digest", &wrong)]).await;
    let refused = uploader.append(&upload, 0, &[LAST], &list).await;
    refused.problem(400, "IMPORT_UPLOAD_DIGEST_MISMATCH");
    uploader.append(&upload, 0, &[LAST], &list).await.problem(404, "IMPORT_UPLOAD_NOT_FOUND");
    let headers = [LAST, ("repr-digest", wrong.as_str())];
    let refused = uploader.send("POST", "/v1/imports", &headers, &list).await;
    refused.problem(400, "IMPORT_UPLOAD_DIGEST_MISMATCH");
}
