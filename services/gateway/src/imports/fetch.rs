//! Downloads a file by its URL: from public addresses only, so that no client reads services inside through the
//! gateway, unless a setting names the host.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};
use futures::future::BoxFuture;
use http::{Request, Response, StatusCode, Uri, header};
use http_body::Body;
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{
        Client,
        connect::{HttpConnector, dns::Name},
    },
    rt::TokioExecutor,
};
use tokio::{
    net::lookup_host,
    time::{Instant, timeout},
};
use tokio_rustls::rustls::crypto::ring;
use tower::Service;

use super::{
    public_address::is_public,
    receive::{Sink, is_too_slow},
};
use crate::problem::Problem;

/// Redirects that are followed.
const MAX_REDIRECTS: usize = 5;
/// Time for a response to begin.
const RESPONSE: Duration = Duration::from_secs(20);
/// Time that a server may send nothing.
const IDLE: Duration = Duration::from_secs(30);
/// Time for a whole download.
const TOTAL: Duration = Duration::from_secs(60 * 60);

/// Hosts that may be asked though their addresses are not public: `name`, or `name:port`.
#[derive(Debug, Clone, Default)]
pub(super) struct AllowedSources(Arc<[String]>);

impl AllowedSources {
    pub(super) fn new(hosts: &[String]) -> Self {
        Self(hosts.iter().map(|host| host.to_ascii_lowercase()).collect())
    }

    fn allow(&self, host: &str, port: u16) -> bool {
        let host = host.to_ascii_lowercase();
        let with_port = format!("{host}:{port}");
        self.0.iter().any(|allowed| *allowed == host || *allowed == with_port)
    }
}

/// The file cannot be written here, such as one that is too large.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.detail)]
pub(super) struct Unwritten(pub(super) Problem);

/// Downloads the file at `url` into `sink`, and returns its size in bytes and its name.
///
/// # Errors
/// The URL or one that it redirects to may not be asked, the server fails or is too slow, or the file is too large.
pub(super) async fn fetch(
    url: &str,
    allowed: &AllowedSources,
    sink: Sink,
) -> Result<(u64, String)> {
    match timeout(TOTAL, fetch_all(url, allowed, sink)).await {
        Ok(fetched) => fetched,
        Err(_) => bail!("the download took more than {} minutes", TOTAL.as_secs() / 60),
    }
}

async fn fetch_all(url: &str, allowed: &AllowedSources, sink: Sink) -> Result<(u64, String)> {
    let mut url = check(url)?;
    for _ in 0..=MAX_REDIRECTS {
        let response = request(&url, allowed).await?;
        let status = response.status();
        if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
            url = redirect(&url, &response)?;
            continue;
        }
        ensure!(status == StatusCode::OK, "{} responds with {status}", shown(&url));
        let coding = response.headers().get(header::CONTENT_ENCODING);
        ensure!(
            coding.is_none_or(|coding| coding == "identity"),
            "{} sends another content-encoding than it was asked for",
            shown(&url)
        );
        let size = download(&url, response.into_body(), sink).await?;
        let name = url.path().rsplit('/').next().unwrap_or_default().to_owned();
        return Ok((size, name));
    }
    bail!("more than {MAX_REDIRECTS} redirects; give the address of the file itself")
}

/// Writes a body to `sink`, and returns its size in bytes.
async fn download<B>(url: &Uri, mut body: B, mut sink: Sink) -> Result<u64>
where
    B: Body<Data = bytes::Bytes, Error: std::error::Error + Send + Sync + 'static> + Unpin,
{
    let (began, mut received) = (Instant::now(), 0);
    while let Some(frame) = timeout(IDLE, body.frame()).await.context("the download has stopped")? {
        let frame = frame.with_context(|| format!("{} broke off", shown(url)))?;
        if let Ok(data) = frame.into_data() {
            received += data.len() as u64;
            // It holds the place of another import.
            let is_slow = is_too_slow(received, began.elapsed());
            ensure!(!is_slow, "{} sends too slowly; send the file itself", shown(url));
            sink.write(&data).await.map_err(Unwritten)?;
        }
    }
    Ok(sink.finish().await.map_err(Unwritten)?)
}

