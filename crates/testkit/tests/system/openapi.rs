//! The gateway keeps to its OpenAPI document: no 5xx, no status, content type, header or body that is not in it, and no
//! request refused for its form that is valid by it. `cargo xtask chaos edge --only schemathesis` asks for ten minutes.

use testkit::{Fleet, Schemathesis};

use crate::data::with_demo;

const SEED: u64 = 1;

#[tokio::test(flavor = "multi_thread")]
async fn gateway_keeps_to_its_document() {
    // No key that it makes or revokes locks it out.
    let fleet = Fleet::start_with(&["--access=open"]).await;
    with_demo(&fleet).await;
    let Some(run) = Schemathesis::run(&fleet.url(""), None, SEED).await.unwrap() else { return };
    assert_eq!(run.findings, 0, "{}", run.report);
    assert!(run.operations >= 60 && run.cases >= 10 * run.operations, "{}", run.report);
}
