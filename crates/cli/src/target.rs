//! Where requests go: the server, the key and the certificates, from flags or from a profile.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::{
    credential::Credential,
    profile::{DEFAULT, Profile, Profiles},
};

/// Server without a flag and a profile.
const LOCAL: &str = "http://127.0.0.1:8080";

/// Flags that say where requests go.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct TargetArgs {
    /// Address of the gateway, with http:// or https:// [default: the profile's, or http://127.0.0.1:8080]
    #[arg(long, global = true, env = "CATCTL_SERVER")]
    server: Option<String>,

    /// Profile with the server and the key, see `catctl login` [default: default]
    #[arg(long, global = true, env = "CATCTL_PROFILE", value_name = "NAME", value_parser = crate::profile::name)]
    profile: Option<String>,

    /// Key to present; also the secret of the services, which permits everything [default: the profile's]
    #[arg(long, global = true, env = "CATCTL_KEY", hide_env_values = true, value_name = "KEY", value_parser = Credential::parse)]
    key: Option<Credential>,

    /// With https: file with the certificates of authorities to trust, instead of the system's
    #[arg(long, global = true, env = "CATCTL_CA", value_name = "FILE")]
    ca: Option<PathBuf>,

    /// With https: file with the certificate of this client
    #[arg(long, global = true, env = "CATCTL_CERT", value_name = "FILE", requires = "cert_key")]
    cert: Option<PathBuf>,

    /// With https: file with the private key of --cert
    #[arg(long, global = true, env = "CATCTL_CERT_KEY", value_name = "FILE", requires = "cert")]
    cert_key: Option<PathBuf>,
}

/// Where requests go.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) server: String,
    pub(crate) key: Option<Credential>,
    pub(crate) tls: TlsFiles,
}

/// PEM files for https.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TlsFiles {
    /// `None`: the system's.
    pub(crate) ca: Option<PathBuf>,
    pub(crate) cert: Option<PathBuf>,
    pub(crate) cert_key: Option<PathBuf>,
}

impl TargetArgs {
    /// The name of the profile.
    pub(crate) fn profile_name(&self) -> &str {
        self.profile.as_deref().unwrap_or(DEFAULT)
    }

    /// The target of the flags, without a profile.
    pub(crate) fn flags(&self) -> Target {
        self.over(&Profile::default())
    }

    /// The target of the flags; the profile applies to omitted ones.
    ///
    /// # Errors
    /// A profile is named that does not exist, or the profiles cannot be read.
    pub(crate) fn resolve(&self) -> Result<Target> {
        if self.profile.is_none() && self.server.is_some() && self.key.is_some() {
            // Nothing is left to a profile: broken ones do not matter.
            return Ok(self.flags());
        }
        let profiles = Profiles::read().context("the profiles of catctl login");
        match &self.profile {
            Some(name) => Ok(self.over(profiles?.named(name)?)),
            None => Ok(self.over(profiles?.get(DEFAULT).unwrap_or(&Profile::default()))),
        }
    }

    fn over(&self, profile: &Profile) -> Target {
        let Self { server, key, ca, cert, cert_key, .. } = self;
        let stored = Some(profile.server.clone()).filter(|server| !server.is_empty());
        // A stored key goes to the server that it was stored for.
        let is_its_server = server.is_none() || *server == stored;
        let stored_key = profile.key.as_deref().filter(|_| is_its_server);
        let stored_key = stored_key.and_then(|key| Credential::parse(key).ok());
        let of_profile = |file: &Option<PathBuf>| file.clone().filter(|_| is_its_server);
        let client = match cert {
            Some(_) => (cert.clone(), cert_key.clone()),
            None => (of_profile(&profile.cert), of_profile(&profile.cert_key)),
        };
        Target {
            server: server.clone().or(stored).unwrap_or_else(|| LOCAL.to_owned()),
            key: key.clone().or(stored_key),
            tls: TlsFiles {
                ca: ca.clone().or_else(|| of_profile(&profile.ca)),
                cert: client.0,
                cert_key: client.1,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_key_goes_to_its_own_server_alone() {
        let profile = Profile {
            server: "https://shop".to_owned(),
            key: Some("stored".to_owned()),
            ca: Some("ca.pem".into()),
            ..Profile::default()
        };
        let over = |server: Option<&str>| {
            let args = TargetArgs { server: server.map(str::to_owned), ..TargetArgs::default() };
            let Target { server, key, tls } = args.over(&profile);
            (server, key.map(|key| key.text().to_owned()), tls.ca.is_some())
        };
        let stored = ("https://shop".to_owned(), Some("stored".to_owned()), true);
        assert_eq!(over(None), stored);
        assert_eq!(over(Some("https://shop")), stored);
        assert_eq!(over(Some("https://evil")), ("https://evil".to_owned(), None, false));
        assert_eq!(TargetArgs::default().over(&Profile::default()).server, LOCAL);
    }
}