/// Parses a URL that may be asked as far as its form goes.
///
/// # Errors
/// The rule that it breaks.
pub(super) fn check(url: &str) -> Result<Uri> {
    let parsed: Uri = url.parse().context("must be an absolute http or https URL")?;
    let is_http = matches!(parsed.scheme_str(), Some("http" | "https"));
    ensure!(
        is_http && parsed.host().is_some_and(|it| !it.is_empty()),
        "must be an absolute http or https URL"
    );
    let authority = parsed.authority().map_or("", |authority| authority.as_str());
    ensure!(!authority.contains('@'), "must not have a name or a password");
    Ok(parsed)
}

/// The address without its query, which may be secret.
fn shown(url: &Uri) -> String {
    format!(
        "{}://{}{}",
        url.scheme_str().unwrap_or_default(),
        url.host().unwrap_or_default(),
        url.path()
    )
}

async fn request(url: &Uri, allowed: &AllowedSources) -> Result<Response<Incoming>> {
    let host = url.host().unwrap_or_default();
    let port = url.port_u16().unwrap_or(if url.scheme_str() == Some("https") { 443 } else { 80 });
    let is_allowed = allowed.allow(host, port);
    // An address is not looked up.
    if let Ok(address) = host.trim_matches(['[', ']']).parse::<IpAddr>()
        && !is_allowed
    {
        ensure!(is_public(address), "{}", not_public(host));
    }
    let resolver = PublicResolver { any: is_allowed };
    let client = client(resolver)?;
    let request = Request::get(url)
        .header(header::USER_AGENT, concat!("catalogue-gateway/", env!("CARGO_PKG_VERSION")))
        .header(header::ACCEPT_ENCODING, "identity")
        .body(Empty::new())
        .context("the URL cannot be asked")?;
    let response = timeout(RESPONSE, client.request(request)).await;
    let response = response.with_context(|| format!("{} does not respond in time", shown(url)))?;
    response.map_err(|error| {
        let mut cause: &dyn std::error::Error = &error;
        while let Some(next) = cause.source() {
            cause = next;
        }
        anyhow::anyhow!("{} cannot be reached: {cause}", shown(url))
    })
}

/// Where a response redirects to. Every address is checked as the first.
fn redirect(from: &Uri, response: &Response<Incoming>) -> Result<Uri> {
    let location = response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok());
    let location = location.with_context(|| format!("{} redirects to nowhere", shown(from)))?;
    resolve(from, location)
        .with_context(|| format!("{} redirects to an address that cannot be asked", shown(from)))
}

fn resolve(from: &Uri, location: &str) -> Result<Uri> {
    let scheme = from.scheme_str().unwrap_or_default();
    let authority = from.authority().map_or("", |authority| authority.as_str());
    let to = if location.contains("://") {
        location.to_owned()
    } else if let Some(rest) = location.strip_prefix("//") {
        format!("{scheme}://{rest}")
    } else if location.starts_with('/') {
        format!("{scheme}://{authority}{location}")
    } else {
        let folder = from.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{scheme}://{authority}{folder}/{location}")
    };
    let to = check(&to)?;
    // Nothing that was asked for in secret is asked for in the open.
    ensure!(scheme == "http" || to.scheme_str() == Some("https"), "from https to http");
    Ok(to)
}

type Https = Client<HttpsConnector<HttpConnector<PublicResolver>>, Empty<bytes::Bytes>>;

fn client(resolver: PublicResolver) -> Result<Https> {
    let mut http = HttpConnector::new_with_resolver(resolver);
    http.enforce_http(false);
    http.set_connect_timeout(Some(RESPONSE / 2));
    let https = HttpsConnectorBuilder::new()
        .with_provider_and_native_roots(ring::default_provider())
        .context("reading the system's certificate authorities")?
        .https_or_http()
        .enable_http1()
        .wrap_connector(http);
    Ok(Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(https))
}

