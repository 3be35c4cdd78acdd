//! The storefront in a real browser.

use std::time::{Duration, Instant};

use testkit::{Browser, Fleet, get_page, post, until};

use crate::data::with_demo;

#[tokio::test(flavor = "multi_thread")]
async fn stock_change_is_shown_on_an_open_page_within_a_second() {
    let Some(mut browser) = Browser::start().await.unwrap() else { return };
    let fleet = Fleet::start().await;
    let mut stock = 300;
    let product = r#"{"id":"watched","name":"Watched pot","stockQty":300}"#;
    assert_eq!(post(&fleet.url("/v1/products"), product).await.unwrap().status, 201);

    let page = browser.open(&fleet.url("/p/watched")).await.unwrap();
    let live = "document.querySelector('#live')?.dataset.state";
    until("the page is open and live", async || {
        (browser.evaluate(&page, live).await.ok()? == "on").then_some(())
    })
    .await;
    let figure = "document.querySelector('#stock').textContent";
    let mut took = Vec::new();
    for _ in 0..5 {
        let changed = fleet.catctl(&["stock", "watched", "+7"]).await;
        assert_eq!(changed.code, Some(0), "{changed:?}");
        let began = Instant::now();
        stock += 7;
        until("the page shows the new stock", async || {
            let shown = browser.evaluate(&page, figure).await.unwrap();
            (shown == format!("{stock} in stock")).then_some(())
        })
        .await;
        took.push(began.elapsed());
    }
    took.sort();
    println!("stock changes showed after {took:?}");
    assert!(took[2] < Duration::from_secs(1), "{took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn results_are_shown_while_typing() {
    let Some(mut browser) = Browser::start().await.unwrap() else { return };
    let fleet = Fleet::start().await;
    with_demo(&fleet).await;
    let page = browser.open(&fleet.url("/")).await.unwrap();
    let ready = "document.readyState === 'complete' && !!document.querySelector('input[name=q]')";
    until("the page is open", async || {
        (browser.evaluate(&page, ready).await.ok()? == true).then_some(())
    })
    .await;
    let typed = "(() => { const box = document.querySelector('input[name=q]'); box.value = 'mu'; \
                 box.dispatchEvent(new Event('input', { bubbles: true })); })()";
    browser.evaluate(&page, typed).await.unwrap();
    let names =
        "[...document.querySelectorAll('main a[href^=\"/p/\"]')].map(a => a.textContent).join()";
    until("mugs are shown", async || {
        let shown = browser.evaluate(&page, names).await.ok()?;
        let shown = shown.as_str()?.to_lowercase();
        (shown.contains("mug") && location_has(&mut browser, &page, "q=mu").await).then_some(())
    })
    .await;
}

async fn location_has(browser: &mut Browser, page: &testkit::Page, part: &str) -> bool {
    let location = browser.evaluate(page, "location.search").await;
    location.is_ok_and(|location| location.as_str().is_some_and(|text| text.contains(part)))
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_work_without_javascript_and_errors_are_html() {
    let fleet = Fleet::start().await;
    with_demo(&fleet).await;
    let home = get_page(&fleet.url("/")).await.unwrap();
    assert_eq!(home.status, 200);
    let csp = home.headers["content-security-policy"].to_str().unwrap();
    assert!(csp.contains("script-src 'self'") && !csp.contains("unsafe"), "{csp}");
    let results = get_page(&fleet.url("/?q=mug")).await.unwrap().text();
    assert!(results.contains("href=\"/p/"), "{results}");
    let missing = get_page(&fleet.url("/p/no-such-product")).await.unwrap();
    assert_eq!(missing.status, 404);
    assert!(missing.headers["content-type"].to_str().unwrap().starts_with("text/html"));
}
