//! Processes of our services.

use anyhow::Result;
use devtools::bench::Engine;
use testkit::free_ports;

use super::{environment::Environment, programs::PRODUCT_CACHE, server::Server};

/// Size of a cache for all products of the bench.
const CACHE_BYTES: u64 = 256 << 20;
/// Maximum number of connections of a service: more than any shape opens.
const MAX_CONNECTIONS: &str = "--max-connections=20000";

/// The catalogue's cache of encoded products.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cache {
    Off,
    /// The default size.
    Default,
    /// Size for all products of the bench.
    All,
}

/// A service that is not started yet, and its admin port.
pub(crate) struct Service {
    pub(crate) server: Server,
    admin: u16,
}

impl Service {
    /// The server without telemetry, not started.
    pub(crate) fn without_collector(mut self) -> Server {
        self.server.command.retain(|argument| !argument.starts_with("--otlp-endpoint="));
        // Removes `env`, which would be measured too.
        let program = self
            .server
            .command
            .iter()
            .position(|argument| !argument.contains('=') && !argument.ends_with("/env"));
        self.server.command.drain(..program.expect("a command has a program"));
        self.server
    }

    /// Starts it and waits until it is ready.
    ///
    /// # Errors
    /// It ends.
    pub(crate) async fn start(mut self, environment: &Environment) -> Result<Server> {
        let log = environment.dir().join(format!("{}-{}.log", self.server.name, self.admin));
        self.server.start(&log).await?;
        self.server.ready(self.admin).await;
        Ok(self.server)
    }
}

/// A catalogue with the products of the bench.
pub(crate) fn catalogue(environment: &Environment, engine: Engine, cache: Cache) -> Service {
    let data = environment.dir().join("sqlite");
    let mut options = vec![format!("--data-dir={}", data.display()), MAX_CONNECTIONS.to_owned()];
    if engine == Engine::Postgres {
        options.push(format!("--database-url={}", environment.database()));
    }
    if environment.programs.has_product_cache() {
        options.extend(match cache {
            Cache::Off => Some(format!("{PRODUCT_CACHE}=0")),
            Cache::Default => None,
            Cache::All => Some(format!("{PRODUCT_CACHE}={CACHE_BYTES}")),
        });
    }
    let mut service = service(environment, "catalogue", options);
    if engine == Engine::Postgres {
        service.server = service.server.in_front_of(environment.database_id());
    }
    service
}

/// A gateway that calls a catalogue and, optionally, search.
pub(crate) fn gateway(
    environment: &Environment,
    catalogue: &Server,
    search: Option<&Server>,
) -> Service {
    let search = search.map_or("127.0.0.1:1", |search| &search.addr);
    let options = vec![
        format!("--catalogue=static://{}", catalogue.addr),
        format!("--search=static://{search}"),
        MAX_CONNECTIONS.to_owned(),
    ];
    let mut service = service(environment, "gateway", options);
    service.server = service.server.in_front_of(catalogue.id());
    service
}

/// A search that follows a catalogue.
pub(crate) fn search(environment: &Environment, catalogue: &Server) -> Service {
    let data = environment.dir().join("index");
    let options = vec![
        format!("--data-dir={}", data.display()),
        format!("--catalogue=static://{}", catalogue.addr),
    ];
    service(environment, "search", options)
}

/// A service with 1 % of traces sampled and exported.
pub(crate) fn service(environment: &Environment, name: &str, options: Vec<String>) -> Service {
    let port = free_ports(2);
    let addr = format!("127.0.0.1:{port}");
    let mut command = vec![
        "/usr/bin/env".to_owned(),
        "OTEL_TRACES_SAMPLER=parentbased_traceidratio".to_owned(),
        "OTEL_TRACES_SAMPLER_ARG=0.01".to_owned(),
        environment.programs.path(name),
        format!("--listen={addr}"),
        format!("--admin=127.0.0.1:{}", port + 1),
        format!("--otlp-endpoint={}", environment.collector()),
    ];
    command.extend(options);
    Service { server: Server::new(name, addr, command), admin: port + 1 }
}
