//! TLS of the public port.
//!
//! With a client CA, clients must present a certificate of it; handlers find its names among the
//! extensions of a request ([`PeerIdentity`]).

mod identity;

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context as _;
use certificates::{Reloading, chain, private_key, provider, roots};
use tokio::net::TcpStream;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, server::WebPkiClientVerifier},
    server::TlsStream,
};

pub use identity::PeerIdentity;

/// TLS of the public port. Files are PEM and checked for changes every two seconds.
#[derive(Debug, Clone, Default, clap::Args, serde::Serialize)]
pub struct TlsArgs {
    /// Certificate chain of the server. With --tls-key: the public port accepts TLS only.
    #[arg(long, env = "TLS_CERT", value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,

    /// Private key of the certificate.
    #[arg(long, env = "TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,

    /// CAs that client certificates must be issued by (mutual TLS).
    #[arg(long, env = "TLS_CLIENT_CA", value_name = "FILE", requires = "tls_cert")]
    pub tls_client_ca: Option<PathBuf>,

    /// Accept clients without a certificate; one that is presented must still be valid.
    #[arg(long, env = "TLS_CLIENT_OPTIONAL", requires = "tls_client_ca")]
    pub tls_client_optional: bool,
}

/// The TLS of a server.
#[derive(Clone)]
pub(crate) struct ServerTls(Arc<Reloading<ServerConfig>>);

impl ServerTls {
    /// None without a certificate. Needs a runtime, for the task that watches the files.
    ///
    /// # Errors
    /// A file is unusable; names it and the reason.
    pub(crate) fn new(args: &TlsArgs) -> anyhow::Result<Option<Self>> {
        let (Some(cert), Some(key)) = (args.tls_cert.clone(), args.tls_key.clone()) else {
            return Ok(None);
        };
        let files = [cert, key].into_iter().chain(args.tls_client_ca.clone()).collect::<Vec<_>>();
        let (names, optional) = (files.clone(), args.tls_client_optional);
        let make = move |held: &[Vec<u8>]| config(held, &names, optional);
        Ok(Some(Self(Reloading::new(files, make).context("TLS of the public port")?)))
    }

    /// Performs the handshake; returns the stream and the client's identity, if any.
    ///
    /// # Errors
    /// The peer does not speak TLS, or presents no valid certificate where one is required.
    pub(crate) async fn accept(
        &self,
        stream: TcpStream,
    ) -> io::Result<(TlsStream<TcpStream>, Option<PeerIdentity>)> {
        let stream = TlsAcceptor::from(self.0.get()).accept(stream).await?;
        let shown = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
        let identity = shown.and_then(|certificate| PeerIdentity::of(certificate));
        Ok((stream, identity))
    }
}

impl std::fmt::Debug for ServerTls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServerTls")
    }
}

fn config(held: &[Vec<u8>], files: &[PathBuf], optional: bool) -> anyhow::Result<ServerConfig> {
    let file = |index: usize| -> (&[u8], &Path) { (&held[index], &files[index]) };
    let (cert, key) = (file(0), file(1));
    let builder =
        ServerConfig::builder_with_provider(provider()).with_safe_default_protocol_versions()?;
    let builder = match held.len() {
        2 => builder.with_no_client_auth(),
        _ => {
            let ca = file(2);
            let roots = roots(ca.0, ca.1)?;
            let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider());
            let verifier = if optional { verifier.allow_unauthenticated() } else { verifier };
            builder.with_client_cert_verifier(verifier.build().context("the CA of callers")?)
        }
    };
    let mut config = builder
        .with_single_cert(chain(cert.0, cert.1)?, private_key(key.0, key.1)?)
        .context("the certificate does not go with its key")?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
