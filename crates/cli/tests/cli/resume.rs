//! Imports that are killed, stopped or dry runs.

use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    path::Path,
    process::{Child, Command},
    time::{Duration, Instant},
};

use proto::catalogue::v1::Product;

use super::{
    catctl,
    fake::{Server, Store},
    json, path, product, run, text,
};

/// Number of rows, of which the server rejects some, and some cannot be parsed.
const ROWS: i64 = 20_000;

fn is_refused(line: i64) -> bool {
    line % 97 == 0
}

fn is_broken(line: i64) -> bool {
    line % 131 == 0 && !is_refused(line)
}

fn rows(count: i64) -> String {
    let row = |line| match line {
        line if is_broken(line) => format!("{{\"id\":\"p{line}\",\n"),
        line if is_refused(line) => format!("{{\"id\":\"p{line}\",\"name\":\"refused\"}}\n"),
        line => format!("{{\"id\":\"p{line}\",\"name\":\"Mug {line}\"}}\n"),
    };
    (1..=count).map(row).collect()
}

fn wrong(count: i64) -> Vec<i64> {
    (1..=count).filter(|line| is_refused(*line) || is_broken(*line)).collect()
}

/// The line numbers in a rejects file, in file order.
fn rejected(file: &Path) -> Vec<i64> {
    let text = fs::read_to_string(file).unwrap();
    let line =
        |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["line"].as_i64();
    text.lines().map(|text| line(text).unwrap()).collect()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn until(what: &str, mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !done() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::yield_now();
    }
}

/// Runs an import until `done`, and then kills it. Returns whether it was still running.
fn run_until(server: &Server, words: &[&str], mut done: impl FnMut() -> bool) -> bool {
    let mut import: Child = catctl(server, words).spawn().unwrap();
    let mut ended = false;
    until("the import neither progresses nor ends", || {
        ended = import.try_wait().unwrap().is_some();
        ended || done()
    });
    import.kill().unwrap();
    import.wait().unwrap();
    !ended
}

#[test]
fn an_import_killed_repeatedly_settles_each_row_and_writes_each_reject_once() {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rows.jsonl");
    fs::write(&file, rows(ROWS)).unwrap();
    let store = Store::default();
    let server = Server::start(store.clone());
    let words = ["import", path(&file), "--quiet"];
    let mut kills = 0;
    for _ in 0..40 {
        if kills == 4 {
            break;
        }
        // Some of the kills happen before the first row, or while a file is being written.
        let at = store.messages() + random.usize(..6);
        let mut spins = random.u64(..2_000);
        let was_running = run_until(&server, &words, || {
            if store.messages() >= at {
                spins = spins.saturating_sub(1);
            }
            store.messages() >= at && spins == 0
        });
        // An import that completed before it could be killed does not count.
        kills += u32::from(was_running);
    }
    assert!(kills >= 3, "only {kills} kills (seed {seed})");

    // If the last run completed, there is no checkpoint, and this one finds all rows unchanged.
    let output = run(&server, &["import", path(&file), "--json"]);
    assert_eq!(output.status.code(), Some(2), "seed {seed}: {output:?}");
    let sum = json(&output);
    let wrong = wrong(ROWS);
    assert_eq!(sum["rows"], ROWS, "seed {seed}: {sum}");
    assert_eq!(sum["rejected"].as_u64(), Some(wrong.len() as u64), "seed {seed}: {sum}");
    let good = ROWS as usize - wrong.len();
    assert_eq!(store.products.lock().unwrap().len(), good, "seed {seed}");
    let rejects = folder.path().join("rows.jsonl.rejects.jsonl");
    assert_eq!(rejected(&rejects), wrong, "seed {seed}");
    assert_eq!(names(folder.path()), ["rows.jsonl", "rows.jsonl.rejects.jsonl"], "seed {seed}");
}

