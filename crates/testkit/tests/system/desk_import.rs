//! The desk's page of imports, as a merchandiser uses it: by keys alone, in two languages, with and without scripts.

use std::fs;

use serde_json::{Value, json};
use testkit::{Browser, Fleet};

use crate::visitor::Visitor;

const LIST: &str =
    "ArtNr;Bezeichnung;VK-Preis;Notiz\nT1;Tasse;4,50;x\nT2;Teller;neun;\nT3;Kanne;12,00;y\n";

struct Desk {
    fleet: Fleet,
    visitor: Visitor,
    folder: tempfile::TempDir,
}

impl Desk {
    /// Signed in, with the list as a file; `None` without a browser.
    async fn open() -> Option<Self> {
        let browser = Browser::start().await.unwrap()?;
        let fleet = Fleet::start().await;
        let mut visitor = Visitor::open(browser, "about:blank#").await;
        visitor.go(&fleet.url("/admin/sign-in")).await;
        visitor.value("document.querySelector('[name=key]').form.submit()").await;
        visitor.until("location.pathname === '/admin/products'").await;
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("liste.csv"), LIST).unwrap();
        Some(Self { fleet, visitor, folder })
    }

    /// Chooses the list in the field of the first step.
    async fn choose_file(&mut self) {
        self.choose("liste.csv").await;
    }

    async fn choose(&mut self, name: &str) {
        let document = self.visitor.command("DOM.getDocument", json!({})).await;
        let field = json!({ "nodeId": document["root"]["nodeId"], "selector": "#file" });
        let field = self.visitor.command("DOM.querySelector", field).await;
        let file = self.folder.path().join(name);
        let chosen = json!({ "nodeId": field["nodeId"], "files": [file] });
        self.visitor.command("DOM.setFileInputFiles", chosen).await;
    }

    /// Waits for the page of an import that has ended, with this text.
    async fn ended_with(&mut self, text: &str) {
        let condition = format!(
            "document.readyState === 'complete' && !document.getElementById('running') && \
             location.pathname.startsWith('/admin/import/') && \
             document.querySelector('main').innerText.includes({text:?})"
        );
        self.visitor.until(&condition).await;
    }

    async fn count(&mut self, name: &str) -> Value {
        self.visitor
            .value(&format!("document.querySelector('[data-count={name}]')?.textContent"))
            .await
    }

    async fn product(&self, id: &str) -> Option<i32> {
        self.fleet.catctl(&["get", id]).await.code
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_looked_at_rehearsed_imported_and_undone() {
    let Some(mut desk) = Desk::open().await else { return };
    let url = desk.fleet.url("/admin/import");
    desk.visitor.go(&url).await;
    desk.choose_file().await;
    desk.visitor.tab_to("main form .button").await;
    desk.visitor.press("Enter").await;
    desk.ended_with("check how the columns are read").await;
    let map = desk.visitor.value("document.getElementById('map').value").await;
    assert!(map.as_str().unwrap().contains("id = \"ArtNr\""), "{map}");

    // A map that is none keeps the form with what was written.
    desk.visitor.value("document.getElementById('map').value = 'id ='").await;
    desk.visitor.tab_to("[name=dryRun][value=true]").await;
    desk.visitor.press("Enter").await;
    desk.visitor.until("!!document.querySelector('[role=alert]')?.innerText.includes('map')").await;
    assert_eq!(desk.visitor.value("document.getElementById('map').value").await, "id =");
    let map = format!("document.getElementById('map').value = {map}");
    desk.visitor.value(&map).await;
    desk.visitor.value("document.getElementById('currency').value = 'SEK'").await;
    desk.visitor.tab_to("[name=dryRun][value=true]").await;
    desk.visitor.press("Enter").await;
    desk.ended_with("Dry run: nothing is stored").await;
    assert_eq!(
        (desk.count("created").await, desk.count("rejected").await),
        (json!("2"), json!("1"))
    );
    let examples =
        desk.visitor.value("document.getElementById('examples').parentElement.innerText").await;
    assert!(examples.as_str().unwrap().contains("Tasse"), "{examples}");
    assert_eq!(desk.visitor.value("document.getElementById('currency').value").await, "SEK");
    assert_eq!(desk.product("T1").await, Some(3), "nothing is stored");

    desk.visitor.tab_to("[name=dryRun][value=false]").await;
    desk.visitor.press("Enter").await;
    desk.ended_with("Undo this import").await;
    assert_eq!(desk.count("created").await, "2");
    assert_eq!(desk.product("T1").await, Some(0));
    let rejects = "fetch(document.querySelector('a[download]').href).then(it => it.text())";
    let rejects = desk.visitor.value(rejects).await;
    assert!(rejects.as_str().unwrap().contains("T2;Teller;neun"), "{rejects}");

    desk.visitor.tab_to("a[href$=undo]").await;
    desk.visitor.press("Enter").await;
    desk.visitor
        .until("location.pathname.endsWith('/undo') && document.readyState === 'complete'")
        .await;
    assert_eq!(desk.product("T1").await, Some(0), "only shown");
    desk.visitor.tab_to("main form .button").await;
    desk.visitor.press("Enter").await;
    desk.visitor.until("document.querySelector('main')?.innerText.includes('It was undone')").await;
    assert_eq!(desk.product("T1").await, Some(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_german_and_works_without_scripts() {
    let Some(mut desk) = Desk::open().await else { return };
    desk.visitor.languages("de").await;
    desk.visitor.command("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
    let url = desk.fleet.url("/admin/import");
    desk.visitor.go(&url).await;
    assert_eq!(desk.visitor.value("document.documentElement.lang").await, "de");
    desk.choose_file().await;
    desk.visitor.tab_to("main form .button").await;
    desk.visitor.press("Enter").await;
    // The page of a running import reloads itself.
    desk.ended_with("Noch ist nichts gespeichert").await;
    let unnamed = "[...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
        .filter(it => !it.labels?.length).length";
    assert_eq!(desk.visitor.value(unnamed).await, 0, "each field has a label");
    let levels = "document.querySelectorAll('h1').length";
    assert_eq!(desk.visitor.value(levels).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_list_is_sent_in_pieces_that_are_tried_again() {
    let Some(mut desk) = Desk::open().await else { return };
    let row = |number: usize| format!("T{number};Tasse {number};4,50;{}\n", "x".repeat(980));
    let rows: String = (0..9_000).map(row).collect();
    let list = format!("ArtNr;Bezeichnung;VK-Preis;Notiz\n{rows}");
    assert!(list.len() > 8 << 20);
    fs::write(desk.folder.path().join("large.csv"), &list).unwrap();
    let url = desk.fleet.url("/admin/import");
    desk.visitor.go(&url).await;
    desk.choose("large.csv").await;
    // The line breaks off within the first piece.
    let broken = "(() => { const real = fetch; window.fetch = (path, options = {}) => {
        if (options.method !== 'PATCH') return real(path, options);
        sessionStorage.pieces = Number(sessionStorage.pieces ?? 0) + 1;
        if (sessionStorage.pieces !== '1') return real(path, options);
        const part = { ...options, body: options.body.slice(0, 5000000) };
        return real(path, part).then(() => { throw new TypeError('broken off'); });
    } })()";
    desk.visitor.value(broken).await;
    desk.visitor.tab_to("main form .button").await;
    desk.visitor.press("Enter").await;
    desk.ended_with("check how the columns are read").await;
    assert_eq!(desk.visitor.value("sessionStorage.pieces").await, "2");
    let id = desk.visitor.value("location.pathname.split('/').pop()").await;
    let address = desk.fleet.url(&format!("/v1/imports/{}", id.as_str().unwrap()));
    let report = testkit::get(&address).await.unwrap().json()["report"].clone();
    assert_eq!(report["sizeBytes"], list.len().to_string());
    assert_eq!(report["fileName"], "large.csv");
}
