//! Pictures of the pages, in `docs/images`. `cargo xtask screenshots` takes them again, by `SCREENSHOTS=write`; otherwise
//! the test takes them too, and checks that the folder and the documents have a picture of each.

use std::{collections::BTreeSet, fs};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::Method;
use serde_json::json;
use testkit::{Browser, Fleet, HttpClient, get_page, patch, repository, until};

use crate::{data::with_demo, visitor::Visitor};

struct Shot {
    /// File name without its extension.
    name: &'static str,
    path: &'static str,
    width: u32,
    language: &'static str,
    is_dark: bool,
}

const DESKTOP: u32 = 1_280;
const PHONE: u32 = 390;
const HEIGHT: u32 = 800;

const SHOTS: [Shot; 11] = [
    shot("storefront", "/?q=mug+under+20+euro", DESKTOP),
    shot("product", "/p/kiln-stoneware-mug-ember", DESKTOP),
    Shot { language: "de", ..shot("storefront-phone", "/?q=mug", PHONE) },
    Shot { is_dark: true, ..shot("product-phone", "/p/kiln-stoneware-mug-ember", PHONE) },
    shot("desk-products", "/admin/products", DESKTOP),
    shot("desk-product", "/admin/products/kiln-stoneware-mug-ember", DESKTOP),
    shot("desk-history", "/admin/products/kiln-stoneware-mug-ember/history", DESKTOP),
    shot("desk-search", "/admin/search", DESKTOP),
    shot("desk-import", "/admin/import/prices", DESKTOP),
    shot("operations", "/ops", DESKTOP),
    shot("reference", "/docs", DESKTOP),
];

const fn shot(name: &'static str, path: &'static str, width: u32) -> Shot {
    Shot { name, path, width, language: "en", is_dark: false }
}

impl Shot {
    /// Takes the picture: a PNG file.
    async fn take(&self, visitor: &mut Visitor, fleet: &Fleet) -> Vec<u8> {
        visitor.screen(self.width, HEIGHT).await;
        let scheme = if self.is_dark { "dark" } else { "light" };
        let media = json!({
            "features": [{ "name": "prefers-color-scheme", "value": scheme },
                         { "name": "prefers-reduced-motion", "value": "reduce" }],
        });
        visitor.command("Emulation.setEmulatedMedia", media).await;
        visitor.languages(self.language).await;
        visitor.go(&fleet.url(self.path)).await;
        // Pictures below the window are loaded when they are scrolled to.
        visitor
            .until(
                "[...document.images].filter(it => it.getBoundingClientRect().top < innerHeight)
                    .every(it => it.complete && it.naturalWidth > 0)",
            )
            .await;
        let picture = visitor.command("Page.captureScreenshot", json!({ "format": "png" })).await;
        BASE64_STANDARD.decode(picture["data"].as_str().expect("a picture")).expect("base64")
    }
}

/// Width and height of a PNG file, from its first chunk.
fn size_of(png: &[u8]) -> (u32, u32) {
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes"));
    assert_eq!(&png[1..4], b"PNG");
    (number(16), number(20))
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_show_each_page() {
    let Some(browser) = Browser::start().await.unwrap() else { return };
    let fleet = Fleet::start().await;
    with_demo(&fleet).await;
    with_history(&fleet).await;
    with_import(&fleet).await;
    let mut visitor = Visitor::open(browser, "about:blank#").await;
    visitor.sign_in(&fleet).await;
    let folder = repository().join("docs/images");
    let writes = std::env::var_os("SCREENSHOTS").is_some_and(|it| it == "write");
    for shot in &SHOTS {
        let picture = shot.take(&mut visitor, &fleet).await;
        let size = (shot.width, HEIGHT);
        assert_eq!(size_of(&picture), size, "{}", shot.name);
        let file = folder.join(shot.name).with_extension("png");
        if writes {
            fs::write(&file, &picture).unwrap();
        }
        let kept = fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert_eq!(size_of(&kept), size, "{}: run `cargo xtask screenshots`", shot.name);
        let colours = "new Set([...document.querySelectorAll('*')].map(it => getComputedStyle(it).color)).size";
        let colours = visitor.value(colours).await.as_u64();
        assert!(colours.is_some_and(|colours| colours > 1), "{} has no style", shot.name);
    }
    let names: BTreeSet<_> = SHOTS.iter().map(|shot| format!("{}.png", shot.name)).collect();
    let files =
        fs::read_dir(&folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
    assert_eq!(files.collect::<BTreeSet<_>>(), names, "files of docs/images");
    let documents = [
        "README.md",
        "docs/storefront.md",
        "docs/desk.md",
        "docs/operations.md",
        "clients/README.md",
    ]
    .map(|path| fs::read_to_string(repository().join(path)).unwrap());
    for name in names {
        let link = format!("images/{name})");
        assert!(documents.iter().any(|text| text.contains(&link)), "no document shows {name}");
    }
}

/// Rehearses the import `prices`.
async fn with_import(fleet: &Fleet) {
    let list = "ArtNr;Bezeichnung;VK-Preis;Marke\n\
        kiln-stoneware-mug-ember;Stoneware Mug, Ember;15,90;Kiln & Cobble\n\
        kiln-stoneware-mug-blue;Stoneware Mug, Harbour Blue;15,90;Kiln & Cobble\n\
        kiln-tea-bowl;Tea Bowl;12,00;Kiln & Cobble\n\
        kiln-milk-jug;Milk Jug;on request;Kiln & Cobble\n";
    let map = "id = \"ArtNr\"\nname = \"Bezeichnung\"\nbrand = \"Marke\"\nprice = \"VK-Preis\"\n";
    let part = |name: &str, value: &str| {
        format!("--xYz\r\nContent-Disposition: form-data; name={name}\r\n\r\n{value}\r\n")
    };
    let named = part("file; filename=prices.csv", list);
    let form = [part("dryRun", "true"), part("map", map), named, "--xYz--\r\n".to_owned()].concat();
    let http = HttpClient::new(fleet.url(""));
    let headers =
        [("content-type", "multipart/form-data; boundary=xYz"), ("idempotency-key", "prices")];
    let begun = http.send(Method::POST, "/v1/imports", &headers, form).await.unwrap();
    assert_eq!(begun.status, 202, "{}", begun.text());
    until("the import ends", async || {
        let import = http.get("/v1/imports/prices").await.ok()?.json();
        (import["state"] == "SUCCEEDED").then_some(())
    })
    .await;
}

/// Changes a product, and searches for what is not there.
async fn with_history(fleet: &Fleet) {
    let url = fleet.url("/v1/products/kiln-stoneware-mug-ember?updateMask=name");
    for name in ["Stoneware Mug, Glowing Ember", "Stoneware Mug, Ember"] {
        let changed = patch(&url, json!({ "name": name }).to_string()).await.unwrap();
        assert_eq!(changed.status, 200, "{}", changed.text());
    }
    for query in ["moka pot", "ukulele strings", "ukulele strings"] {
        let query = query.replace(' ', "+");
        get_page(&fleet.url(&format!("/?q={query}"))).await.unwrap();
    }
    until("the name is found again", async || {
        let found = get_page(&fleet.url("/?q=stoneware+mug")).await.ok()?.text();
        (found.contains("Mug, Ember") && !found.contains("Glowing")).then_some(())
    })
    .await;
}
