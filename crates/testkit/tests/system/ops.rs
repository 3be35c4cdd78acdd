//! `/ops`, with real services: a killed one, its return, and the page in a browser.

use std::time::{Duration, Instant};

use http::Method;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use testkit::{Browser, Fleet, HttpClient, Service, get_page, until};

use crate::{data::with_demo, visitor::Visitor};

/// The events of `/ops/events`.
struct Snapshots {
    body: Incoming,
    text: String,
}

impl Snapshots {
    async fn open(fleet: &Fleet) -> Self {
        let client = HttpClient::new(fleet.url(""));
        let response = client.open(Method::GET, "/ops/events", &[], "").await.unwrap();
        assert_eq!(response.status(), 200);
        Self { body: response.into_body(), text: String::new() }
    }

    /// Reads until a snapshot has this text, and returns the snapshot.
    async fn with(&mut self, text: &str) -> String {
        let read = async {
            loop {
                while let Some((event, rest)) = self.text.split_once("\n\n") {
                    let (event, rest) = (event.to_owned(), rest.to_owned());
                    self.text = rest;
                    if event.contains("event: board") && event.contains(text) {
                        return event;
                    }
                }
                let frame = self.body.frame().await.expect("the stream continues").unwrap();
                let data = frame.into_data().unwrap_or_default();
                self.text.push_str(std::str::from_utf8(&data).expect("ends with an event"));
            }
        };
        let read = tokio::time::timeout(Duration::from_secs(30), read).await;
        read.unwrap_or_else(|_| panic!("no snapshot with {text}"))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_catalogue_is_shown_within_a_second_and_so_is_its_return() {
    let mut fleet = Fleet::start().await;
    let mut snapshots = Snapshots::open(&fleet).await;
    let all_well = snapshots.with("every breaker closed").await;
    assert!(!all_well.contains("node bad"), "{all_well}");
    for round in 0..3 {
        fleet.kill(Service::Catalogue);
        let killed = Instant::now();
        let shown = snapshots.with("not connected").await;
        let took = killed.elapsed();
        assert!(took < Duration::from_secs(1), "round {round}: {took:?}");
        assert!(shown.contains("connection lost"), "{shown}");
        fleet.restart(Service::Catalogue);
        fleet.ready(Service::Catalogue).await;
        snapshots.with("every breaker closed").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn page_has_what_the_services_say_of_themselves() {
    let fleet = Fleet::start().await;
    let count = with_demo(&fleet).await;
    until("the page is complete", async || {
        // Ten requests a second are kept, and the ones before may have been more.
        assert_eq!(get_page(&fleet.url("/?q=mug")).await.ok()?.status, 200);
        let html = get_page(&fleet.url("/ops")).await.ok()?.text();
        let edges = [Service::Catalogue, Service::Search].map(|it| fleet.addr(it));
        // Search's own calls to the catalogue.
        let behind = format!("<li>catalogue {}: ", edges[0]);
        let texts = [edges[0].as_str(), &edges[1], &behind, "GET /</th>", ">current<"];
        let has_all = texts.iter().all(|text| html.contains(*text));
        (has_all && html.contains(&format!("<td>{count}</td>"))).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn open_page_stays_current_and_fits_a_phone() {
    let Some(browser) = Browser::start().await.unwrap() else { return };
    let mut fleet = Fleet::start().await;
    with_demo(&fleet).await;
    let mut visitor = Visitor::open(browser, "about:blank#").await;
    visitor.screen(360, 740).await;
    visitor.languages("de-DE").await;
    visitor.go(&fleet.url("/ops")).await;
    visitor.until("document.querySelector('#live').textContent === 'Aktuell'").await;
    let width = visitor.value("document.documentElement.scrollWidth").await;
    assert!(width.as_i64().is_some_and(|width| width <= 360), "{width} wide");

    // The focus stays while the page changes.
    visitor.tab_to("[aria-labelledby='builds-heading'][tabindex]").await;
    fleet.kill(Service::Search);
    let shown = "[...document.querySelectorAll('.node.bad .state')]
        .some(it => it.textContent === 'nicht verbunden')";
    visitor.until(shown).await;
    let focus = "document.activeElement.getAttribute('aria-labelledby')";
    assert_eq!(visitor.value(focus).await, "builds-heading");

    // Requests come in while the page is open.
    assert_eq!(get_page(&fleet.url("/p/kiln-stoneware-mug-ember")).await.unwrap().status, 200);
    visitor.until("!!document.querySelector('#rows tr svg')").await;
    visitor.tab_to("#rows summary").await;
    visitor.press("Enter").await;
    visitor.until("!!document.querySelector('#rows details[open] li')").await;

    fleet.kill(Service::Gateway);
    visitor.until("document.querySelector('#live').classList.contains('lost')").await;
    fleet.restart(Service::Gateway);
    fleet.ready(Service::Gateway).await;
    visitor.until("document.querySelector('#live').textContent === 'Aktuell'").await;
}
