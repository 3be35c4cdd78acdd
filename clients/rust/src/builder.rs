//! The settings of a client.

use std::time::Duration;

use tonic::{
    metadata::{MetadataMap, MetadataValue},
    transport::{Certificate, ClientTlsConfig, Endpoint, Identity},
};

use crate::{
    call::Client,
    error::{Error, Result},
};

/// Of an idle connection, so that one that is dead is noticed by the next call.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

impl Client {
    /// A client of the gateway at `url`, such as `http://127.0.0.1:8080`, which connects at the first call.
    ///
    /// # Errors
    /// [`Error::Setting`]: it is no such URL.
    pub fn new(url: impl Into<String>) -> Result<Self> {
        Self::builder(url).build()
    }

    /// The settings of a client of the gateway at `url`.
    pub fn builder(url: impl Into<String>) -> Builder {
        Builder::new(url.into())
    }
}

/// Settings of a [`Client`].
#[derive(Debug, Clone)]
#[must_use]
pub struct Builder {
    url: String,
    key: Option<String>,
    actor: Option<String>,
    timeout: Duration,
    retries: u32,
    ca: Option<Vec<u8>>,
    identity: Option<(Vec<u8>, Vec<u8>)>,
}

impl Builder {
    pub(crate) fn new(url: String) -> Self {
        let timeout = Duration::from_secs(10);
        Self { url, key: None, actor: None, timeout, retries: 3, ca: None, identity: None }
    }

    /// An API key, which `catctl key create` makes, or a token.
    pub fn key(self, key: impl Into<String>) -> Self {
        Self { key: Some(key.into()), ..self }
    }

    /// The actor of writes, kept with each change.
    pub fn actor(self, actor: impl Into<String>) -> Self {
        Self { actor: Some(actor.into()), ..self }
    }

    /// The time of one attempt; 10 seconds if not set. Streams have none.
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// The attempts after the first; 3 if not set.
    pub fn retries(self, retries: u32) -> Self {
        Self { retries, ..self }
    }

    /// The certificates of an authority in PEM, which are trusted instead of the system's.
    pub fn ca_certificate(self, pem: impl Into<Vec<u8>>) -> Self {
        Self { ca: Some(pem.into()), ..self }
    }

    /// A certificate and its key in PEM, by which the client is known.
    pub fn client_certificate(self, pem: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        Self { identity: Some((pem.into(), key.into())), ..self }
    }

    /// The client. It connects at its first call, so it needs a runtime of tokio.
    ///
    /// # Errors
    /// [`Error::Setting`]: a setting cannot be used.
    pub fn build(self) -> Result<Client> {
        let wrong = |name: &str, error: &dyn std::fmt::Display| {
            Error::Setting(format!("{name} cannot be used: {error}"))
        };
        let has_tls = self.url.starts_with("https://");
        if !has_tls && !self.url.starts_with("http://") {
            let text = format!("{} must be a URL such as http://127.0.0.1:8080", self.url);
            return Err(Error::Setting(text));
        }
        let endpoint = Endpoint::from_shared(self.url).map_err(|error| wrong("the URL", &error))?;
        let mut endpoint = endpoint
            .connect_timeout(CONNECT_TIMEOUT)
            .http2_keep_alive_interval(KEEP_ALIVE)
            .keep_alive_timeout(CONNECT_TIMEOUT);
        if has_tls {
            let mut tls = ClientTlsConfig::new();
            tls = match self.ca {
                Some(pem) => tls.ca_certificate(Certificate::from_pem(pem)),
                None => tls.with_native_roots(),
            };
            if let Some((pem, key)) = self.identity {
                tls = tls.identity(Identity::from_pem(pem, key));
            }
            endpoint = endpoint.tls_config(tls).map_err(|error| wrong("a certificate", &error))?;
        } else if self.ca.is_some() || self.identity.is_some() {
            return Err(Error::Setting("certificates need a URL with https".to_owned()));
        }
        let mut metadata = MetadataMap::new();
        if let Some(key) = self.key {
            let value = MetadataValue::try_from(format!("Bearer {key}"));
            let mut value = value.map_err(|error| wrong("the key", &error))?;
            value.set_sensitive(true);
            metadata.insert("authorization", value);
        }
        if let Some(actor) = self.actor {
            let value = actor.parse().map_err(|error| wrong("the actor", &error))?;
            metadata.insert("x-actor", value);
        }
        Ok(Client::with(endpoint.connect_lazy(), metadata, self.timeout, self.retries))
    }
}
