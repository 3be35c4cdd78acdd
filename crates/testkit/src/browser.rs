//! A headless Chromium, driven over the DevTools protocol.

use std::{path::PathBuf, process::Stdio, time::Duration};

use anyhow::{Context as _, bail};
use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpStream,
    process::{Child, Command},
    time::timeout,
};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

use crate::skip::skip;

const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
const TIMEOUT: Duration = Duration::from_secs(60);

/// A browser process. Ends when it is dropped.
#[derive(Debug)]
pub struct Browser {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    last_id: u64,
    _process: Child,
    _profile: TempDir,
}

/// A page of a [`Browser`].
#[derive(Debug, Clone)]
pub struct Page {
    session: String,
}

impl Browser {
    /// Starts the browser of `CHROMIUM`, or one on `PATH`. `None`, reported on standard error, without a browser.
    ///
    /// # Errors
    /// The browser does not start, or the connection to it fails.
    ///
    /// # Panics
    /// With `CI=true`, without a browser.
    pub async fn start() -> anyhow::Result<Option<Self>> {
        let Some(program) = find() else {
            skip("browser", "", "apt-get install chromium");
            return Ok(None);
        };
        let profile = tempfile::tempdir()?;
        let mut process = Command::new(&program)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"])
            .args(["--no-first-run", "--disable-background-networking", "--disable-sync"])
            .args(["--disable-component-update", "--disable-dev-shm-usage"])
            .args(["--remote-debugging-port=0", "about:blank"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        let stderr = process.stderr.take().context("standard error is piped")?;
        let url = timeout(TIMEOUT, devtools_url(BufReader::new(stderr).lines())).await??;
        let (socket, _) = connect_async(url).await.context("connecting to the browser")?;
        Ok(Some(Self { socket, last_id: 0, _process: process, _profile: profile }))
    }

    /// Opens a page.
    ///
    /// # Errors
    /// The browser refuses.
    pub async fn open(&mut self, url: &str) -> anyhow::Result<Page> {
        let target = self.call("Target.createTarget", json!({ "url": url }), None).await?;
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = self.call("Target.attachToTarget", attach, None).await?;
        let session = session["sessionId"].as_str().context("no session id")?.to_owned();
        Ok(Page { session })
    }

    /// Evaluates a JavaScript expression in the page; awaits promises.
    ///
    /// # Errors
    /// The expression throws.
    pub async fn evaluate(&mut self, page: &Page, expression: &str) -> anyhow::Result<Value> {
        let params = json!({
            "expression": expression, "returnByValue": true, "awaitPromise": true,
        });
        let response = self.call("Runtime.evaluate", params, Some(&page.session)).await?;
        if let Some(thrown) = response.get("exceptionDetails") {
            bail!("`{expression}` threw {thrown}");
        }
        Ok(response["result"]["value"].clone())
    }

    /// Sends a command of the DevTools protocol to a page, such as `Emulation.setDeviceMetricsOverride`.
    ///
    /// # Errors
    /// The browser refuses.
    pub async fn command(
        &mut self,
        page: &Page,
        method: &str,
        params: Value,
    ) -> anyhow::Result<Value> {
        self.call(method, params, Some(&page.session)).await
    }

    /// Presses a key, such as `Tab` or `Enter`, on the element that has the focus.
    ///
    /// # Errors
    /// The browser refuses.
    pub async fn press(&mut self, page: &Page, key: &str) -> anyhow::Result<()> {
        let code = match key {
            "Tab" => 9,
            "Enter" => 13,
            "Escape" => 27,
            "ArrowUp" => 38,
            "ArrowDown" => 40,
            other => bail!("no code for the key {other}"),
        };
        let text = if key == "Enter" { "\r" } else { "" };
        for kind in ["keyDown", "keyUp"] {
            let params = json!({
                "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code,
                "text": if kind == "keyDown" { text } else { "" },
            });
            self.command(page, "Input.dispatchKeyEvent", params).await?;
        }
        Ok(())
    }

    async fn call(
        &mut self,
        method: &str,
        params: Value,
        session: Option<&str>,
    ) -> anyhow::Result<Value> {
        self.last_id += 1;
        let mut message = json!({ "id": self.last_id, "method": method, "params": params });
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        self.socket.send(Message::text(message.to_string())).await?;
        let response = async {
            while let Some(message) = self.socket.next().await {
                let Message::Text(text) = message? else { continue };
                let message: Value = serde_json::from_str(&text)?;
                if message["id"] == self.last_id {
                    return Ok(message);
                }
            }
            bail!("the browser closed the connection")
        };
        let mut response = timeout(TIMEOUT, response).await.context("the browser timed out")??;
        match response.get("error") {
            Some(error) => bail!("{method}: {error}"),
            None => Ok(response["result"].take()),
        }
    }
}

type Lines = tokio::io::Lines<BufReader<tokio::process::ChildStderr>>;

/// The DevTools URL, from the browser's standard error. Reads and discards the rest, because a full pipe
/// would block the browser.
async fn devtools_url(mut lines: Lines) -> anyhow::Result<String> {
    while let Some(line) = lines.next_line().await? {
        if let Some((_, url)) = line.split_once("DevTools listening on ") {
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok(url.trim().to_owned());
        }
    }
    bail!("the browser ended before it was listening")
}

/// The program of the browser.
fn find() -> Option<PathBuf> {
    if let Some(program) = std::env::var_os("CHROMIUM") {
        return Some(program.into());
    }
    let path = std::env::var_os("PATH")?;
    let candidates = std::env::split_paths(&path).flat_map(|dir| NAMES.map(|name| dir.join(name)));
    candidates.into_iter().find(|program| program.is_file())
}
