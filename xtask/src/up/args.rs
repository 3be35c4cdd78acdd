//! The command line of `up`, and the plan it makes.

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, ensure};

use super::{
    Home, Ports,
    consul::{self, Consul},
    plan::{Instance, Plan},
    postgres::Postgres,
    replicas::Replicas,
};
use crate::cargo;

/// Build and start catalogue, search and gateway, load products, and show where everything is
///
/// Services start in that order, each once the one before is ready, and come back by themselves
/// when they die. Without products the demo catalogue is loaded. Ctrl+C stops everything in order;
/// a second Ctrl+C stops at once. The data stays in data/ for the next time.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Load products from these files (JSON lines or CSV, also .gz)
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) import: Vec<PathBuf>,

    /// Which field of those files feeds which field of a product, as a small TOML file
    #[arg(long, value_name = "FILE", requires = "import")]
    pub(crate) map: Option<PathBuf>,

    /// Build with optimizations: slower to build, faster to run
    #[arg(long)]
    pub(crate) release: bool,

    #[command(flatten)]
    pub(crate) data_dir: DataDir,

    /// Keep nothing: a fresh temporary folder, removed at the end
    #[arg(long, conflicts_with = "data_dir")]
    pub(crate) ephemeral: bool,

    /// Return once everything runs; `cargo xtask down` stops it
    #[arg(long)]
    pub(crate) detach: bool,

    /// Use the ports N (gateway), N+1 (catalogue), N+2 (search) and N+3 to N+5 (their admin
    /// ports), so that a second checkout can run beside the first
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1024..=65530))]
    pub(crate) port_base: Option<u16>,

    /// Run several of a service, such as catalogue=3,search=2; all but the first take free ports.
    /// Several catalogues share a PostgreSQL that is started for them
    #[arg(long, value_name = "NAME=N,..", default_value_t, hide_default_value = true)]
    pub(crate) replicas: Replicas,

    /// Have services find each other through the Consul agent on this port of the loopback
    /// interface; if none runs there, one is started for this run
    #[arg(long, value_name = "PORT", num_args = 0..=1, default_missing_value = consul::DEFAULT_PORT)]
    pub(crate) consul: Option<u16>,

    /// Start the binaries as they are
    #[arg(long, hide = true)]
    pub(crate) no_build: bool,

    /// Be the detached supervisor, whose folder is removed at the end if it is ephemeral
    #[arg(long, hide = true)]
    pub(crate) supervisor: bool,

    /// Remove the data folder at the end
    #[arg(long, hide = true, requires = "supervisor")]
    pub(crate) remove_data_dir: bool,
}

/// Which running system is meant.
#[derive(clap::Args)]
pub(crate) struct DataDir {
    /// Where data, logs and the state of the run are kept
    #[arg(long, value_name = "DIR", default_value_os_t = default_dir(), hide_default_value = true,
          help = "Where data, logs and the state of the run are kept [default: data/ in the checkout]")]
    pub(crate) data_dir: PathBuf,
}

impl DataDir {
    /// The folder, absolute.
    ///
    /// # Errors
    /// The current directory is gone.
    pub(crate) fn home(&self) -> Result<Home> {
        let dir = std::path::absolute(&self.data_dir).context("finding the data folder")?;
        Ok(Home { dir })
    }
}

impl Args {
    /// Finds the typing errors before anything is built.
    ///
    /// # Errors
    /// A file to import, or its map, that cannot be read.
    pub(crate) fn check(&self) -> Result<()> {
        for file in self.import.iter().chain(&self.map) {
            let data = file.metadata().with_context(|| format!("reading {}", file.display()))?;
            ensure!(!data.is_dir(), "{} is a folder; name the files in it", file.display());
        }
        Ok(())
    }

    /// What is to be run, and where.
    ///
    /// # Errors
    /// A folder that cannot be found.
    pub(crate) fn plan(&self) -> Result<Plan> {
        let home = if self.ephemeral {
            let name = format!("catalogue-{}", std::process::id());
            Home { dir: std::env::temp_dir().join(name) }
        } else {
            self.data_dir.home()?
        };
        let absolute = |file: &PathBuf| std::path::absolute(file);
        let ports = self.port_base.map_or_else(Ports::default, Ports::from_base);
        let mut free = ports.further();
        let consul = self.consul.map(|port| Consul::find(port, &mut free)).transpose()?;
        let mut instances = Vec::new();
        if let Some(consul) = consul.as_ref().filter(|consul| consul.is_started()) {
            let (name, port) = ("consul".to_owned(), consul.port);
            instances.push(Instance { name, program: "consul", listen: port, admin: port });
        }
        let Replicas { catalogue, search } = self.replicas;
        let postgres = (catalogue > 1).then(|| Postgres::find(&home, free())).transpose()?;
        if let Some(Postgres { port, .. }) = postgres {
            let name = "postgres".to_owned();
            instances.push(Instance { name, program: "postgres", listen: port, admin: port });
        }
        for (program, count) in [("catalogue", catalogue), ("search", search), ("gateway", 1)] {
            let (listen, admin) = ports.of(program);
            instances.push(Instance { name: program.to_owned(), program, listen, admin });
            for number in 2..=count {
                let (name, listen, admin) = (format!("{program}-{number}"), free(), free());
                instances.push(Instance { name, program, listen, admin });
            }
        }
        Ok(Plan {
            home,
            ports,
            instances,
            consul,
            postgres,
            search_key: (search > 1).then(random_key).transpose()?,
            release: self.release,
            bin_dir: cargo::bin_dir(self.release)?,
            import: self.import.iter().map(absolute).collect::<Result<_, _>>()?,
            map: self.map.as_ref().map(absolute).transpose()?,
            detach: self.detach,
            remove_home: self.ephemeral || self.remove_data_dir,
        })
    }
}

/// 64 hexadecimal digits, for one run.
pub(super) fn random_key() -> Result<String> {
    let mut bytes = [0; 32];
    let mut source = File::open("/dev/urandom").context("asking the system for randomness")?;
    source.read_exact(&mut bytes).context("asking the system for randomness")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn default_dir() -> PathBuf {
    Path::join(cargo::workspace(), "data")
}
