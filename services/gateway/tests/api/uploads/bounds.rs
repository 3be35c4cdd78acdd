//! The owners of uploads, how many there may be, and their end.

use proto::catalogue::v1::import::State;

use super::{FIRST, LAST, PIECE, Uploader, list};
use crate::harness::eventually;

#[tokio::test]
async fn an_upload_is_for_the_key_that_began_it() {
    let uploader = Uploader::start_with(&["--access", "keys"]).await;
    let fake = &uploader.env.fake;
    let scopes = ["read", "write:products"];
    // A name is no identity.
    let keys = ["anna", "anna", "ben"].map(|name| fake.put_key(name, &scopes));
    let reader = fake.put_key("reader", &["read"]);
    let bearers = keys.each_ref().map(|key| format!("Bearer {key}"));
    let send = async |method: &str, path: &str, bearer: &str, body: &str| {
        let of_piece = [PIECE, FIRST, ("upload-offset", "0"), ("authorization", bearer)];
        let headers = if method == "PATCH" { &of_piece[..] } else { &of_piece[3..] };
        uploader.send(method, path, headers, body).await
    };
    for bearer in &bearers {
        let is_known = async || send("GET", "/v1/imports", bearer, "").await.status == 200;
        eventually("the key is known", is_known).await;
    }
    let upload = uploader.begin_with(&[FIRST, ("authorization", &bearers[0])]).await;
    for other in &bearers[1..] {
        for method in ["PATCH", "DELETE"] {
            let refused = send(method, &upload, other, "id").await;
            refused.problem(404, "IMPORT_UPLOAD_NOT_FOUND");
        }
        assert_eq!(send("HEAD", &upload, other, "").await.status, 404);
    }
    let reader = send("DELETE", &upload, &format!("Bearer {reader}"), "").await;
    reader.problem(403, "SCOPE_MISSING");
    uploader.send("DELETE", &upload, &[], "").await.problem(401, "CREDENTIAL_MISSING");
    assert_eq!(send("PATCH", &upload, &bearers[0], "id").await.status, 204);
    assert_eq!(send("DELETE", &upload, &bearers[0], "").await.status, 204);
    assert_eq!(send("HEAD", &upload, &bearers[0], "").await.status, 404);
    assert!(uploader.spooled().is_empty());
}

#[tokio::test]
async fn uploads_expire_and_leave_their_place() {
    let flags = ["--keep-uploads=1", "--max-imports=1", "--max-queued-imports=0"];
    let uploader = Uploader::start_with(&flags).await;
    let upload = uploader.begin("one").await;
    let full = uploader.send("POST", "/v1/imports", &[], &list()).await;
    full.problem(429, "IMPORT_QUEUE_FULL");
    eventually("the upload expires", async || uploader.spooled().is_empty()).await;
    let gone = uploader.append(&upload, 0, &[LAST], &list()).await;
    gone.problem(404, "IMPORT_UPLOAD_NOT_FOUND");
    let taken = uploader.send("POST", "/v1/imports", &[], &list()).await;
    assert_eq!(taken.status, 202, "{}", taken.text());
}

#[tokio::test]
async fn a_caller_has_its_share_of_uploads() {
    let uploader = Uploader::start_with(&["--max-imports=1", "--max-queued-imports=3"]).await;
    let anna = |id: &'static str| [FIRST, ("idempotency-key", id), ("x-actor", "anna")];
    let upload = uploader.begin_with(&anna("one")).await;
    let refused = uploader.send("POST", "/v1/imports", &anna("two"), "").await;
    refused.problem(429, "IMPORT_UPLOAD_LIMIT");
    assert!(refused.header("retry-after").parse::<u32>().unwrap() > 0);
    // The same import again is the same upload, from its beginning.
    let again = uploader.begin_with(&anna("one")).await;
    assert_ne!(again, upload);
    assert_eq!(uploader.spooled().len(), 1);
    // Others have a share of their own, until all have what they may.
    uploader.begin_with(&[FIRST, ("x-actor", "ben")]).await;
    let full = uploader.send("POST", "/v1/imports", &[FIRST, ("x-actor", "cleo")], "").await;
    full.problem(429, "IMPORT_UPLOAD_LIMIT");
    let taken = uploader.send("POST", "/v1/imports", &[], &list()).await;
    assert_eq!(taken.status, 202, "{}", taken.text());
    let actor = [("x-actor", "anna")];
    assert_eq!(uploader.send("DELETE", &again, &actor, "").await.status, 204);
    uploader.begin_with(&anna("two")).await;
}

#[tokio::test]
async fn a_client_that_does_not_learn_of_its_upload_leaves_nothing() {
    let uploader = Uploader::start_with(&["--max-imports=1", "--max-queued-imports=0"]).await;
    let headers = [FIRST, ("content-length", "5000")];
    let broken = uploader.open("POST /v1/imports", &headers, &list()[..600]).await;
    uploader.spooled_bytes(600).await;
    drop(broken);
    eventually("nothing is left", async || uploader.spooled().is_empty()).await;
    let taken = uploader.send("POST", "/v1/imports", &[], &list()).await;
    assert_eq!(taken.status, 202, "{}", taken.text());
}

#[tokio::test]
async fn a_gateway_that_stops_refuses_pieces() {
    let uploader = Uploader::start().await;
    let upload = uploader.begin("one").await;
    let piece = uploader.open_piece(&upload, "0", &list()[..400]).await;
    uploader.spooled_bytes(400).await;
    uploader.env.gateway.stop();
    let response = piece.response().await;
    assert!(response.starts_with("HTTP/1.1 503"), "{response}");
    assert!(response.contains("SHUTTING_DOWN"), "{response}");
    eventually("the bytes are gone", async || uploader.spooled().is_empty()).await;
}

#[tokio::test]
async fn an_upload_goes_on_when_the_catalogue_is_back() {
    let mut uploader = Uploader::start().await;
    let upload = uploader.begin("one").await;
    assert_eq!(uploader.append(&upload, 0, &[FIRST], &list()).await.status, 204);
    uploader.env.upstream.kill();
    let length = list().len();
    let failed = uploader.append(&upload, length, &[LAST], "").await;
    assert_eq!((failed.status.as_u16(), failed.header("upload-complete")), (503, ""));
    let fake = uploader.env.fake.clone();
    uploader.env.upstream.restart(&fake);
    let completed = async || {
        let response = uploader.append(&upload, length, &[LAST], "").await;
        response.status == 202
    };
    eventually("the import begins", completed).await;
    assert_eq!(uploader.file_of("one").await, list());
    assert_eq!(fake.import("one").unwrap().state(), State::Succeeded);
}
