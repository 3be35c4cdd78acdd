//! The client of web servers: the host of a feed, and files at URLs.

use anyhow::{Context as _, Result};
use bytes::Bytes;
use hyper::body::Body;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio_rustls::rustls::crypto::ring;

/// A client over HTTP/1.1, with TLS for `https`.
pub(crate) type WebClient<B> = Client<HttpsConnector<HttpConnector>, B>;

/// A client that trusts the system's certificate authorities.
///
/// # Errors
/// They cannot be read.
pub(crate) fn web_client<B>() -> Result<WebClient<B>>
where
    B: Body<Data = Bytes> + Send,
{
    let connector = HttpsConnectorBuilder::new()
        .with_provider_and_native_roots(ring::default_provider())
        .context("reading the system's certificate authorities")?
        .https_or_http()
        .enable_http1()
        .build();
    Ok(Client::builder(TokioExecutor::new()).build(connector))
}
