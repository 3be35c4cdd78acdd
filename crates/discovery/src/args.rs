//! Settings: which registry, and how we stand in it.

use std::{
    fmt, net::SocketAddr, num::NonZeroU16, path::PathBuf, str::FromStr, sync::Arc, time::Duration,
};

use tokio::sync::watch;

use crate::{
    Advertise, AdvertiseError, Check, Consul, Instance, Lease, Registry, RegistryError, Resolver,
    consul::is_address,
};

/// How a service finds others, and is found.
#[derive(Debug, Clone, clap::Args, serde::Serialize)]
// Others' settings are called so, too, and groups must differ.
#[group(id = "discovery")]
pub struct Args {
    /// Where services register and are found: `none`, or consul://HOST:PORT of the agent on this
    /// machine.
    #[arg(long, env = "REGISTRY", value_name = "REGISTRY", default_value = "none")]
    pub registry: RegistryAddress,

    /// Where others reach this instance, as host or host:port; default: where it listens.
    #[arg(long, env = "ADVERTISE_ADDR", value_name = "ADDR")]
    pub advertise: Option<Advertise>,

    /// The file that holds the ACL token for Consul; read again for each call.
    #[arg(long, env = "CONSUL_HTTP_TOKEN_FILE", value_name = "FILE")]
    pub consul_token_file: Option<PathBuf>,

    /// How the registry learns how we are: it asks our gRPC health service, or we tell it.
    #[arg(long, env = "REGISTRY_CHECK", value_enum, default_value_t = CheckKind::Grpc)]
    pub registry_check: CheckKind,

    /// How often the registry asks; or within which time we must have told it, in seconds.
    #[arg(long, env = "REGISTRY_CHECK_INTERVAL", value_name = "SECONDS", default_value = "10")]
    pub registry_check_interval: NonZeroU16,
}

/// How a registry learns how an instance is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckKind {
    /// It asks `grpc.health.v1`.
    Grpc,
    /// It is told, and expects to be told again.
    Ttl,
}

/// Where the registry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegistryAddress {
    /// There is none.
    None,
    /// `consul://127.0.0.1:8500`: a Consul agent, by its HTTP port.
    Consul(String),
}

/// Why a text names no registry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a registry: use none or consul://host:port")]
pub struct RegistryAddressError(String);

impl FromStr for RegistryAddress {
    type Err = RegistryAddressError;

    fn from_str(text: &str) -> Result<Self, RegistryAddressError> {
        let address = text.strip_prefix("consul://").filter(|address| is_address(address));
        match address {
            Some(address) => Ok(Self::Consul(address.to_owned())),
            None if text == "none" => Ok(Self::None),
            None => Err(RegistryAddressError(text.to_owned())),
        }
    }
}

impl fmt::Display for RegistryAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Consul(address) => write!(f, "consul://{address}"),
        }
    }
}

impl serde::Serialize for RegistryAddress {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What the settings come to: the way to others, and the way others find us.
#[derive(Debug, Clone)]
pub struct Discovery {
    registry: Option<Arc<dyn Registry>>,
    args: Args,
}

impl Discovery {
    /// Reaches nothing yet.
    ///
    /// # Errors
    /// The registry's client cannot be made.
    pub fn new(args: &Args) -> Result<Self, RegistryError> {
        let registry = match &args.registry {
            RegistryAddress::None => None,
            RegistryAddress::Consul(address) => {
                let consul = Consul::new(address, args.consul_token_file.clone())?;
                Some(Arc::new(consul) as Arc<dyn Registry>)
            }
        };
        Ok(Self { registry, args: args.clone() })
    }

    /// The way to others.
    pub fn resolver(&self) -> Resolver {
        Resolver::new(self.registry.clone())
    }

    /// Where an instance that listens on `listen`, perhaps for TLS, would be registered. Worth asking
    /// before anything is promised: what is wrong with the settings is found here.
    ///
    /// # Errors
    /// There is a registry, and no address that others could use.
    pub fn instance(
        &self,
        service: &str,
        listen: SocketAddr,
        tls: bool,
    ) -> Result<Option<Instance>, AdvertiseError> {
        if self.registry.is_none() {
            return Ok(None);
        }
        let at = Advertise::of(self.args.advertise.as_ref(), listen)?;
        let interval = Duration::from_secs(self.args.registry_check_interval.get().into());
        let check = match self.args.registry_check {
            CheckKind::Grpc => Check::Grpc { interval, tls },
            CheckKind::Ttl => Check::Ttl { ttl: interval },
        };
        Ok(Some(Instance::new(service, &at, check)))
    }

    /// Registers an instance for as long as the lease is kept, passing while `ready` says so. Without
    /// a registry, or an instance, the lease is empty.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn register(&self, instance: Option<Instance>, ready: watch::Receiver<bool>) -> Lease {
        match (&self.registry, instance) {
            (Some(registry), Some(instance)) => Lease::keep(registry.clone(), instance, ready),
            _ => Lease::none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(clap::Parser)]
    struct Config {
        #[command(flatten)]
        discovery: Args,
    }

    fn with(arguments: &[&str]) -> Result<Args, String> {
        let config = Config::try_parse_from(["test"].iter().chain(arguments));
        config.map(|config| config.discovery).map_err(|error| error.to_string())
    }

    #[test]
    fn without_a_registry_nothing_is_registered() {
        let discovery = Discovery::new(&with(&[]).unwrap()).unwrap();
        let listen = "0.0.0.0:50051".parse().unwrap();
        assert_eq!(discovery.instance("catalogue-service", listen, false), Ok(None));
    }

    #[test]
    fn settings_become_an_instance() {
        let args = with(&[
            "--registry=consul://127.0.0.1:8500",
            "--advertise=shop.internal",
            "--registry-check=ttl",
            "--registry-check-interval=5",
        ]);
        let discovery = Discovery::new(&args.unwrap()).unwrap();
        let instance = discovery.instance("catalogue-service", "0.0.0.0:7".parse().unwrap(), false);
        let instance = instance.unwrap().unwrap();
        assert_eq!(instance.address(), "shop.internal:7");
        assert_eq!(instance.check, Check::Ttl { ttl: Duration::from_secs(5) });
        assert_eq!(instance.tags, ["grpc", "v1"]);
    }

    #[test]
    fn what_is_no_registry_is_named() {
        for nonsense in
            ["consul://", "consul://host", "consul://a:0", "http://a:1", "consul://a b:1"]
        {
            let error = with(&["--registry", nonsense]).unwrap_err();
            assert!(error.contains("use none or consul://host:port"), "{error}");
        }
        assert_eq!(with(&[]).unwrap().registry.to_string(), "none");
    }
}