#[test]
fn a_killed_import_resumes_at_its_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rows.jsonl");
    fs::write(&file, rows(5_000)).unwrap();
    let checkpoint = folder.path().join("rows.jsonl.checkpoint");
    let store = Store::default().hang_at(8);
    let mut server = Server::start(store.clone());
    let words = ["import", path(&file), "-o", "json"];
    // Seven messages are acknowledged, the eighth gets no response.
    let line = || -> Option<i64> {
        let text = fs::read_to_string(&checkpoint).ok()?;
        serde_json::from_str::<serde_json::Value>(&text).unwrap()["line"].as_i64()
    };
    assert!(run_until(&server, &words, || store.hangs() && line().is_some()));
    let settled = line().unwrap();
    // A kill between the two writes leaves rejects after the checkpoint, the last one incomplete.
    let rejects = folder.path().join("rows.jsonl.rejects.jsonl");
    let mut tail = fs::OpenOptions::new().append(true).open(&rejects).unwrap();
    write!(tail, "{{\"line\":{}}}\n{{\"li", settled + 1).unwrap();
    let kept = fs::read(&checkpoint).unwrap();

    server.kill();
    server.restart();
    store.seen.lock().unwrap().clear();
    let output = run(&server, &words);
    let errors = text(&output.stderr);
    let resuming = format!("catctl: resuming at line {} (import started at 20", settled + 1);
    assert!(errors.contains(&resuming), "{errors}");
    let sum = json(&output);
    assert_eq!(sum["rows"], 5_000, "{sum}");
    assert_eq!(sum["rowsBefore"], settled, "{sum}");
    assert!(store.seen.lock().unwrap().keys().all(|line| *line > settled), "rows were sent again");
    assert_eq!(rejected(&rejects), wrong(5_000));
    assert!(!checkpoint.exists());

    // A checkpoint of a different import is ignored, as is any with --restart.
    for (words, reason) in [
        (&["import", path(&file), "--restart"][..], ""),
        (&["import", path(&file), "--on-error", "stop"], "a different file, map, server or option"),
    ] {
        fs::write(&checkpoint, &kept).unwrap();
        store.seen.lock().unwrap().clear();
        let output = run(&server, words);
        let errors = text(&output.stderr);
        assert!(errors.contains(reason) && !errors.contains("resuming"), "{errors}");
        assert!(store.seen.lock().unwrap().contains_key(&1), "{words:?}");
        assert!(!checkpoint.exists(), "{words:?}");
    }
    assert!(run(&server, &words).status.code() == Some(2));
    fs::write(&checkpoint, &kept).unwrap();
    fs::write(&file, rows(5_001)).unwrap();
    let errors = text(&run(&server, &words).stderr);
    assert!(errors.contains("starting over"), "a file that has changed: {errors}");
}

#[test]
fn an_import_can_be_resumed_after_ctrl_c() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rows.jsonl");
    fs::write(&file, rows(3_000)).unwrap();
    let checkpoint = folder.path().join("rows.jsonl.checkpoint");
    let store = Store::default().hang_at(4);
    let server = Server::start(store.clone());
    let import = catctl(&server, &["import", path(&file)]).spawn().unwrap();
    until("no checkpoint is written", || store.hangs() && checkpoint.exists());
    let id = import.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let output = import.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{output:?}");
    let errors = text(&output.stderr);
    assert!(errors.contains("interrupted; run it again to resume from line "), "{errors}");
    assert!(checkpoint.exists());
}

#[test]
fn on_error_stop_ends_the_import_at_the_first_reject() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rows.jsonl");
    let words = ["import", path(&file), "--on-error", "stop", "--json"];
    // The server rejects line 97; in the second import line 50 cannot be parsed.
    let second = rows(500).replace("{\"id\":\"p50\",\"name\":\"Mug 50\"}", "{oops");
    for (text_of_rows, last) in [(rows(500), 97), (second, 50)] {
        fs::write(&file, text_of_rows).unwrap();
        let store = Store::default();
        let server = Server::start(store.clone());
        let output = run(&server, &words);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let sum = json(&output);
        assert_eq!((&sum["rows"], &sum["rejected"]), (&last.into(), &1.into()), "{sum}");
        assert!(text(&output.stderr).contains(&format!("stopped at line {last},")), "{output:?}");
        assert_eq!(store.products.lock().unwrap().len(), last as usize - 1);
        let rejects = folder.path().join("rows.jsonl.rejects.jsonl");
        assert_eq!(rejected(&rejects), [i64::from(last)]);
        assert_eq!(names(folder.path()).len(), 2, "no checkpoint is left");
    }
}

