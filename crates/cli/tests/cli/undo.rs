//! Undoing imports.

use std::fs;

use super::{
    fake::{Server, Store},
    json, path, run, text,
};

#[test]
fn an_import_says_how_it_is_undone_and_keeps_its_name() {
    let server = Server::start(Store::default());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rows.jsonl");
    fs::write(&file, "{\"id\":\"mug\",\"name\":\"Mug\"}\n").unwrap();
    let output = run(&server, &["import", path(&file), "--import-id", "spring-2026", "--json"]);
    assert_eq!(json(&output)["importId"], "spring-2026");
    let said = text(&output.stderr);
    assert!(said.contains("`catctl import undo spring-2026` undoes the import"), "{said}");
    let output = run(&server, &["import", path(&file), "--dry-run", "--json"]);
    assert_eq!(json(&output)["importId"], "");
    let output = run(&server, &["import", path(&file), "--json"]);
    assert_eq!(json(&output)["importId"].as_str().unwrap().len(), 36);
    assert!(!text(&output.stderr).contains("undoes"), "nothing was changed");
}

#[test]
fn an_undo_shows_conflicts_and_counts() {
    let store = Store::default();
    let server = Server::start(store.clone());
    let output = run(&server, &["import", "undo", "spring-2026"]);
    assert_eq!(output.status.code(), Some(4), "there is a conflict");
    let shown = text(&output.stdout);
    assert_eq!(
        shown,
        "conflict  mug  PRODUCT_CHANGED: edited since\n\
         3 deleted, 1,200 restored, 0 unchanged, 1 conflicts\n"
    );
    assert!(text(&output.stderr).contains("2 products have the stock"));
    let output = run(&server, &["import", "undo", "spring-2026", "--dry-run"]);
    assert!(text(&output.stdout).contains("dry run, nothing was changed: 0 deleted"));
    let requests = store.requests.lock().unwrap();
    assert!(requests.last().unwrap().0.contains("validate_only: true"), "{requests:?}");
    drop(requests);

    let output = run(&server, &["import", "undo", "unknown"]);
    assert_eq!(output.status.code(), Some(3));
    let output = run(&server, &["import", "undo", "a b"]);
    assert_eq!(output.status.code(), Some(2));
}
