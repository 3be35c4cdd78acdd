//! The peers: catalogues in Go, C++ and Node with the same products, built by `../shared/peer/setup` and
//! `setup-cpp`.

use std::{collections::BTreeSet, env, path::PathBuf, sync::Mutex};

use anyhow::{Context as _, Result};
use testkit::free_ports;

use super::server::Server;

/// Connections of a peer to the database, as in the peers' own `run`.
const POOL: u32 = 8;
const NODE_WORKERS: u32 = 2;

/// A peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peer {
    /// grpc-go over a map.
    GoMem,
    /// grpc-go over PostgreSQL by pgx.
    GoPg,
    /// gRPC C++ over a map of encoded products.
    CppMemBytes,
    /// gRPC C++ over PostgreSQL by libpq in pipeline mode.
    CppPg,
    /// Express over a map, JSON.
    NodeMem,
}

impl Peer {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::GoMem => "go-mem",
            Self::GoPg => "go-pg",
            Self::CppMemBytes => "cpp-mem-bytes",
            Self::CppPg => "cpp-pg",
            Self::NodeMem => "node-mem",
        }
    }

    /// Its program, relative to the directory of the peers, and the script that builds it.
    fn program(self) -> (&'static str, &'static str) {
        match self {
            Self::GoMem | Self::GoPg => ("bin/peer-server", "setup"),
            Self::CppMemBytes | Self::CppPg => ("bin/peer-cpp", "setup-cpp"),
            Self::NodeMem => ("node/server.js", "setup"),
        }
    }
}

/// The directory and the database of the peers.
#[derive(Debug)]
pub(crate) struct Peers {
    pub(crate) dir: PathBuf,
    /// Directory of their logs.
    pub(crate) logs: PathBuf,
    /// URL of their database.
    pub(crate) database: String,
    /// The postmaster of the database server.
    pub(crate) database_id: u32,
    /// Names of missing peers.
    pub(crate) absent: Mutex<BTreeSet<&'static str>>,
}

/// The directory of the peers: `PEER_CACHE`, or `.cache/catalogue-peer` in the home directory.
///
/// # Errors
/// There is neither.
pub(crate) fn dir() -> Result<PathBuf> {
    if let Some(dir) = env::var_os("PEER_CACHE") {
        return Ok(dir.into());
    }
    let home = env::var_os("HOME").context("neither PEER_CACHE nor HOME is set")?;
    Ok(PathBuf::from(home).join(".cache/catalogue-peer"))
}

impl Peers {
    /// Names of required peers that are missing.
    pub(crate) fn absent(&self) -> Vec<&'static str> {
        let absent = self.absent.lock().expect("no panic while locked");
        absent.iter().copied().collect()
    }

    /// Starts a peer. `None`, reported once, if it is missing.
    ///
    /// # Errors
    /// It ends during its start.
    pub(crate) async fn start(&self, peer: Peer) -> Result<Option<Server>> {
        let Some(mut server) = self.server(peer) else { return Ok(None) };
        server.start(&self.logs.join(format!("{}.log", peer.name()))).await?;
        Ok(Some(server))
    }

    /// A peer that is not started yet.
    pub(crate) fn server(&self, peer: Peer) -> Option<Server> {
        let (program, setup) = peer.program();
        let program = self.dir.join(program);
        if !program.exists() {
            let mut absent = self.absent.lock().expect("no panic while locked");
            if absent.insert(peer.name()) {
                println!("peer {} not present: run ../shared/peer/{setup}", peer.name());
            }
            return None;
        }
        let port = free_ports(1);
        let addr = format!("127.0.0.1:{port}");
        let database = format!("{}?sslmode=disable", self.database);
        let serve = |pool: u32, options: &[&str]| {
            let mut command = vec![program.display().to_string()];
            let pool = pool.to_string();
            command.extend(["-listen", &addr, "-db", &database, "-pool", &pool].map(str::to_owned));
            command.extend(options.iter().map(ToString::to_string));
            command
        };
        let command = match peer {
            Peer::GoMem => serve(POOL, &["-store=mem"]),
            Peer::GoPg => serve(POOL, &["-store=pg"]),
            Peer::CppMemBytes => serve(POOL / 2, &["-store=mem", "-bytes"]),
            Peer::CppPg => serve(POOL / 2, &["-store=pg"]),
            Peer::NodeMem => self.node(port, program.display().to_string()),
        };
        let server = Server::new(peer.name(), addr, command);
        Some(match peer {
            Peer::GoPg | Peer::CppPg => server.in_front_of(self.database_id),
            Peer::NodeMem => server.http1("/products/%s"),
            Peer::GoMem | Peer::CppMemBytes => server,
        })
    }

    fn node(&self, port: u16, script: String) -> Vec<String> {
        let variables = [
            "/usr/bin/env".to_owned(),
            "NODE_ENV=production".to_owned(),
            format!("PORT={port}"),
            format!("WORKERS={NODE_WORKERS}"),
            format!("POOL={}", POOL / NODE_WORKERS),
            "STORE=mem".to_owned(),
            format!("PEER_DB={}", self.database),
        ];
        variables.into_iter().chain(["node".to_owned(), script]).collect()
    }
}
