//! Connections to the server, with TLS for https.

use std::{fs, path::Path, time::Duration};

use anyhow::{Context as _, Result};
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};

use crate::{
    exit::Kind,
    target::{Target, TlsFiles},
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// HTTP/2 ping interval of a silent connection, and the timeout of each ping.
const KEEP_ALIVE: Duration = Duration::from_secs(10);

/// The URL of the target, and a channel to it that connects with the first request.
///
/// # Errors
/// An invalid address, or one with another scheme than `http` and `https`; unusable certificates.
pub(crate) fn connect(target: &Target) -> Result<(String, Channel)> {
    let server = &target.server;
    let url = if server.contains("://") { server.clone() } else { format!("http://{server}") };
    let is_secure = url.starts_with("https://");
    if !is_secure && !url.starts_with("http://") {
        let message = format!("--server {url}: must begin with http:// or https://");
        return Err(Kind::Usage.error(message));
    }
    if !is_secure && target.tls != TlsFiles::default() {
        let message = format!("--server {url}: --ca and --cert are for https://");
        return Err(Kind::Usage.error(message));
    }
    let mut endpoint = Endpoint::from_shared(url.clone())
        .with_context(|| format!("--server {url}: must be a URL like http://127.0.0.1:8080"))?
        .connect_timeout(CONNECT_TIMEOUT)
        .http2_keep_alive_interval(KEEP_ALIVE)
        .keep_alive_timeout(KEEP_ALIVE);
    if is_secure {
        endpoint = endpoint.tls_config(tls(&target.tls)?).context("TLS")?;
    }
    Ok((url, endpoint.connect_lazy()))
}

fn tls(files: &TlsFiles) -> Result<ClientTlsConfig> {
    let mut config = match &files.ca {
        None => ClientTlsConfig::new().with_native_roots(),
        Some(file) => {
            ClientTlsConfig::new().ca_certificate(Certificate::from_pem(read("--ca", file)?))
        }
    };
    if let (Some(cert), Some(key)) = (&files.cert, &files.cert_key) {
        config =
            config.identity(Identity::from_pem(read("--cert", cert)?, read("--cert-key", key)?));
    }
    Ok(config)
}

fn read(flag: &str, file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("{flag} {}", file.display()))
}