fn not_public(host: &str) -> String {
    format!("{host} is not a public address; the operator allows it with --import-host {host}")
}

/// Looks names up, and returns their addresses only if all are public: the connection goes to what was checked.
#[derive(Debug, Clone)]
struct PublicResolver {
    /// Whether any address will do.
    any: bool,
}

impl Service<Name> for PublicResolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = BoxFuture<'static, io::Result<Self::Response>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let any = self.any;
        Box::pin(async move {
            let found: Vec<SocketAddr> = lookup_host((name.as_str(), 0)).await?.collect();
            if !any && !found.iter().all(|address| is_public(address.ip())) {
                return Err(io::Error::other(not_public(name.as_str())));
            }
            Ok(found.into_iter())
        })
    }
}

#[cfg(test)]
mod tests {
    use futures::{StreamExt as _, stream};
    use http_body::Frame;
    use http_body_util::StreamBody;
    use tokio::time::sleep;

    use super::{super::spool::Spool, *};

    #[test]
    fn only_http_urls_without_secrets_are_asked() {
        for wrong in [
            "file:///etc/passwd",
            "/list.csv",
            "ftp://a.example/",
            "http://u:p@a.example/",
            "http://",
            "",
        ] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
        assert!(check("https://a.example:8443/list.csv?key=1").is_ok());
    }

    #[test]
    fn redirects_are_resolved_and_stay_secure() {
        let from: Uri = "https://a.example/lists/old.csv?x=1".parse().unwrap();
        for (location, expected) in [
            ("new.csv", "https://a.example/lists/new.csv"),
            ("/new.csv", "https://a.example/new.csv"),
            ("//b.example/new.csv", "https://b.example/new.csv"),
            ("https://c.example/", "https://c.example/"),
        ] {
            assert_eq!(resolve(&from, location).unwrap().to_string(), expected, "{location}");
        }
        for wrong in ["http://a.example/", "file:///etc/passwd", "gopher://a.example/"] {
            assert!(resolve(&from, wrong).is_err(), "{wrong}");
        }
    }

    /// Downloads pieces of this size, of which one comes each second.
    async fn download_pieces(bytes: usize, count: usize) -> Result<u64> {
        let spool = Spool::new(None)?;
        let file = spool.file()?;
        let sink = Sink::create(&file, 1 << 20).await.map_err(Unwritten)?;
        let pieces = stream::iter(0..count).then(move |_| async move {
            sleep(Duration::from_secs(1)).await;
            Ok::<_, io::Error>(Frame::data(bytes::Bytes::from(vec![b'x'; bytes])))
        });
        let url: Uri = "https://a.example/list.csv?key=secret".parse()?;
        download(&url, StreamBody::new(Box::pin(pieces)), sink).await
    }

    #[tokio::test(start_paused = true)]
    async fn a_download_keeps_the_least_rate() {
        assert_eq!(download_pieces(2_000, 60).await.unwrap(), 120_000);
        // A small file may take its time.
        assert_eq!(download_pieces(10, 9).await.unwrap(), 90);
        let error = download_pieces(1_000, 60).await.unwrap_err().to_string();
        assert!(error.contains("too slowly") && !error.contains("secret"), "{error}");
    }

    #[tokio::test]
    async fn addresses_inside_are_not_asked_unless_a_setting_names_them() {
        let none = AllowedSources::default();
        for inside in [
            "http://127.0.0.1:9/",
            "http://[::1]:9/",
            "http://localhost:9/",
            "http://169.254.169.254/latest",
        ] {
            let error = request(&inside.parse().unwrap(), &none).await.unwrap_err().to_string();
            assert!(error.contains("--import-host"), "{error}");
        }
        let allowed = AllowedSources::new(&["LOCALHOST:9".to_owned()]);
        assert!(allowed.allow("localhost", 9) && !allowed.allow("localhost", 10));
        let url: Uri = "http://localhost:9/".parse().unwrap();
        let error = request(&url, &allowed).await.unwrap_err().to_string();
        assert!(error.contains("cannot be reached") && !error.contains("--import-host"), "{error}");
    }
}
