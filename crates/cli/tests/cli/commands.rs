//! Output of every command, as text and as JSON, and its errors.

use std::sync::atomic::Ordering;

use proto::catalogue::v1::{OptionValue, Product, Variant, product::Status};

use super::{
    catctl,
    fake::{Server, Store},
    json, product, run, text,
};

/// The standard output of a command that must succeed.
pub(super) fn out(server: &Server, words: &[&str]) -> String {
    let output = run(server, words);
    assert!(output.status.success(), "{words:?}: {output:?}");
    text(&output.stdout)
}

/// The standard error of a command that must fail. Which code it ends with is tested in the complete system.
pub(super) fn error(server: &Server, words: &[&str]) -> String {
    let output = run(server, words);
    assert!(matches!(output.status.code(), Some(1..=6)), "{words:?}: {output:?}");
    assert!(output.stdout.is_empty(), "{words:?}: {output:?}");
    text(&output.stderr)
}

#[test]
fn stock_is_shown_changed_and_set() {
    let server =
        Server::start(Store::with_products([product("7", "Mug"), product("of-the-sku", "Cup")]));
    assert_eq!(out(&server, &["stock", "7", "+5"]), "7: 5 in stock\n");
    assert_eq!(out(&server, &["stock", "7", "-2"]), "7: 3 in stock\n");
    assert_eq!(out(&server, &["stock", "7", "--delta", "1"]), "7: 4 in stock\n");
    assert_eq!(out(&server, &["stock", "7"]), "7: 4 in stock\n");
    assert_eq!(out(&server, &["stock", "7", "--set", "9", "--expected", "4"]), "7: 9 in stock\n");
    assert_eq!(
        out(&server, &["stock", "--sku", "cup-red", "--delta", "+2"]),
        "of-the-sku cup-red: 2 in stock\n"
    );
    assert_eq!(
        out(&server, &["stock", "--sku", "cup-red"]),
        "of-the-sku: 2 in stock\nof-the-sku cup-red: 2 in stock, 2 more reserved: 4 on hand\n"
    );
    assert_eq!(json(&run(&server, &["stock", "7", "--json"]))["total"]["stockQty"], 9);
    assert_eq!(json(&run(&server, &["stock", "7", "+1", "-o", "json"]))["stockQty"], 10);
    assert_eq!(
        error(&server, &["stock", "7", "-99"]),
        "catctl: only 10 in stock (FAILED_PRECONDITION, INSUFFICIENT_STOCK)\n"
    );
    // A conflict with another write is not retried.
    assert_eq!(
        error(&server, &["stock", "7", "--set", "1", "--expected", "2"]),
        "catctl: there are 10, and not 2 (ABORTED, STOCK_CHANGED)\n"
    );
    assert!(error(&server, &["stock", "7", "--validate-only"]).contains("--set or --delta"));
    assert_eq!(run(&server, &["stock"]).status.code(), Some(2));
}

