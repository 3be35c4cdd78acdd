//! Our services, each in a process of its own.

use std::{path::PathBuf, process::Command};

use anyhow::{Context as _, Result};
use testkit::Fleet;

use super::{server::Server, setting::Setting};

/// The setting of the catalogue's cache of encoded products, in bytes; 0: off. A catalogue without it
/// is measured as one whose cache is off.
const PRODUCT_CACHE: &str = "--product-cache";
/// Room for all products of the bench.
const CACHE_BYTES: u64 = 256 << 20;
/// Connections that a service takes: more than any shape opens.
const MAX_CONNECTIONS: &str = "--max-connections=20000";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// The catalogue's cache of encoded products.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cache {
    Off,
    /// With the size that the catalogue has without a flag.
    Default,
    /// With room for all products of the bench.
    All,
}

/// Programs of ours that are measured.
#[derive(Debug)]
pub(crate) struct Programs {
    folder: PathBuf,
    has_product_cache: bool,
}

impl Programs {
    /// Those in `folder`.
    ///
    /// # Errors
    /// There is no catalogue.
    pub(crate) fn find(folder: PathBuf) -> Result<Self> {
        let catalogue = folder.join("catalogue");
        let help = Command::new(&catalogue).arg("--help").output();
        let help = help.with_context(|| format!("starting {}", catalogue.display()))?;
        let has_product_cache = String::from_utf8_lossy(&help.stdout).contains(PRODUCT_CACHE);
        Ok(Self { folder, has_product_cache })
    }

    /// Whether the catalogue can keep products in memory.
    pub(crate) fn has_product_cache(&self) -> bool {
        self.has_product_cache
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }
}

/// A service of ours that is not started yet, and its admin port.
pub(crate) struct Service {
    pub(crate) server: Server,
    admin: u16,
}

impl Service {
    /// The server without telemetry, not started.
    pub(crate) fn without_collector(mut self) -> Server {
        self.server.command.retain(|argument| !argument.starts_with("--otlp-endpoint="));
        // `env` would be measured, too.
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
    pub(crate) async fn start(mut self, setting: &Setting) -> Result<Server> {
        let log = setting.dir().join(format!("{}-{}.log", self.server.name, self.admin));
        self.server.start(&log).await?;
        self.server.ready(self.admin).await;
        Ok(self.server)
    }
}

/// A catalogue over the products of the bench.
pub(crate) fn catalogue(setting: &Setting, engine: Engine, cache: Cache) -> Service {
    let data = setting.dir().join("sqlite");
    let mut options = vec![format!("--data-dir={}", data.display()), MAX_CONNECTIONS.to_owned()];
    if engine == Engine::Postgres {
        options.push(format!("--database-url={}", setting.database()));
    }
    if setting.programs.has_product_cache() {
        options.extend(match cache {
            Cache::Off => Some(format!("{PRODUCT_CACHE}=0")),
            Cache::Default => None,
            Cache::All => Some(format!("{PRODUCT_CACHE}={CACHE_BYTES}")),
        });
    }
    let mut service = service(setting, "catalogue", options);
    if engine == Engine::Postgres {
        service.server = service.server.before(setting.database_id());
    }
    service
}

/// A gateway before a catalogue and, if there is one, search.
pub(crate) fn gateway(setting: &Setting, catalogue: &Server, search: Option<&Server>) -> Service {
    let search = search.map_or("127.0.0.1:1", |search| &search.addr);
    let options = vec![
        format!("--catalogue=static://{}", catalogue.addr),
        format!("--search=static://{search}"),
        MAX_CONNECTIONS.to_owned(),
    ];
    let mut service = service(setting, "gateway", options);
    service.server = service.server.before(catalogue.id());
    service
}

/// A search over the products of a catalogue.
pub(crate) fn search(setting: &Setting, catalogue: &Server) -> Service {
    let data = setting.dir().join("index");
    let options = vec![
        format!("--data-dir={}", data.display()),
        format!("--catalogue=static://{}", catalogue.addr),
    ];
    service(setting, "search", options)
}

/// Any of them, with one trace in a hundred recorded and sent.
pub(crate) fn service(setting: &Setting, name: &str, options: Vec<String>) -> Service {
    let port = Fleet::free_ports(2);
    let addr = format!("127.0.0.1:{port}");
    let mut command = vec![
        "/usr/bin/env".to_owned(),
        "OTEL_TRACES_SAMPLER=parentbased_traceidratio".to_owned(),
        "OTEL_TRACES_SAMPLER_ARG=0.01".to_owned(),
        setting.programs.path(name),
        format!("--listen={addr}"),
        format!("--admin=127.0.0.1:{}", port + 1),
        format!("--otlp-endpoint={}", setting.collector()),
    ];
    command.extend(options);
    Service { server: Server::new(name, addr, command), admin: port + 1 }
}
