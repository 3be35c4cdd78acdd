//! A person at a browser.

use serde_json::{Value, json};
use testkit::{Browser, Fleet, Page, until};

/// A page of a browser, as a person sees it and types into it.
pub(crate) struct Visitor {
    browser: Browser,
    page: Page,
}

impl Visitor {
    /// Opens a window at this address.
    pub(crate) async fn open(mut browser: Browser, url: &str) -> Self {
        let page = browser.open(url).await.unwrap();
        let mut visitor = Self { browser, page };
        visitor
            .until("document.readyState === 'complete' && location.href !== 'about:blank'")
            .await;
        visitor
    }

    /// Goes to an address, and waits until its page is complete.
    pub(crate) async fn go(&mut self, url: &str) {
        self.command("Page.navigate", json!({ "url": url })).await;
        let path = url.splitn(4, '/').nth(3).unwrap_or_default();
        let there =
            format!("location.href.endsWith({path:?}) && document.readyState === 'complete'");
        self.until(&there).await;
    }

    /// Signs in at the desk without a key, which may do everything as long as there is none.
    pub(crate) async fn sign_in(&mut self, fleet: &Fleet) {
        self.go(&fleet.url("/admin/sign-in")).await;
        self.value("document.querySelector('[name=key]').form.submit()").await;
        self.until("location.pathname === '/admin/products'").await;
    }

    /// Sets the size of the window, in pixels; a narrow one is a phone's.
    pub(crate) async fn screen(&mut self, width: u32, height: u32) {
        let screen = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600,
        });
        self.command("Emulation.setDeviceMetricsOverride", screen).await;
    }

    /// Sets the languages that the browser accepts.
    pub(crate) async fn languages(&mut self, languages: &str) {
        let agent = json!({ "userAgent": "test", "acceptLanguage": languages });
        self.command("Emulation.setUserAgentOverride", agent).await;
    }

    /// Sends a command of the DevTools protocol, and returns its result.
    pub(crate) async fn command(&mut self, method: &str, params: Value) -> Value {
        self.browser.command(&self.page, method, params).await.unwrap()
    }

    /// The value of a JavaScript expression; null on a page that is about to be left.
    pub(crate) async fn value(&mut self, expression: &str) -> Value {
        self.browser.evaluate(&self.page, expression).await.unwrap_or_default()
    }

    /// Waits until a JavaScript condition holds.
    pub(crate) async fn until(&mut self, condition: &str) {
        until(condition, async || (self.value(condition).await == true).then_some(())).await;
    }

    pub(crate) async fn press(&mut self, key: &str) {
        self.browser.press(&self.page, key).await.unwrap();
    }

    /// Presses the submit button of the page's form by the keyboard, and waits until the next page is complete.
    pub(crate) async fn submit(&mut self) {
        self.tab_to("main form .button").await;
        self.value("document.documentElement.dataset.old = 'yes'").await;
        self.press("Enter").await;
        self.until("!document.documentElement.dataset.old && document.readyState === 'complete'")
            .await;
    }

    pub(crate) async fn write(&mut self, text: &str) {
        self.command("Input.insertText", json!({ "text": text })).await;
    }

    /// Presses Tab until the focus is on an element of this selector.
    pub(crate) async fn tab_to(&mut self, selector: &str) {
        let is_there = format!("!!document.activeElement?.matches({selector:?})");
        for _ in 0..120 {
            self.press("Tab").await;
            if self.value(&is_there).await == true {
                return;
            }
        }
        panic!("no Tab leads to {selector}");
    }
}
