//! Imports of files over HTTP, and the examples of the documentation.

use std::{fs, path::Path, process::Command};

use serde_json::{Value, json};
use testkit::{Fleet, repository, until};

/// Runs a shell command; returns its output.
fn shell(dir: &Path, gateway: &str, command: &str) -> String {
    let script = format!("set -e\nGATEWAY={gateway}\n{command}");
    let output = Command::new("bash").args(["-c", &script]).current_dir(dir).output().unwrap();
    assert!(output.status.success(), "{command}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The import, once it has ended.
async fn ended(gateway: &str, id: &str) -> Value {
    until("the import ends", async || {
        let import = shell(Path::new("/"), gateway, &format!("curl -sf $GATEWAY/v1/imports/{id}"));
        let import: Value = serde_json::from_str(&import).unwrap();
        let state = import["state"].as_str().unwrap_or_default().to_owned();
        (!["QUEUED", "RUNNING"].contains(&state.as_str())).then_some(import)
    })
    .await
}

fn rows(count: usize) -> String {
    let row = |number| format!("mug-{number:04},Mug {number},{number},EUR\n");
    (1..=count).map(row).collect()
}

/// The commands of the documentation, block by block.
fn examples() -> Vec<Vec<String>> {
    let text = fs::read_to_string(repository().join("docs/importing.md")).unwrap();
    let (_, section) = text.split_once("## Over HTTP").expect("the page has the heading");
    let blocks = section.split("```sh\n").skip(1);
    let blocks = blocks.map(|block| block.split_once("```").unwrap().0);
    blocks.map(|block| block.lines().map(str::to_owned).collect()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_of_the_documentation_work() {
    let fleet = Fleet::start().await;
    let gateway = fleet.url("");
    let folder = tempfile::tempdir().unwrap();
    let broken = "cup-1,Cup,nine,EUR\n";
    fs::write(
        folder.path().join("list.csv"),
        format!("id,name,price,currency\n{}{broken}", rows(300)),
    )
    .unwrap();
    let blocks = examples();
    let commands = &blocks[0][1..];
    assert_eq!((commands.len(), blocks.len()), (9, 3), "{blocks:#?}");
    let run = |number: usize| shell(folder.path(), &gateway, &commands[number]);
    let parse = |text: String| -> Value { serde_json::from_str(&text).expect(&text) };

    let accepted = parse(run(0));
    assert_eq!((&accepted["id"], &accepted["state"]), (&json!("spring-2026"), &json!("QUEUED")));
    let import = ended(&gateway, "spring-2026").await;
    let report = &import["report"];
    assert_eq!(import["state"], "SUCCEEDED", "{import}");
    assert_eq!((&report["created"], &report["rejected"]), (&json!("300"), &json!("1")));
    assert_eq!(report["fileName"], "list.csv");
    // The same request is the same import.
    assert_eq!(parse(run(0))["state"], "SUCCEEDED");

    let form = parse(run(1));
    let again = ended(&gateway, form["id"].as_str().unwrap()).await;
    assert_eq!(
        (&again["report"]["unchanged"], &again["report"]["fileName"]),
        (&json!("300"), &json!("list.csv")),
        "{again}"
    );
    assert_eq!(parse(run(2))["state"], "SUCCEEDED");
    assert!(run(3).contains("event: import\ndata: {"));
    run(4);
    let rejects = fs::read_to_string(folder.path().join("list.rejects.csv")).unwrap();
    assert!(rejects.starts_with("reject_line,reject_reason,reject_message,id,name"), "{rejects}");
    assert!(rejects.contains(broken), "{rejects}");
    let imports = parse(run(5));
    assert_eq!(imports["imports"][1]["id"], "spring-2026", "{imports}");
    assert_eq!(parse(run(6))["state"], "SUCCEEDED", "it had ended");
    let last =
        |text: String| -> Value { serde_json::from_str(text.lines().last().unwrap()).unwrap() };
    let preview = last(run(7));
    assert_eq!((&preview["deleted"], &preview["done"]), (&json!("300"), &json!(true)), "{preview}");
    assert_eq!(last(run(8))["deleted"], "300");
    let gone = fleet.catctl(&["get", "mug-0001"]).await;
    assert_eq!(gone.code, Some(3), "{gone:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_sent_once_for_all_steps() {
    let fleet = Fleet::start().await;
    let gateway = fleet.url("");
    let folder = tempfile::tempdir().unwrap();
    let prices = "ArtNr;Bezeichnung;VK-Preis\n1;Tasse;4,50\n";
    fs::write(folder.path().join("preise.csv"), prices).unwrap();
    let commands = &examples()[1];
    let run = |number: usize| shell(folder.path(), &gateway, &commands[number]);
    run(0);
    let guessed = ended(&gateway, "preise-map").await;
    assert!(guessed["report"]["map"].as_str().unwrap().contains("id = \"ArtNr\""), "{guessed}");
    assert_eq!(guessed["report"]["fileName"], "preise.csv");
    run(1);
    run(2);
    let dry = ended(&gateway, "preise-dry").await;
    assert_eq!(
        (&dry["state"], &dry["report"]["created"]),
        (&json!("SUCCEEDED"), &json!("1")),
        "{dry}"
    );
    assert_eq!(fleet.catctl(&["get", "1"]).await.code, Some(3), "nothing is stored");
    run(3);
    let done = ended(&gateway, "preise").await;
    assert_eq!(
        (&done["state"], &done["report"]["created"]),
        (&json!("SUCCEEDED"), &json!("1")),
        "{done}"
    );
    assert_eq!(fleet.catctl(&["get", "1"]).await.code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_in_pieces_goes_on_where_it_broke_off() {
    let fleet = Fleet::start().await;
    let gateway = fleet.url("");
    let folder = tempfile::tempdir().unwrap();
    let list = format!("id,name,price,currency\n{}", rows(300));
    fs::write(folder.path().join("list.csv"), &list).unwrap();
    let blocks = examples();
    let [begin, offset, rest] = &blocks[2][..] else { panic!("three commands") };
    let first = "head -c 2000 list.csv | curl -sf -X PATCH \"$UPLOAD\" -H 'Content-Type: application/partial-upload' \
                  -H 'Upload-Offset: 0' -H 'Upload-Complete: ?0' -T -";
    let script = [begin.as_str(), first, offset, "echo $OFFSET", rest].join("\n");
    let out = shell(folder.path(), &gateway, &script);
    let (offset, accepted) = out.split_once('\n').unwrap();
    assert_eq!(offset, "2000");
    let accepted: Value = serde_json::from_str(accepted).unwrap();
    assert_eq!(accepted["id"], "large");
    let import = ended(&gateway, "large").await;
    let report = &import["report"];
    assert_eq!((&report["created"], &report["fileName"]), (&json!("300"), &json!("list.csv")));
    assert_eq!(report["sizeBytes"], list.len().to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_can_be_rehearsed_cancelled_and_fetched_and_is_bounded() {
    let fleet = Fleet::start_each(|service| match service {
        testkit::Service::Gateway => {
            let bounds =
                ["--max-imports=1", "--max-queued-imports=0", "--max-import-bytes=2000000"];
            bounds.map(str::to_owned).to_vec()
        }
        _ => Vec::new(),
    })
    .await;
    let gateway = fleet.url("");
    let folder = tempfile::tempdir().unwrap();
    let run = |command: &str| shell(folder.path(), &gateway, command);
    let head = "id,name,price,currency\n";
    fs::write(folder.path().join("list.csv"), format!("{head}{}", rows(20))).unwrap();
    fs::write(folder.path().join("large.csv"), "x".repeat(3_000_000)).unwrap();

    let post = "curl -s $GATEWAY/v1/imports";
    let dry: Value =
        serde_json::from_str(&run(&format!("{post} -F dryRun=true -F file=@list.csv"))).unwrap();
    let dry = ended(&gateway, dry["id"].as_str().unwrap()).await;
    assert_eq!(dry["report"]["diffs"].as_array().map(Vec::len), Some(20), "{dry}");
    let refused: Value =
        serde_json::from_str(&run(&format!("{post} --data-binary @large.csv"))).unwrap();
    assert_eq!(refused["reason"], "IMPORT_TOO_LARGE", "{refused}");
    let refused: Value = serde_json::from_str(&run(&format!("{post}?colour=blue -d x"))).unwrap();
    assert_eq!(refused["errors"][0]["field"], "colour", "{refused}");
    let refused: Value =
        serde_json::from_str(&run(&format!("{post} -H 'Origin: https://evil.example' -d x")))
            .unwrap();
    assert_eq!(refused["reason"], "CROSS_ORIGIN_WRITE", "{refused}");

    // A service inside is not asked, not even by way of its name.
    let inside: Value = serde_json::from_str(&run(&format!(
        "{post} -X POST -H 'Content-Length: 0' -G -d url=http://localhost:9/list.csv"
    )))
    .unwrap();
    let inside = ended(&gateway, inside["id"].as_str().unwrap()).await;
    assert_eq!(inside["report"]["failure"]["reason"], "IMPORT_URL_FAILED", "{inside}");
    assert!(inside["report"]["failure"]["message"].as_str().unwrap().contains("--import-host"));
}

#[tokio::test(flavor = "multi_thread")]
async fn products_are_exported_over_http_as_by_catctl() {
    let fleet = Fleet::start().await;
    let gateway = fleet.url("");
    let folder = tempfile::tempdir().unwrap();
    let run = |command: &str| shell(folder.path(), &gateway, command);
    let list = folder.path().join("list.csv");
    fs::write(&list, format!("id,name,price,currency\n{}", rows(700))).unwrap();
    let imported = fleet.catctl(&["import", list.to_str().unwrap()]).await;
    assert_eq!(imported.code, Some(0), "{imported:?}");

    let text = fs::read_to_string(repository().join("docs/importing.md")).unwrap();
    let examples = text.lines().filter(|line| line.contains("/v1/exports?"));
    examples.for_each(|command| drop(run(command)));
    let prices = fs::read_to_string(folder.path().join("prices.csv")).unwrap();
    assert_eq!(prices.lines().count(), 701);
    assert!(prices.starts_with("id,name,price,currency\nmug-0001,Mug 1,1.00,EUR\n"), "{prices}");
    assert!(fs::read(folder.path().join("active.xlsx")).unwrap().starts_with(b"PK"));

    for format in ["csv", "jsonl"] {
        let file = folder.path().join(format!("own.{format}"));
        let exported = fleet.catctl(&["export", file.to_str().unwrap()]).await;
        assert_eq!(exported.code, Some(0), "{exported:?}");
        let same = run(&format!("curl -sf $GATEWAY/v1/exports?format={format}"));
        assert_eq!(same, fs::read_to_string(&file).unwrap(), "{format}");
    }
    for (query, field) in [
        ("columns=colour", "columns"),
        ("format=csv&format=jsonl", "format"),
        ("shopUrl=shop", "shopUrl"),
    ] {
        let wrong = run(&format!("curl -s \"$GATEWAY/v1/exports?{query}\""));
        let wrong: Value = serde_json::from_str(&wrong).unwrap();
        assert_eq!(wrong["errors"][0]["field"], field, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn feeds_are_exported_over_http_as_by_catctl() {
    let fleet = Fleet::start().await;
    let gateway = fleet.url("");
    let folder = tempfile::tempdir().unwrap();
    let get = |query: &str| {
        shell(folder.path(), &gateway, &format!("curl -s \"$GATEWAY/v1/exports?{query}\""))
    };
    let list = folder.path().join("list.csv");
    let table = "id,name,price,currency,status,brand\nmug,Mug & Co,12.50,EUR,ACTIVE,=Kiln\nold,Old,9,EUR,ARCHIVED,\n";
    fs::write(&list, table).unwrap();
    let imported = fleet.catctl(&["import", list.to_str().unwrap()]).await;
    assert_eq!(imported.code, Some(0), "{imported:?}");

    let shop = ["--shop-url", "https://shop.example", "--seller", "Kiln", "--country", "DE"];
    for (system, format) in [
        ("google-merchant", "xml"),
        ("google-merchant", "csv"),
        ("openai", "jsonl"),
        ("openai", "csv"),
    ] {
        let file = folder.path().join(format!("{system}.{format}"));
        let of_feed = ["export", "--as", system, "--format", format, file.to_str().unwrap()];
        let exported = fleet.catctl(&[&of_feed[..], &shop].concat()).await;
        assert_eq!(exported.code, Some(0), "{exported:?}");
        let query = "shopUrl=https://shop.example&seller=Kiln&country=de";
        let same = get(&format!("as={system}&format={format}&{query}"));
        assert_eq!(same, fs::read_to_string(&file).unwrap(), "{system} {format}");
    }
    let xml = fs::read_to_string(folder.path().join("google-merchant.xml")).unwrap();
    for part in
        ["<g:link>https://shop.example/p/mug</g:link>", "<g:brand>=Kiln</g:brand>", "Mug &amp; Co"]
    {
        assert!(xml.contains(part), "{part}: {xml}");
    }
    assert!(xml.ends_with("</channel></rss>\n") && !xml.contains("<g:id>old</g:id>"), "{xml}");
    let line: Value =
        serde_json::from_str(get("as=openai&shopUrl=https://shop.example").trim()).unwrap();
    let fields = ["item_id", "price", "url"].map(|field| &line[field]);
    assert_eq!(fields, ["mug", "12.50 EUR", "https://shop.example/p/mug"]);

    for (query, field) in [
        ("as=acp", "as"),
        ("format=xml", "format"),
        ("as=openai&format=xlsx", "format"),
        ("as=shopify&format=jsonl", "format"),
        ("as=openai&shopUrl=shop.example", "shopUrl"),
        ("as=openai&country=Germany", "country"),
    ] {
        let refused: Value = serde_json::from_str(&get(query)).unwrap();
        assert_eq!(refused["errors"][0]["field"], field, "{query}: {refused}");
    }
}
