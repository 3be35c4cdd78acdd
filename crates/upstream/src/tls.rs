//! TLS for our calls to other services.

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

/// TLS to the services behind us. Files are PEM and are looked at every two seconds.
#[derive(Debug, Clone, Default, clap::Args, serde::Serialize)]
pub struct UpstreamTlsArgs {
    /// CAs, of one of which the services behind us must show a certificate; not set: they are called
    /// without TLS.
    #[arg(long, env = "UPSTREAM_TLS_CA", value_name = "FILE")]
    pub upstream_tls_ca: Option<PathBuf>,

    /// The certificate that we show them, and those between it and its CA.
    #[arg(
        long,
        env = "UPSTREAM_TLS_CERT",
        value_name = "FILE",
        requires_all = ["upstream_tls_ca", "upstream_tls_key"]
    )]
    pub upstream_tls_cert: Option<PathBuf>,

    /// Its key.
    #[arg(long, env = "UPSTREAM_TLS_KEY", value_name = "FILE", requires = "upstream_tls_cert")]
    pub upstream_tls_key: Option<PathBuf>,

    /// The name that their certificates must be for, where they are found by address; not set: the
    /// host of their address.
    #[arg(long, env = "UPSTREAM_TLS_NAME", value_name = "NAME", requires = "upstream_tls_ca")]
    pub upstream_tls_name: Option<String>,
}

/// The TLS of a caller. Cheap to clone.
#[derive(Clone)]
pub struct ClientTls {
    config: Arc<Reloading<ClientConfig>>,
    name: Option<ServerName<'static>>,
}

impl ClientTls {
    /// None without a CA. Call it inside the background runtime.
    ///
    /// # Errors
    /// A file cannot be used; says which, and why.
    pub fn new(args: &UpstreamTlsArgs) -> anyhow::Result<Option<Self>> {
        let Some(ca) = args.upstream_tls_ca.clone() else { return Ok(None) };
        let own = args.upstream_tls_cert.clone().into_iter().chain(args.upstream_tls_key.clone());
        let files: Vec<PathBuf> = std::iter::once(ca).chain(own).collect();
        let name = args.upstream_tls_name.clone().map(ServerName::try_from).transpose();
        let name = name.context("--upstream-tls-name is no host name")?;
        let names = files.clone();
        let make = move |held: &[Vec<u8>]| config(held, &names);
        let config = Reloading::new(files, make).context("TLS to the services behind us")?;
        Ok(Some(Self { config, name }))
    }

    /// Agrees with the service at `host` on a connection that is there.
    ///
    /// # Errors
    /// It does not speak TLS, or shows no good certificate of the name.
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

fn config(held: &[Vec<u8>], files: &[PathBuf]) -> anyhow::Result<ClientConfig> {
    let file = |index: usize| -> (&[u8], &Path) { (&held[index], &files[index]) };
    let ca = file(0);
    let builder = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots(ca.0, ca.1)?);
    let mut config = match held.len() {
        3 => {
            let (cert, key) = (file(1), file(2));
            builder
                .with_client_auth_cert(chain(cert.0, cert.1)?, private_key(key.0, key.1)?)
                .context("our certificate does not go with its key")?
        }
        _ => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(config)
}
