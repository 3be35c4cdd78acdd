//! Settings of access.

use std::{net::SocketAddr, path::PathBuf};

use anyhow::bail;
use ipnet::IpNet;

use crate::{certificates::ClientCertificate, limits::LimitArgs, tokens::TokenArgs};

/// Settings of access.
#[derive(Debug, Clone, Default, clap::Args, serde::Serialize)]
pub struct AccessArgs {
    /// Rights of callers without a credential: `keys` lets them read a storefront's data, `open` permits everything.
    /// Not set: everything, as long as no key exists, on a loopback address; on any other one the service does not
    /// start.
    #[arg(long, env = "ACCESS", value_name = "MODE", value_enum)]
    pub access: Option<Mode>,

    /// File with the secret that the services of a deployment share, at least 32 characters. It permits
    /// everything; services present it to each other, operators to make the first key.
    #[arg(long, env = "SERVICE_SECRET_FILE", value_name = "FILE")]
    pub service_secret_file: Option<PathBuf>,

    /// Rights of callers with a client certificate, by the SPIFFE id or a DNS name in it:
    /// `spiffe://shop/import=write:products+read:drafts`; `gateway.internal=service` for a service of the
    /// deployment. Needs --tls-client-ca.
    #[arg(long, env = "CLIENT_CERTIFICATE", value_name = "NAME=SCOPES", value_delimiter = ',')]
    pub client_certificate: Vec<ClientCertificate>,

    /// Networks of trusted proxies, such as `10.0.0.0/8`: their `X-Forwarded-For` names the client, for limits and
    /// logs, and with --proxy-protocol their connections do. Of other peers the header is not read.
    #[arg(long, env = "TRUSTED_PROXY", value_name = "NET", value_delimiter = ',')]
    pub trusted_proxy: Vec<IpNet>,

    /// Tokens.
    #[command(flatten)]
    #[serde(flatten)]
    pub tokens: TokenArgs,

    /// Limits on the rate of calls.
    #[command(flatten)]
    #[serde(flatten)]
    pub limits: LimitArgs,
}

/// Rights of callers without a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Read a storefront's data.
    Keys,
    /// Everything: for a network that is trusted as a whole.
    Open,
}

impl AccessArgs {
    /// Checks that a service may listen on `addr` with these settings.
    ///
    /// # Errors
    /// The address can be reached from other machines, and no setting decides on access.
    pub(crate) fn check(&self, addr: SocketAddr) -> anyhow::Result<()> {
        if self.access.is_some() || self.tokens.token_issuer.is_some() || is_loopback(addr) {
            return Ok(());
        }
        bail!(
            "{addr} can be reached from other machines, and nothing says who may call: start with --access keys \
             and --service-secret-file FILE (the first key is made with that secret: docs/access.md), or with \
             --access open if everyone on that network may do everything"
        )
    }

    /// The limits on calls of a service that listens on `addr`; `None` if there are none.
    pub(crate) fn limits(&self, addr: SocketAddr) -> Option<&LimitArgs> {
        let is_exposed = !is_loopback(addr) && self.access != Some(Mode::Open);
        self.limits.is_on(is_exposed).then_some(&self.limits)
    }
}

fn is_loopback(addr: SocketAddr) -> bool {
    addr.ip().to_canonical().is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_needs_no_setting() {
        let check = |access, addr: &str| {
            AccessArgs { access, ..AccessArgs::default() }.check(addr.parse().unwrap())
        };
        for loopback in ["127.0.0.1:0", "[::1]:0", "127.9.9.9:1", "[::ffff:127.0.0.1]:0"] {
            assert!(check(None, loopback).is_ok(), "{loopback}");
        }
        for reachable in ["0.0.0.0:0", "[::]:0", "10.0.0.7:1", "[::ffff:10.0.0.7]:0"] {
            let error = check(None, reachable).unwrap_err().to_string();
            assert!(error.contains("--access keys") && error.contains("docs/access.md"), "{error}");
            assert!(check(Some(Mode::Keys), reachable).is_ok());
            assert!(check(Some(Mode::Open), reachable).is_ok());
        }
    }
}
