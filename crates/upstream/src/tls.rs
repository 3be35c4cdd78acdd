//! TLS for calls to other services.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context as _;
use certificates::{Reloading, chain, private_key, provider, roots};
use tokio::net::TcpStream;
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{ClientConfig, pki_types::ServerName},
};

/// TLS to upstream services. Files are PEM, and are checked for changes every two seconds.
#[derive(Debug, Clone, Default, clap::Args, serde::Serialize)]
pub struct UpstreamTlsArgs {
    /// CA certificates that upstream services' certificates must chain to. Without this, calls are
    /// plain text.
    #[arg(long, env = "UPSTREAM_TLS_CA", value_name = "FILE")]
    pub upstream_tls_ca: Option<PathBuf>,

    /// The client certificate, followed by its intermediates.
    #[arg(
        long,
        env = "UPSTREAM_TLS_CERT",
        value_name = "FILE",
        requires_all = ["upstream_tls_ca", "upstream_tls_key"]
    )]
    pub upstream_tls_cert: Option<PathBuf>,

    /// The client certificate's key.
    #[arg(long, env = "UPSTREAM_TLS_KEY", value_name = "FILE", requires = "upstream_tls_cert")]
    pub upstream_tls_key: Option<PathBuf>,

    /// The host name that upstream services' certificates must match. Default: the host of the
    /// endpoint's address.
    #[arg(long, env = "UPSTREAM_TLS_NAME", value_name = "NAME", requires = "upstream_tls_ca")]
    pub upstream_tls_name: Option<String>,
}

/// The TLS configuration of a client. Cheap to clone.
#[derive(Clone)]
pub struct ClientTls {
    config: Arc<Reloading<ClientConfig>>,
    name: Option<ServerName<'static>>,
}

impl ClientTls {
    /// Reads the files, and again when they change, on the current runtime. `None` without a CA.
    ///
    /// # Errors
    /// A file cannot be used, or the name is not a host name.
    pub fn new(args: &UpstreamTlsArgs) -> anyhow::Result<Option<Self>> {
        let Some(ca) = args.upstream_tls_ca.clone() else { return Ok(None) };
        let own = args.upstream_tls_cert.clone().into_iter().chain(args.upstream_tls_key.clone());
        let files: Vec<PathBuf> = std::iter::once(ca).chain(own).collect();
        let name = args.upstream_tls_name.clone().map(ServerName::try_from).transpose();
        let name = name.context("--upstream-tls-name is not a host name")?;
        let names = files.clone();
        let make = move |contents: &[Vec<u8>]| config(contents, &names);
        let config = Reloading::new(files, make).context("configuring TLS to upstream services")?;
        Ok(Some(Self { config, name }))
    }

    /// Performs the TLS handshake with the service at `host`.
    ///
    /// # Errors
    /// The server does not speak TLS, or its certificate is not trusted or not valid for the name.
    pub async fn connect(&self, stream: TcpStream, host: &str) -> io::Result<TlsStream<TcpStream>> {
        let name = match &self.name {
            Some(name) => name.clone(),
            None => ServerName::try_from(host.trim_matches(['[', ']']).to_owned())
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?,
        };
        TlsConnector::from(self.config.get()).connect(name, stream).await
    }
}

impl std::fmt::Debug for ClientTls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientTls").field("name", &self.name).finish_non_exhaustive()
    }
}

fn config(contents: &[Vec<u8>], files: &[PathBuf]) -> anyhow::Result<ClientConfig> {
    let file = |index: usize| -> (&[u8], &Path) { (&contents[index], &files[index]) };
    let ca = file(0);
    let builder = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots(ca.0, ca.1)?);
    let mut config = match contents.len() {
        3 => {
            let (cert, key) = (file(1), file(2));
            builder
                .with_client_auth_cert(chain(cert.0, cert.1)?, private_key(key.0, key.1)?)
                .context("the client certificate does not match its key")?
        }
        _ => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(config)
}
