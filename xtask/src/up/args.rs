//! The command line of `cargo xtask up`, and the plan for it.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, ensure};

use super::{
    Ports, RunDir,
    consul::{self, Consul},
    ephemeral,
    plan::{Instance, Plan},
    postgres::Postgres,
    project::{Part, Project},
    replicas::Replicas,
};
use crate::cargo;

/// Build and start catalogue, search and gateway, load products, and show the addresses
///
/// Services start in that order, each once the previous one is ready, and are restarted when they die.
/// An empty catalogue is filled with the demo products. Ctrl+C shuts down gracefully; a second Ctrl+C
/// kills. The data stays in data/ for the next run.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Import products from these files (JSON lines or CSV, optionally .gz)
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) import: Vec<PathBuf>,

    /// Field map of these files, in TOML (see `catctl import --help`)
    #[arg(long, value_name = "FILE", requires = "import")]
    pub(crate) map: Option<PathBuf>,

    /// Build with optimizations
    #[arg(long)]
    pub(crate) release: bool,

    #[command(flatten)]
    pub(crate) data_dir: DataDir,

    /// Use a temporary data directory, removed at the end
    #[arg(long, conflicts_with = "data_dir")]
    pub(crate) ephemeral: bool,

    /// Return once everything is ready; `cargo xtask down` stops it
    #[arg(long)]
    pub(crate) detach: bool,

    /// Use the ports N (gateway), N+1 (catalogue), N+2 (search) and N+3 to N+5 (their admin
    /// ports), so that a second checkout can run beside the first
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1024..=65530))]
    pub(crate) port_base: Option<u16>,

    /// Number of replicas, such as catalogue=3,search=2; all but the first use free ports.
    /// Replicas of the catalogue share a PostgreSQL, which is started as well
    #[arg(long, value_name = "NAME=N,..", default_value_t, hide_default_value = true)]
    pub(crate) replicas: Replicas,

    /// Use the Consul agent on this port of the loopback interface for service discovery; starts
    /// one if none is running
    #[arg(long, value_name = "PORT", num_args = 0..=1, default_missing_value = consul::DEFAULT_PORT)]
    pub(crate) consul: Option<u16>,

    /// Run containers instead of processes, by deploy/compose.yaml, with a collector, Prometheus and
    /// Grafana; `core`: without these. The images are those of `cargo xtask image`
    #[arg(long, value_name = "PART", value_enum, num_args = 0..=1, default_missing_value = "all",
          conflicts_with_all = ["replicas", "consul"])]
    pub(crate) compose: Option<Part>,

    /// Start the binaries without building them
    #[arg(long, hide = true)]
    pub(crate) no_build: bool,

    /// Run as the detached supervisor
    #[arg(long, hide = true)]
    pub(crate) supervisor: bool,

    /// Remove the data directory at the end
    #[arg(long, hide = true, requires = "supervisor")]
    pub(crate) remove_data_dir: bool,
}

/// Selects a system by its data directory.
#[derive(clap::Args)]
pub(crate) struct DataDir {
    /// Directory of data, logs and the state of the run
    #[arg(long, value_name = "DIR", default_value_os_t = default_dir(), hide_default_value = true,
          help = "Directory of data, logs and the state of the run [default: data/ in the checkout]")]
    pub(crate) data_dir: PathBuf,
}

impl DataDir {
    /// The directory with an absolute path.
    ///
    /// # Errors
    /// If the current directory has been removed.
    pub(crate) fn run_dir(&self) -> Result<RunDir> {
        let dir = std::path::absolute(&self.data_dir).context("finding the data directory")?;
        Ok(RunDir { dir })
    }

    /// The directories of its runs: itself, and those of `up --ephemeral`.
    ///
    /// # Errors
    /// As [`run_dir`](Self::run_dir).
    pub(crate) fn running(&self) -> Result<Vec<RunDir>> {
        let own = self.run_dir()?;
        let mut all = ephemeral::instead_of(&own);
        all.insert(0, own);
        all.retain(|run_dir| run_dir.runner().is_some() || Project::of(run_dir).is_some());
        Ok(all)
    }

    /// The directory of the first of its runs; itself if there are none.
    ///
    /// # Errors
    /// As [`run_dir`](Self::run_dir).
    pub(crate) fn current(&self) -> Result<RunDir> {
        self.running()?.into_iter().next().map_or_else(|| self.run_dir(), Ok)
    }
}

impl Args {
    /// Checks the arguments before anything is built.
    ///
    /// # Errors
    /// If a file to import, or its map, cannot be read.
    pub(crate) fn check(&self) -> Result<()> {
        for file in self.import.iter().chain(&self.map) {
            let data = file.metadata().with_context(|| format!("reading {}", file.display()))?;
            ensure!(!data.is_dir(), "{} is a directory, not a file", file.display());
        }
        Ok(())
    }

    /// Plans the run: instances, ports and directories.
    ///
    /// # Errors
    /// If a path cannot be resolved, or Consul or PostgreSQL is required and not installed.
    pub(crate) fn plan(&self) -> Result<Plan> {
        let run_dir =
            if self.ephemeral { ephemeral::of_this_process() } else { self.data_dir.run_dir()? };
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
        let postgres = (catalogue > 1).then(|| Postgres::find(&run_dir, free())).transpose()?;
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
            run_dir,
            ports,
            instances,
            consul,
            postgres,
            release: self.release,
            bin_dir: cargo::bin_dir(self.release)?,
            import: self.import.iter().map(absolute).collect::<Result<_, _>>()?,
            map: self.map.as_ref().map(absolute).transpose()?,
            detach: self.detach || self.compose.is_some(),
            in_containers: self.compose.is_some(),
            remove_run_dir: self.ephemeral || self.remove_data_dir,
        })
    }
}

fn default_dir() -> PathBuf {
    env::var_os("XTASK_DATA_DIR")
        .map_or_else(|| Path::join(cargo::workspace(), "data"), PathBuf::from)
}