#[test]
fn rejected_rows_are_corrected_and_imported() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rows.csv");
    fs::write(
        &file,
        "id,name,price,currency,status\n1,Mug,4.50,EUR,draft\n2,Cup,cheap,EUR,\n3,refused,,,\n",
    )
    .unwrap();
    let store = Store::default();
    let server = Server::start(store.clone());
    let output = run(&server, &["import", path(&file)]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let rejects = folder.path().join("rows.csv.rejects.csv");
    assert!(text(&output.stderr).contains("correct them there"), "{output:?}");
    let rows = fs::read_to_string(&rejects).unwrap();
    let lines: Vec<&str> = rows.lines().collect();
    assert!(lines[0].ends_with("reject_message,id,name,price,currency,status"), "{rows}");
    assert!(lines[1].ends_with(",2,Cup,cheap,EUR,"), "as in the source: {rows}");
    let corrected = rows.replace(",cheap,", ",3.20,").replace(",refused,", ",Pen,");
    fs::write(&rejects, corrected).unwrap();
    let same = run(&server, &["import", path(&rejects), "--rejects", path(&rejects)]);
    assert!(text(&same.stderr).contains("must not be the imported file"), "{same:?}");
    let output = run(&server, &["import", path(&rejects)]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let products = store.products.lock().unwrap();
    assert_eq!(products["2"].price.as_ref().unwrap().units, 3);
    assert_eq!((products["3"].name.as_str(), products.len()), ("Pen", 3));
}

#[test]
fn without_rejects_no_file_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rows.jsonl");
    fs::write(&file, rows(20)).unwrap();
    let old = folder.path().join("rows.jsonl.rejects.jsonl");
    fs::write(&old, "of an earlier import\n").unwrap();
    let server = Server::start(Store::default());
    assert!(run(&server, &["import", path(&file)]).status.success());
    assert_eq!(names(folder.path()), ["rows.jsonl"]);
}

#[test]
fn a_dry_run_shows_each_difference_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rows.jsonl");
    let price = |units| format!("{{\"currencyCode\":\"EUR\",\"units\":\"{units}\"}}");
    let mut text_of_rows = format!(
        "{{\"id\":\"mug-1\",\"name\":\"Mug\",\"price\":{}}}\n{{\"id\":\"9\",\"name\":\"refused\"}}\n",
        price(8)
    );
    text_of_rows += &rows(80).replace("\"p", "\"new-");
    fs::write(&file, text_of_rows).unwrap();
    let old =
        Product { price: Some(proto::money::from_minor(990, "EUR")), ..product("mug-1", "Mug") };
    let store = Store::with_products([old.clone()]);
    let server = Server::start(store.clone());
    let output = run(&server, &["import", path(&file), "--dry-run"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let shown = text(&output.stdout);
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[0], "line 1  mug-1  price 9.90 EUR -> 8.00 EUR");
    assert_eq!(lines[1], "line 3  new-1  new: Mug 1");
    assert_eq!(lines.len(), 52, "fifty, the rest, the sum: {shown}");
    assert_eq!(lines[50], "... and 31 more rows; --json shows all");
    let sum = "dry run, nothing was changed: 82 rows: 80 created, 1 updated, 0 unchanged, \
               1 rejected in ";
    assert!(lines[51].starts_with(sum), "{shown}");
    assert!(text(&output.stderr).contains("line 2: INVALID_FIELD name"), "{output:?}");

    let all = text(&run(&server, &["import", path(&file), "--dry-run", "--json"]).stdout);
    let lines: Vec<serde_json::Value> =
        all.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 82);
    assert_eq!(lines[0]["diff"]["changedFields"][0], "price");
    assert_eq!(lines[81]["dryRun"], true);
    let products: BTreeMap<String, Product> = store.products.lock().unwrap().clone();
    assert_eq!(products.into_values().collect::<Vec<_>>(), [old]);
    assert_eq!(names(folder.path()), ["rows.jsonl"], "it leaves nothing behind");
}

#[test]
fn the_stock_of_a_product_is_set_only_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("stock.csv");
    fs::write(&file, "id,name,stock_qty\nmug-1,Mug,9\n").unwrap();
    let store = Store::with_products([product("mug-1", "Mug")]);
    let server = Server::start(store.clone());
    let stock = || store.products.lock().unwrap()["mug-1"].stock_qty;
    let output = run(&server, &["import", path(&file)]);
    assert!(text(&output.stderr).contains("--set-stock sets it"), "{output:?}");
    assert_eq!((output.status.code(), stock()), (Some(0), 0));
    let output = run(&server, &["import", path(&file), "--set-stock"]);
    assert!(!text(&output.stderr).contains("--set-stock"), "{output:?}");
    assert_eq!((output.status.code(), stock()), (Some(0), 9));
}
