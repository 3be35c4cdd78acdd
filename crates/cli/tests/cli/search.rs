//! Commands for the settings, index and statistics of search.

use super::{
    commands::{error, out},
    fake::{Server, Store},
    json, run, text,
};

#[test]
fn search_is_tuned_from_the_command_line() {
    let store = Store::default();
    let server = Server::start(store.clone());
    let listed = out(&server, &["synonyms"]);
    assert!(listed.contains("notebook -> laptop") && listed.contains("tv = telly"), "{listed}");
    assert_eq!(
        out(&server, &["synonyms", "set", "nb", "--input", "notebook", "laptop", "net book"]),
        "nb: notebook -> laptop, net book\n"
    );
    assert_eq!(
        error(&server, &["synonyms", "delete", "x"]),
        "catctl: there is no synonym \"x\" (NOT_FOUND, SYNONYM_NOT_FOUND)\n"
    );
    assert_eq!(out(&server, &["stop-words"]), "the, a\n");
    assert_eq!(out(&server, &["stop-words", "of", "for"]), "of, for\n");
    assert_eq!(out(&server, &["stop-words", "--none"]), "none\n");
    assert_eq!(out(&server, &["ranking", "in_stock", "price desc"]), "in_stock, price desc\n");

    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), r#"{"id": "spring", "pins": ["mug"]}"#).unwrap();
    let path = file.path().to_str().unwrap();
    assert_eq!(out(&server, &["controls", "set", path]), "set spring\n");
    let (request, _) = store.requests.lock().unwrap().pop().unwrap();
    assert!(request.contains("pins: [\"mug\"]"), "{request}");
    std::fs::write(file.path(), r#"{"id": "spring", "pin": ["mug"]}"#).unwrap();
    let wrong = error(&server, &["controls", "set", path]);
    assert!(wrong.contains("is not a control") && wrong.contains("`pin`"), "{wrong}");
}

#[test]
fn the_index_and_the_queries_are_shown() {
    let server = Server::start(Store::default());
    assert_eq!(out(&server, &["index"]), "19,406 products, up to date, 12 MB, schema version 3\n");
    assert_eq!(json(&run(&server, &["index", "--json"]))["productCount"], "19406");
    assert!(out(&server, &["index", "rebuild"]).starts_with("rebuilding"));
    assert!(out(&server, &["index", "rebuild", "--wait"]).contains("up to date"));
    let queries = out(&server, &["queries", "--without-results"]);
    assert!(queries.contains("unicorn  7      0        1970-01-01 00:00:00"), "{queries}");
    assert!(text(&run(&server, &["queries", "--json"]).stdout).contains("\"count\":\"7\""));
}
