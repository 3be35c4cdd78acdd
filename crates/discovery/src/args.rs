//! Configuration of discovery, by flags and environment variables.

use std::{
    fmt, net::SocketAddr, num::NonZeroU16, path::PathBuf, str::FromStr, sync::Arc, time::Duration,
};

use tokio::sync::watch;

use crate::{
    Advertise, AdvertiseError, Check, Consul, Instance, Lease, Registry, RegistryError, Resolver,
    consul::is_address,
};

/// How a service finds other services, and registers itself.
#[derive(Debug, Clone, clap::Args, serde::Serialize)]
// Other crates' settings are called `Args` as well, and clap's group ids must be unique.
#[group(id = "discovery")]
pub struct Args {
    /// Service registry: `none`, or consul://HOST:PORT of the local Consul agent.
    #[arg(long, env = "REGISTRY", value_name = "REGISTRY", default_value = "none")]
    pub registry: RegistryAddress,

    /// Address registered for this instance, as host or host:port; default: the listen address.
    #[arg(long, env = "ADVERTISE_ADDR", value_name = "ADDR")]
    pub advertise: Option<Advertise>,

    /// File with the ACL token for Consul; read again for each request.
    #[arg(long, env = "CONSUL_HTTP_TOKEN_FILE", value_name = "FILE")]
    pub consul_token_file: Option<PathBuf>,

    /// Health check of the registry: it calls the gRPC health service, or the instance reports (ttl).
    #[arg(long, env = "REGISTRY_CHECK", value_enum, default_value_t = CheckKind::Grpc)]
    pub registry_check: CheckKind,

    /// Interval of the health check; for ttl, the longest time between two reports, in seconds.
    #[arg(long, env = "REGISTRY_CHECK_INTERVAL", value_name = "SECONDS", default_value = "10")]
    pub registry_check_interval: NonZeroU16,
}

/// How the registry checks the health of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckKind {
    /// The registry calls `grpc.health.v1`.
    Grpc,
    /// The instance reports its status periodically.
    Ttl,
}

/// Address of the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegistryAddress {
    None,
    /// `consul://127.0.0.1:8500`: the HTTP port of a Consul agent.
    Consul(String),
}

/// Error of parsing a [`RegistryAddress`].
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

/// Entry point: resolves targets and registers instances, as configured by [`Args`].
#[derive(Debug, Clone)]
pub struct Discovery {
    registry: Option<Arc<dyn Registry>>,
    args: Args,
}

impl Discovery {
    /// Creates the client of the registry, without connecting.
    ///
    /// # Errors
    /// If the client cannot be created.
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

    pub fn resolver(&self) -> Resolver {
        Resolver::new(self.registry.clone())
    }

    /// The instance to register for a server that listens on `listen`; `None` without a registry.
    /// Separate from [`register`](Self::register), so that a service detects configuration errors
    /// before it starts to serve.
    ///
    /// # Errors
    /// If there is no address that other machines can use.
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

    /// Registers an instance until the lease is released, with `ready` as its health. Without a
    /// registry or an instance, the lease is empty.
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
    fn the_instance_is_built_from_the_configuration() {
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
    fn an_invalid_registry_is_reported() {
        for nonsense in
            ["consul://", "consul://host", "consul://a:0", "http://a:1", "consul://a b:1"]
        {
            let error = with(&["--registry", nonsense]).unwrap_err();
            assert!(error.contains("use none or consul://host:port"), "{error}");
        }
        assert_eq!(with(&[]).unwrap().registry.to_string(), "none");
    }
}
