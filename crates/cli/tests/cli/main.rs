//! Runs the `catctl` binary against a fake catalogue in memory.

mod commands;
mod fake;
mod feeds;
mod remote;
mod resume;
mod search;
mod shell;
mod undo;

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Command, Output, Stdio},
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use fake::{Server, Store};
use proto::{
    catalogue::v1::{Attribute, CategoryPath, Product, attribute, product::Status},
    money,
};

fn catctl(server: &Server, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_catctl"));
    command.args(["--server", &server.url]).args(arguments);
    command.env_remove("CATCTL_SERVER").env("CATCTL_ACTOR", "test@here");
    // Not the profiles of the user that runs the tests.
    command.env("XDG_CONFIG_HOME", "/nonexistent");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(server: &Server, arguments: &[&str]) -> Output {
    catctl(server, arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

fn product(id: impl ToString, name: &str) -> Product {
    Product { id: id.to_string(), name: name.to_owned(), ..Product::default() }
}

fn rows(count: usize) -> String {
    let row = |n| format!("{{\"id\":\"p{n}\",\"name\":\"Product {n}\",\"stockQty\":{n}}}\n");
    (1..=count).map(row).collect()
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn valid_rows_are_imported_and_invalid_ones_reported_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let (file, rejects) = (folder.path().join("rows.jsonl"), folder.path().join("rejects.jsonl"));
    let lines = [
        r#"{"id":"1","name":"good"}"#,
        r#"{"id":"2","name":"#,
        r#"{"id":"3","name":"refused"}"#,
        r#"{"id":"4","name":"x","stockQty":"many"}"#,
        r#"{"id":"5","name":"good, too"}"#,
    ];
    fs::write(&file, lines.join("\n")).unwrap();
    let store = Store::with_products([Product { brand: "kept".to_owned(), ..product(5, "old") }]);
    let server = Server::start(store.clone());
    let output = run(&server, &["import", path(&file), "--rejects", path(&rejects)]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let errors = text(&output.stderr);
    for message in ["line 2: MALFORMED_JSON: ", "line 4: INVALID_FIELD stock_qty: "] {
        assert!(errors.contains(message), "{errors}");
    }
    assert!(errors.contains("line 3: INVALID_FIELD name: must be better"), "{errors}");
    let sum = text(&output.stdout);
    assert!(sum.starts_with("5 rows: 1 created, 1 updated, 0 unchanged, 3 rejected in "), "{sum}");
    let written = fs::read_to_string(&rejects).unwrap();
    let mut written: Vec<i64> = written
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["line"].as_i64())
        .map(Option::unwrap)
        .collect();
    written.sort_unstable();
    assert_eq!(written, [2, 3, 4]);
    let products = store.products.lock().unwrap();
    assert_eq!(products["5"].name, "good, too");
    assert_eq!(products["5"].brand, "kept", "the row has no brand");
}

#[test]
fn an_interrupted_import_resumes_and_settles_each_row_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rows.jsonl");
    fs::write(&file, rows(5_000)).unwrap();
    let store = Store::default().cut_at(7);
    let server = Server::start(store.clone());
    let output = run(&server, &["import", path(&file), "-o", "json"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let sum = json(&output);
    assert_eq!((sum["rows"].as_u64(), sum["cuts"].as_u64()), (Some(5_000), Some(1)), "{sum}");
    assert_eq!(store.calls.load(Ordering::SeqCst), 2);
    assert_eq!(store.products.lock().unwrap().len(), 5_000);
    let seen = store.seen.lock().unwrap();
    let again = seen.values().filter(|times| **times > 1).count();
    assert!(again <= 4_000 && seen.len() == 5_000, "{again} of {}", seen.len());
    assert!(text(&output.stderr).contains("restarting"), "{output:?}");
}

#[test]
fn an_import_survives_a_server_that_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rows.jsonl");
    fs::write(&file, rows(3_000)).unwrap();
    let store = Store::default().hang_at(4);
    let mut server = Server::start(store.clone());
    let import = catctl(&server, &["import", path(&file), "-o", "json"]).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    while !store.hangs() {
        assert!(Instant::now() < deadline, "the import does not arrive");
        std::thread::yield_now();
    }
    server.kill();
    server.restart();
    let output = import.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(json(&output)["rows"], 3_000);
    assert_eq!(store.products.lock().unwrap().len(), 3_000);
}

#[test]
fn an_import_that_makes_no_progress_gives_up() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rows.jsonl");
    fs::write(&file, rows(10)).unwrap();
    let server = Server::start(Store::default().hang_at(1));
    let output = run(&server, &["import", path(&file), "--retry-for", "300ms"]);
    assert_eq!(output.status.code(), Some(6));
    let errors = text(&output.stderr);
    assert!(errors.contains("does not respond") && errors.contains("run the same"), "{errors}");
}

#[test]
fn rows_from_standard_input_go_without_waiting_for_more() {
    let store = Store::default();
    let server = Server::start(store.clone());
    let mut command = catctl(&server, &["import", "-"]);
    let mut import = command.stdin(Stdio::piped()).spawn().unwrap();
    let mut input = import.stdin.take().unwrap();
    input.write_all(b"id,name\n1,Mug\n").unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    while store.products.lock().unwrap().is_empty() {
        assert!(Instant::now() < deadline, "the row does not arrive");
        std::thread::yield_now();
    }
    drop(input);
    assert!(import.wait_with_output().unwrap().status.success());
}

fn rich_products() -> Vec<Product> {
    let attribute = |name: &str, value| Attribute {
        name: name.to_owned(),
        value: Some(value),
        unit: String::new(),
    };
    let path = |names: &[&str]| CategoryPath {
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        ids: Vec::new(),
    };
    (0..250)
        .map(|n| Product {
            description: "first\nsecond, \"quoted\"; 3.5\" wide".to_owned(),
            price: Some(money::from_minor(450 + n, if n % 2 == 0 { "EUR" } else { "JPY" })),
            stock_qty: n as i32,
            brand: "Bränd".to_owned(),
            image_urls: vec!["/a.svg".to_owned(), "http://x/b|c.svg".to_owned()],
            labels: vec!["new".to_owned()],
            status: Status::Draft.into(),
            category_paths: vec![path(&["Kitchen > Bath", "Mugs"]), path(&["Gifts"])],
            attributes: vec![
                attribute("zeta", attribute::Value::Number(1.5)),
                attribute("alpha", attribute::Value::Flag(false)),
                attribute("mid", attribute::Value::Text("text".to_owned())),
            ],
            ..product(format!("p{n:03}"), "Mug")
        })
        .collect()
}

#[test]
fn what_export_writes_import_finds_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::with_products(rich_products());
    let server = Server::start(store.clone());
    for name in ["all.jsonl", "all.jsonl.gz", "all.csv", "all.csv.gz"] {
        let file = folder.path().join(name);
        let output = run(&server, &["export", path(&file)]);
        assert!(output.status.success(), "{output:?}");
        assert!(text(&output.stderr).contains("250 products written"), "{output:?}");
        let sum = json(&run(&server, &["import", path(&file), "-o", "json"]));
        assert_eq!(sum["unchanged"], 250, "{name}: {sum}");
    }
    let elsewhere = Store::default();
    let other = Server::start(elsewhere.clone());
    let file = folder.path().join("all.jsonl.gz");
    assert!(run(&other, &["import", path(&file)]).status.success());
    assert_eq!(*elsewhere.products.lock().unwrap(), *store.products.lock().unwrap());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4, "no .part is left");
}