#[test]
fn a_write_whose_response_is_lost_is_applied_once() {
    let store = Store::with_products([product("7", "Mug")]).lose_responses(2);
    let server = Server::start(store.clone());
    let output = run(&server, &["stock", "7", "+5"]);
    assert_eq!(text(&output.stdout), "7: 5 in stock\n", "{output:?}");
    assert!(text(&output.stderr).contains("retrying"), "{output:?}");
    assert_eq!(store.writes.load(Ordering::SeqCst), 1);
    {
        let requests = store.requests.lock().unwrap();
        assert_eq!(requests.len(), 3);
        assert!(requests.windows(2).all(|pair| pair[0] == pair[1]), "identical: {requests:?}");
        assert_eq!(requests[0].1, "test@here");
    }

    // The error names the request id for repeating the command.
    let store = store.lose_responses(1_000_000);
    let output = run(&server, &["--timeout", "400ms", "stock", "7", "+5"]);
    assert_eq!(output.status.code(), Some(6));
    let errors = text(&output.stderr);
    let last = errors.lines().last().unwrap();
    assert!(last.contains("may have been applied"), "{errors}");
    let id = last.split("--request-id ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    store.clone().lose_responses(0);
    assert_eq!(out(&server, &["stock", "7", "+5", "--request-id", &id]), "7: 10 in stock\n");
    assert_eq!(store.writes.load(Ordering::SeqCst), 2);
}

#[test]
fn requests_carry_the_actor() {
    let store = Store::with_products([product("7", "Mug")]);
    let server = Server::start(store.clone());
    out(&server, &["--actor", "jo@shop", "stock", "7", "+1"]);
    assert_eq!(store.requests.lock().unwrap().pop().unwrap().1, "jo@shop");
    let mut command = catctl(&server, &["stock", "7", "+1"]);
    assert!(command.env_remove("CATCTL_ACTOR").env("USER", "kim").status().unwrap().success());
    let (_, actor) = store.requests.lock().unwrap().pop().unwrap();
    assert!(actor.starts_with("kim@") && actor.len() > 4, "{actor}");
    let output = run(&server, &["--actor", "a\nb", "stock", "7"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("visible ASCII"), "{output:?}");
}

#[test]
fn products_are_deleted_restored_and_purged() {
    let mug = Product { etag: "e1".to_owned(), ..product("7", "Mug") };
    let store = Store::with_products([mug, product("8", "Cup")]);
    let server = Server::start(store.clone());
    assert_eq!(
        error(&server, &["delete", "7", "--etag", "other"]),
        "catctl: product 7 has changed (ABORTED, ETAG_MISMATCH)\n"
    );
    assert_eq!(out(&server, &["delete", "7", "--etag", "e1"]), "deleted 7: Mug\n");
    assert!(error(&server, &["get", "7"]).contains("PRODUCT_NOT_FOUND"));
    assert!(out(&server, &["get", "7", "--show-deleted"]).contains("deleted   1970-01-01"));
    assert!(!out(&server, &["list"]).contains("Mug"));
    assert!(!out(&server, &["export"]).contains("Mug"));
    assert!(out(&server, &["list", "--show-deleted"]).contains("deleted"));
    assert!(out(&server, &["export", "--show-deleted"]).contains("Mug"));
    assert_eq!(out(&server, &["undelete", "7"]), "undeleted 7: Mug\n");
    assert!(error(&server, &["undelete", "7"]).contains("PRODUCT_NOT_DELETED"));
    assert_eq!(out(&server, &["delete", "7", "--purge"]), "purged 7: Mug\n");
    assert_eq!(store.products.lock().unwrap().len(), 1);
    assert_eq!(json(&run(&server, &["delete", "8", "--json"]))["name"], "Cup");
}

#[test]
fn revisions_are_listed_and_reverted() {
    let store = Store::with_products([product("7", "Mug")]);
    let server = Server::start(store.clone());
    let shown = out(&server, &["revisions", "7"]);
    let lines: Vec<&str> = shown.lines().collect();
    assert!(lines[0].starts_with("REVISION"), "{shown}");
    assert_eq!(lines.len(), 4, "both pages: {shown}");
    assert!(lines[1].ends_with("2026-11-22 15:44:01  jo@shop  stock: stock_qty 3 -> 2"), "{shown}");
    assert!(lines[2].ends_with("undeleted") && lines[3].ends_with("created"), "{shown}");
    assert_eq!(out(&server, &["revisions", "7", "-n", "1"]).lines().count(), 2);
    let one_a_line = out(&server, &["revisions", "7", "--json"]);
    let revisions: Vec<serde_json::Value> =
        one_a_line.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((revisions.len(), &revisions[0]["kind"]), (3, &"STOCK".into()));

    assert!(out(&server, &["get", "7", "--revision", "1"]).contains("as it was"));
    assert_eq!(
        error(&server, &["get", "7", "--revision", "99"]),
        "catctl: revision 99 of product 7 is not kept (NOT_FOUND, REVISION_NOT_FOUND)\n"
    );
    assert!(error(&server, &["get", "7", "8", "--revision", "1"]).contains("a single id"));
    assert!(out(&server, &["revert", "7", "--revision", "1"]).contains("as it was"));
    let (request, _) = store.requests.lock().unwrap().pop().unwrap();
    assert!(request.contains("revision: 1"), "{request}");
    assert_eq!(run(&server, &["revert", "7"]).status.code(), Some(2));
}

#[test]
fn stock_is_reserved_committed_and_released() {
    let store = Store::default();
    let server = Server::start(store.clone());
    let held = "r-1: held until 2026-11-22 15:44:01 UTC\n  2 of mug\n  1 of mug-blue\n";
    let words = ["reserve", "mug=2", "--sku", "mug-blue=1", "--ttl", "2m"];
    assert_eq!(out(&server, &words), held);
    let (request, _) = store.requests.lock().unwrap().pop().unwrap();
    assert!(request.contains("sku: \"mug-blue\", quantity: 1"), "{request}");
    assert!(request.contains("seconds: 120"), "{request}");
    assert_eq!(out(&server, &["reservation", "r-1"]), held);
    assert_eq!(json(&run(&server, &["reservation", "r-1", "--json"]))["state"], "HELD");
    assert!(out(&server, &["commit", "r-1"]).starts_with("r-1: committed\n"));
    assert!(out(&server, &["release", "r-1"]).starts_with("r-1: released\n"));
    assert_eq!(json(&run(&server, &["release", "r-1", "--json"]))["state"], "RELEASED");
    assert!(error(&server, &["reserve"]).contains("nothing to reserve"));
    assert_eq!(run(&server, &["reserve", "mug"]).status.code(), Some(2));
}

#[test]
fn categories_are_listed_and_changed() {
    let store = Store::default();
    let server = Server::start(store.clone());
    let tree = out(&server, &["categories"]);
    assert!(tree.contains("  Mugs") && tree.contains("1,234"), "{tree}");
    assert_eq!(
        out(&server, &["categories", "create", "Mugs", "--parent", "kitchen"]),
        "created kitchen-mugs: Kitchen > Mugs\n"
    );
    assert_eq!(out(&server, &["categories", "rename", "mugs", "Cups"]), "renamed mugs: Cups\n");
    let words = ["categories", "move", "mugs", "--under", "tableware", "--validate-only"];
    let output = run(&server, &words);
    assert!(text(&output.stderr).contains("nothing has changed"), "{output:?}");
    let (request, _) = store.requests.lock().unwrap().pop().unwrap();
    assert!(
        request.contains("parent_id: \"tableware\"") && request.contains("validate_only: true")
    );
    assert_eq!(out(&server, &["categories", "move", "mugs", "--to-root"]), "moved mugs: Mugs\n");
    assert!(
        error(&server, &["categories", "move", "mugs", "--under", "mugs"])
            .contains("CATEGORY_CYCLE")
    );
    let deleted = run(&server, &["categories", "delete", "mugs", "--etag", "e", "--json"]);
    assert_eq!(json(&deleted)["etag"], "e");
    assert_eq!(run(&server, &["categories", "move", "mugs"]).status.code(), Some(2));
}

#[test]
fn changes_are_listed_page_by_page() {
    let store = Store::default();
    let server = Server::start(store.clone());
    let words = ["changes", "--cursor", "1", "--category", "kitchen", "--id", "7", "--filter", "x"];
    let output = run(&server, &words);
    let lines = text(&output.stdout);
    assert_eq!(lines.lines().count(), 4, "{lines}");
    assert!(lines.lines().all(|line| line.ends_with("by jo@shop")), "{lines}");
    assert!(text(&output.stderr).contains("--cursor 5"), "{output:?}");
    let (request, _) = store.requests.lock().unwrap().pop().unwrap();
    for part in ["category_id: \"kitchen\"", "product_ids: [\"7\"]", "filter: \"x\""] {
        assert!(request.contains(part), "{request}");
    }
    let lines = out(&server, &["changes", "-n", "3", "--json"]);
    let last: serde_json::Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    assert_eq!(lines.lines().count(), 4, "{lines}");
    assert_eq!((&last["nextCursor"], &last["caughtUp"]), (&"3".into(), &false.into()));

    run(
        &server,
        &["watch", "--category", "kitchen", "--id", "7", "--filter", "x", "--cursor", "c"],
    );
    let (request, _) = store.requests.lock().unwrap().pop().unwrap();
    for part in ["cursor: \"c\"", "category_id: \"kitchen\"", "filter: \"x\""] {
        assert!(request.contains(part), "{request}");
    }
}

#[test]
fn an_interrupted_watch_resumes_and_an_expired_cursor_ends_it() {
    let store = Store::with_products([]);
    let server = Server::start(store.clone());
    let output = run(&server, &["watch", "--cursor", "cut"]);
    assert_eq!(text(&output.stdout).lines().count(), 1, "{output:?}");
    let errors = text(&output.stderr);
    assert_eq!(errors.matches("restarting (UNAVAILABLE); reconnecting").count(), 1, "{errors}");
    assert!(errors.lines().last().unwrap().contains("no more"), "{errors}");
    let (request, _) = store.requests.lock().unwrap().pop().unwrap();
    assert!(request.contains("cursor: \"after cup\""), "{request}");

    let refused = error(&server, &["watch", "--cursor", "old"]);
    let reason = "the changes after the cursor are gone (FAILED_PRECONDITION, CURSOR_EXPIRED)";
    assert_eq!(refused, format!("catctl: {reason}\n"));
}

#[test]
fn variants_and_status_are_shown_filtered_and_kept() {
    let option = OptionValue { name: "colour".to_owned(), value: "blue".to_owned() };
    let variant = Variant {
        sku: "mug-blue".to_owned(),
        option_values: vec![option],
        stock_qty: 4,
        ..Variant::default()
    };
    let mug = Product {
        status: Status::Draft.into(),
        variants: vec![variant],
        stock_qty: 4,
        ..product("mug", "Mug")
    };
    let cup = Product { status: Status::Active.into(), ..product("cup", "Cup") };
    let store = Store::with_products([mug.clone(), cup]);
    let server = Server::start(store.clone());
    let shown = out(&server, &["get", "mug"]);
    assert!(shown.contains("variant mug-blue  colour blue, 4 in stock"), "{shown}");
    assert!(shown.contains("status            draft"), "{shown}");
    let list = out(&server, &["list", "--filter", "status = DRAFT"]);
    assert!(list.contains("draft, 1 variant") && !list.contains("Cup"), "{list}");
    assert!(!out(&server, &["export", "--filter", "stock_qty > 0"]).contains("Cup"));
    assert_eq!(
        error(&server, &["list", "--filter", "colour ="]),
        "catctl: filter: expected a value at column 9 (INVALID_ARGUMENT, FILTER_INVALID)\n"
    );

    let folder = tempfile::tempdir().unwrap();
    for name in ["all.jsonl", "all.csv"] {
        let file = folder.path().join(name);
        let file = super::path(&file);
        assert!(run(&server, &["export", file]).status.success());
        let sum = json(&run(&server, &["import", file, "--json"]));
        assert_eq!(sum["unchanged"], 2, "{name}: {sum}");
        let other = Server::start(Store::default());
        assert!(run(&other, &["import", file]).status.success());
        assert!(out(&other, &["get", "mug"]).contains("draft"), "{name}");
    }
}

#[test]
fn every_command_has_help() {
    let server = Server::start(Store::default());
    let help = out(&server, &["--help"]);
    let commands = help.split("Commands:").nth(1).unwrap().split("Options:").next().unwrap();
    let names: Vec<&str> = commands
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert_eq!(names.len(), 36, "{names:?}");
    for name in names {
        let help = out(&server, &[name, "--help"]);
        assert!(help.contains("--json") && help.contains("--actor"), "{help}");
        assert!(!help.contains("[default: ]"), "{help}");
        let first = help.lines().next().unwrap();
        assert!(first.len() > 10 && commands.contains(first), "{name}: {first}");
    }
}
