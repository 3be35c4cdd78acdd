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

const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
const PATIENCE: Duration = Duration::from_secs(60);

/// A running browser. Ends when it is dropped.
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
    /// Starts the browser of `CHROMIUM` or of the PATH; nothing, said aloud, where there is none.
    ///
    /// # Errors
    /// It does not start or cannot be talked to.
    ///
    /// # Panics
    /// With `CI=true` and no browser.
    pub async fn start() -> anyhow::Result<Option<Self>> {
        let Some(program) = find() else {
            let cure = "apt-get install chromium";
            let in_ci = std::env::var_os("CI").is_some_and(|ci| ci == "true");
            assert!(!in_ci, "no browser. Cure: {cure}");
            eprintln!("skipped: there is no browser to look at the page with. Cure: {cure}");
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
        let url = timeout(PATIENCE, devtools_url(BufReader::new(stderr).lines())).await??;
        let (socket, _) = connect_async(url).await.context("talking to the browser")?;
        Ok(Some(Self { socket, last_id: 0, _process: process, _profile: profile }))
    }

    /// Opens a page.
    ///
    /// # Errors
    /// The browser does not.
    pub async fn open(&mut self, url: &str) -> anyhow::Result<Page> {
        let target = self.ask("Target.createTarget", json!({ "url": url }), None).await?;
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = self.ask("Target.attachToTarget", attach, None).await?;
        let session = session["sessionId"].as_str().context("a session")?.to_owned();
        Ok(Page { session })
    }

    /// The value of a JavaScript expression in the page; promises are waited for.
    ///
    /// # Errors
    /// The expression throws.
    pub async fn evaluate(&mut self, page: &Page, expression: &str) -> anyhow::Result<Value> {
        let ask = json!({
            "expression": expression, "returnByValue": true, "awaitPromise": true,
        });
        let answer = self.ask("Runtime.evaluate", ask, Some(&page.session)).await?;
        if let Some(thrown) = answer.get("exceptionDetails") {
            bail!("`{expression}` threw {thrown}");
        }
        Ok(answer["result"]["value"].clone())
    }

    async fn ask(
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
        let answer = async {
            while let Some(message) = self.socket.next().await {
                let Message::Text(text) = message? else { continue };
                let message: Value = serde_json::from_str(&text)?;
                if message["id"] == self.last_id {
                    return Ok(message);
                }
            }
            bail!("the browser went away")
        };
        let mut answer = timeout(PATIENCE, answer).await.context("the browser is silent")??;
        match answer.get("error") {
            Some(error) => bail!("{method}: {error}"),
            None => Ok(answer["result"].take()),
        }
    }
}

type Lines = tokio::io::Lines<BufReader<tokio::process::ChildStderr>>;

/// The browser announces where it listens among other things it says. The rest is read on and
/// thrown away, so that it never waits for a full pipe.
async fn devtools_url(mut lines: Lines) -> anyhow::Result<String> {
    while let Some(line) = lines.next_line().await? {
        if let Some((_, url)) = line.split_once("DevTools listening on ") {
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok(url.trim().to_owned());
        }
    }
    bail!("the browser ended before it listened")
}

fn find() -> Option<PathBuf> {
    if let Some(program) = std::env::var_os("CHROMIUM") {
        return Some(program.into());
    }
    let path = std::env::var_os("PATH")?;
    let candidates = std::env::split_paths(&path).flat_map(|dir| NAMES.map(|name| dir.join(name)));
    candidates.into_iter().find(|program| program.is_file())
}