#[test]
fn an_invalid_map_sends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (file, map) = (folder.path().join("rows.csv"), folder.path().join("map.toml"));
    fs::write(&file, "artno,title\n1,Mug\n").unwrap();
    let store = Store::default();
    let server = Server::start(store.clone());

    let output = run(&server, &["import", path(&file)]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("not product fields: artno;"), "{output:?}");
    fs::write(&map, "id = \"artno\"\nnmae = \"title\"\n").unwrap();
    let output = run(&server, &["import", path(&file), "--map", path(&map)]);
    assert!(text(&output.stderr).contains("did you mean \"name\"?"), "{output:?}");
    assert!(store.products.lock().unwrap().is_empty());

    fs::write(&map, "id = \"artno\"\nname = \"title\"\nbrand = \"maker\"\n").unwrap();
    let output = run(&server, &["import", path(&file), "--map", path(&map)]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(text(&output.stderr).contains("\"maker\", which no row has"), "{output:?}");
}

#[test]
fn products_are_shown_to_programs_and_people() {
    let mut mug = rich_products().remove(0);
    mug.name = "Mug\u{1b}[31m".to_owned();
    let server = Server::start(Store::with_products([mug.clone(), product("q", "Pen")]));
    let output = run(&server, &["get", "p000", "-o", "json"]);
    let shown: Product = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(shown.name, mug.name);
    assert!(text(&output.stdout).lines().count() > 5, "one product is indented");

    let output = run(&server, &["list", "-o", "json"]);
    let names: Vec<String> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str::<Product>(line).unwrap().name)
        .collect();
    assert_eq!(names, [mug.name.as_str(), "Pen"]);

    for arguments in
        [&["list"][..], &["get", "p000"], &["search", "Mug"], &["watch", "--from-start"]]
    {
        let shown = text(&run(&server, arguments).stdout);
        assert!(shown.contains("4.50 EUR"), "{arguments:?}: {shown}");
        assert!(!shown.contains('\u{1b}'), "{arguments:?}: {shown}");
    }
    let shown = text(&run(&server, &["list", "--limit", "1"]).stdout);
    assert_eq!(shown.lines().count(), 2, "{shown}");
}

