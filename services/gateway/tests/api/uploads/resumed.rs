//! Uploads that break off go on, and the import is the same.

use futures::future::join_all;

use super::{FIRST, LAST, PIECE, Uploader, list};
use crate::harness::eventually;

#[tokio::test]
async fn an_upload_that_broke_off_is_the_same_as_in_one_go() {
    let uploader = Uploader::start().await;
    let path = "/v1/imports?dryRun=true&fileName=list.csv";
    let whole = uploader.send("POST", path, &[("idempotency-key", "whole")], &list()).await;
    assert_eq!(whole.status, 202, "{}", whole.text());
    assert_eq!(uploader.file_of("whole").await, list());
    eventually("the file of the import is gone", async || uploader.spooled().is_empty()).await;

    let upload = uploader.begin("pieces").await;
    let piece = uploader.append(&upload, 0, &[FIRST], &list()[..500]).await;
    assert_eq!((piece.status.as_u16(), piece.header("upload-offset")), (204, "500"));
    let broken = uploader.open_piece(&upload, "500", &list()[500..1_700]).await;
    uploader.spooled_bytes(1_700).await;
    drop(broken);
    let offset = uploader.offset(&upload).await;
    assert_eq!(offset, 1_700, "all that came is kept");
    assert_eq!(uploader.complete(&upload, offset).await, "pieces");
    assert_eq!(uploader.file_of("pieces").await, list());
    let report = |id| {
        let mut report = uploader.env.fake.import(id).unwrap().report.unwrap();
        (report.end_time, report.file_expire_time) = (None, None);
        report
    };
    assert_eq!(report("pieces"), report("whole"));
}

#[tokio::test]
async fn a_whole_file_may_be_an_upload_and_its_end_is_known_afterwards() {
    let uploader = Uploader::start().await;
    let path = "/v1/imports?fileName=list.csv";
    let headers = [LAST, ("idempotency-key", "one")];
    let whole = uploader.send("POST", path, &headers, &list()).await;
    assert_eq!((whole.status.as_u16(), whole.header("upload-complete")), (202, "?1"));
    assert_eq!(whole.json()["report"]["fileName"], "list.csv");

    let upload = uploader.begin("lost").await;
    assert_eq!(uploader.complete(&upload, 0).await, "lost");
    // The response was lost: the client asks.
    let known = uploader.send("HEAD", &upload, &[], "").await;
    assert_eq!(known.header("upload-complete"), "?1");
    assert_eq!(known.header("location"), "/v1/imports/lost");
    assert_eq!(known.header("upload-length"), list().len().to_string());
    let again = uploader.append(&upload, list().len(), &[LAST], "").await;
    let problem = again.problem(400, "IMPORT_UPLOAD_COMPLETE");
    assert_eq!(problem["metadata"]["importId"], "lost");
    let again = uploader.send("POST", path, &[FIRST, ("idempotency-key", "lost")], "").await;
    assert_eq!((again.status.as_u16(), &again.json()["id"]), (200, &"lost".into()));
}

#[tokio::test]
async fn a_later_request_ends_the_one_that_writes() {
    let uploader = Uploader::start().await;
    let upload = uploader.begin("one").await;
    let stalled = uploader.open_piece(&upload, "0", &list()[..900]).await;
    uploader.spooled_bytes(900).await;
    let second = uploader.append(&upload, 0, &[FIRST], &list()[..900]).await;
    let problem = second.problem(409, "IMPORT_UPLOAD_OFFSET_MISMATCH");
    assert_eq!(second.header("upload-offset"), "900");
    assert_eq!(problem["metadata"]["expectedOffset"], "900");
    assert_eq!(problem["metadata"]["providedOffset"], "0");
    let response = stalled.response().await;
    assert!(response.contains("IMPORT_UPLOAD_TAKEN_OVER"), "{response}");
    uploader.complete(&upload, 900).await;
    assert_eq!(uploader.file_of("one").await, list());
}

#[tokio::test]
async fn writers_at_the_same_offset_do_not_mix() {
    let uploader = Uploader::start().await;
    let upload = uploader.begin("race").await;
    let list = list();
    let writers = (0..8).map(|_| uploader.append(&upload, 0, &[FIRST], &list[..3_000]));
    let taken = join_all(writers).await;
    let taken = taken.iter().filter(|response| response.status == 204).count();
    assert!(taken <= 1, "{taken}");
    let offset = uploader.offset(&upload).await;
    assert!(offset <= 3_000 && (taken == 0 || offset == 3_000), "{offset}");
    uploader.complete(&upload, offset).await;
    assert_eq!(uploader.file_of("race").await, list);
}

#[tokio::test]
async fn a_piece_with_a_digest_is_taken_whole_or_not() {
    let uploader = Uploader::start().await;
    let upload = uploader.begin("digest").await;
    let headers = [
        PIECE,
        FIRST,
        ("upload-offset", "0"),
        ("content-length", "5000"),
        ("content-digest", "sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:"),
    ];
    let broken = uploader.open(&format!("PATCH {upload}"), &headers, &list()[..700]).await;
    uploader.spooled_bytes(700).await;
    drop(broken);
    assert_eq!(uploader.offset(&upload).await, 0);
    uploader.complete(&upload, 0).await;
    assert_eq!(uploader.file_of("digest").await, list());
}