#[test]
fn an_error_is_one_line_with_advice() {
    let mut server = Server::start(Store::default());
    let output = run(&server, &["get", "missing"]);
    assert_eq!(output.status.code(), Some(3));
    let line = "catctl: product missing does not exist (NOT_FOUND, PRODUCT_NOT_FOUND)\n";
    assert_eq!(text(&output.stderr), line);

    server.kill();
    // The port is closed once the runtime has dropped its listener.
    let address = server.url.trim_start_matches("http://").to_owned();
    let deadline = Instant::now() + Duration::from_secs(10);
    while std::net::TcpStream::connect(&address).is_ok() {
        assert!(Instant::now() < deadline, "the server does not go away");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rows.jsonl");
    fs::write(&file, rows(3)).unwrap();
    let help = format!(
        "catctl: cannot reach {} (connection refused). Is it running? cargo xtask up\n",
        server.url
    );
    for arguments in [&["status"][..], &["list"], &["watch"], &["import", path(&file)]] {
        let output = run(&server, arguments);
        assert_eq!(output.status.code(), Some(6), "{arguments:?}");
        assert_eq!(text(&output.stderr), help, "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_closed_pipe_ends_the_output_quietly() {
    let products = (0..20_000).map(|n| product(format!("p{n:05}"), "Mug"));
    let server = Server::start(Store::with_products(products));
    for arguments in [&["list"][..], &["list", "-o", "json"], &["export"]] {
        let mut list = catctl(&server, arguments).spawn().unwrap();
        let mut lines = BufReader::new(list.stdout.take().unwrap()).lines();
        assert!(lines.next().unwrap().is_ok());
        drop(lines);
        let output = list.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
        assert!(output.stderr.is_empty(), "{arguments:?}: {output:?}");
    }
}

#[test]
fn an_export_waits_for_a_slow_reader() {
    let description = "x".repeat(500);
    let products = (0..30_000).map(|n| Product {
        description: description.clone(),
        ..product(format!("p{n:05}"), "Mug")
    });
    let store = Store::with_products(products);
    let server = Server::start(store.clone());
    let mut export = catctl(&server, &["export"]).spawn().unwrap();
    let mut lines = BufReader::new(export.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().is_ok());
    // Enough time to export everything without backpressure.
    let until = Instant::now() + Duration::from_millis(500);
    while Instant::now() < until {
        let exported = store.exported.load(Ordering::SeqCst);
        assert!(exported < 15_000, "{exported} products exported, 1 read");
        std::thread::yield_now();
    }
    assert_eq!(lines.map(Result::unwrap).count(), 29_999, "and nothing is lost");
    assert!(export.wait().unwrap().success());
}
