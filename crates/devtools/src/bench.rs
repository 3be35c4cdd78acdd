//! The command line of `cargo xtask bench` and of the program that it runs.

use std::{ffi::OsString, path::PathBuf};

/// A benchmark of a release build.
#[derive(Debug, clap::Subcommand)]
pub enum Benchmark {
    /// Time from a sale until shopping agents are answered with the new stock
    Agents(AgentsArgs),
    /// Cost of a call through the client stack, compared with a bare channel
    Client(ClientArgs),
    /// Files of feeds for other systems: memory, time, and the rules of their destinations
    Feeds(FeedsArgs),
    /// The real data set from file to search results: time, and memory of each service
    Import,
    /// Single products, lists, searches and writes, compared with catalogues in Go, C++ and Node
    Reads(ReadsArgs),
    /// Relevance of search results for judged queries, through the gateway
    Relevance(RelevanceArgs),
    /// Searches through the gateway, at three index sizes: time, memory, disk
    Search(SearchArgs),
    /// Cost of traces and metrics per call, and calls while the collector fails
    Telemetry,
    /// Bulk import and export on both databases: rate, CPU time, memory
    Transfer(TransferArgs),
}

/// Options of `agents`.
#[derive(Debug, clap::Args)]
pub struct AgentsArgs {
    /// Sales for each way to ask
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub sales: u32,
}

/// Options of `feeds`.
#[derive(Debug, clap::Args)]
pub struct FeedsArgs {
    /// Products in the catalogue
    #[arg(long, default_value_t = 1_000_000)]
    pub products: u64,
}

/// Options of `client`.
#[derive(Debug, clap::Args)]
pub struct ClientArgs {
    /// Run only cases whose names contain this text
    #[arg(long, default_value = "")]
    pub only: String,
    /// Rounds per case
    #[arg(long, default_value_t = 15)]
    pub rounds: usize,
}

/// Appended to the help of `reads`.
const READS_HELP: &str = "\
How to read the table
  A row has the medians of ours and the peer's, the median of their ratios turn by turn, and the bound on \
that ratio (on our own figure where no peer is named).
  ok and SHORT: the bound is kept or missed. WRONG: responses were wrong or had a status other than OK, \
so the figure does not measure the intended work.
  CPU is user and system time for 100,000 completed calls, of the server process; `database CPU` that \
of all PostgreSQL processes. It varies least on a shared machine. calls/s and latencies need an idle \
one: `busy 0.7` means that other processes kept 0.7 cores busy in the median turn.
  ping-pong: round trip of a word between two cores. At several hundred ns, servers that pass work \
between cores lose up to half of their rate.
  Our servers run with telemetry on: 1 % of calls are sampled and sent to a collector.
  Exit code 1: a bound is missed, a response was wrong or not OK, or a shape failed. A missing peer is named, \
and its bounds are skipped.

Peers and their driver: ../shared/peer/setup and setup-cpp, into PEER_CACHE (default: \
~/.cache/catalogue-peer).";

/// Options of `reads`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = READS_HELP)]
pub struct ReadsArgs {
    /// Run only these shapes
    #[arg(long, value_enum, value_delimiter = ',', value_name = "SHAPE")]
    pub only: Vec<Shape>,
    /// Turns of each server [default: 7, with --short 3]
    #[arg(long)]
    pub rounds: Option<usize>,
    /// Turns of one second and fewer connections, to check that everything works
    #[arg(long)]
    pub short: bool,
    /// File for the figures
    #[arg(long, value_name = "FILE", default_value = "target/bench/reads.json")]
    pub json: PathBuf,
    /// Save these figures as the baseline for later runs: docs/bench/reads.json
    #[arg(long, conflicts_with = "short")]
    pub save: bool,
    /// Directory of the services to measure, if not those of this checkout
    #[arg(long, value_name = "DIR")]
    pub programs: Option<PathBuf>,
    /// Products for the search index, as packed JSON lines [default:
    /// ../shared/data/products.jsonl.gz]
    #[arg(long, value_name = "FILE")]
    pub corpus: Option<PathBuf>,
}

impl ReadsArgs {
    /// Turns of each server.
    #[must_use]
    pub fn rounds(&self) -> usize {
        self.rounds.unwrap_or(if self.short { 3 } else { 7 }).max(1)
    }
}

/// A workload of `reads`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Shape {
    /// GetProduct from the catalogue's warmed cache, against go-mem and cpp-mem-bytes
    Cached,
    /// GetProduct from the warmed cache with a key and with a token, against the same header unread
    Access,
    /// GetProduct through PostgreSQL without the cache, 4 connections with 64 calls in flight,
    /// against go-pg and cpp-pg; the memory of the catalogue
    Postgres,
    /// The same, 1 connection with 8 calls in flight
    #[value(name = "postgres-1x8")]
    PostgresFew,
    /// The same, 16 connections with 256 calls in flight
    #[value(name = "postgres-16x256")]
    PostgresMany,
    /// GetProduct from SQLite without the cache, against go-pg
    Sqlite,
    /// Latency at half of the rate at which go-pg is saturated
    Half,
    /// Popular products more often (Zipf), at half of the maximum rate, without and with 1 % writes
    Zipf,
    /// GetProduct forwarded by the gateway as gRPC; its CPU time against go-mem's
    GatewayGrpc,
    /// GetProduct as JSON; gateway and catalogue together against node-mem
    GatewayJson,
    /// Latency that the gateway adds to p99, at half of the rate at which it is saturated
    GatewayLatency,
    /// ListProducts, 1,000 a call: products per CPU second, against go-pg
    List,
    /// ExportProducts, all: products per CPU second, against go-pg's list of all
    Export,
    /// Pages of 20 search hits with two facets, as JSON through the gateway
    Search,
    /// Suggestions, as JSON through the gateway
    Suggest,
    /// Server-sent events: one product's stock to all pages that show it
    Events,
    /// From exec to listening and to the first correct response, against go-pg
    Cold,
    /// Memory after the start, without load
    Memory,
    /// 1,000, 5,000 and 18,000 idle HTTP/2 connections: memory of each, and latency of a call meanwhile
    Idle,
    /// AdjustStock and UpdateProduct on both databases; last, because it changes the products
    Writes,
}

/// Options of `relevance`.
#[derive(Debug, clap::Args)]
pub struct RelevanceArgs {
    /// Search for better ranking parameters instead, which takes long
    #[arg(long)]
    pub tune: bool,
    /// Options of the tuning: `quick` skips the validation
    #[arg(requires = "tune", trailing_var_arg = true, allow_hyphen_values = true)]
    pub options: Vec<OsString>,
}

/// Options of `search`.
#[derive(Debug, clap::Args)]
pub struct SearchArgs {
    /// Numbers of products, one run each
    #[arg(long, value_delimiter = ',', default_values_t = [REAL_PRODUCTS, 200_000, 1_000_000])]
    pub products: Vec<usize>,
    /// Queries of each kind
    #[arg(long, default_value_t = 1_000)]
    pub queries: usize,
}

/// Number of products of the real data set.
pub const REAL_PRODUCTS: usize = 19_406;

/// Options of `transfer`.
#[derive(Debug, clap::Args)]
pub struct TransferArgs {
    /// Products of each size to import
    #[arg(long, default_value_t = 100_000)]
    pub products: usize,
    /// Products to export; 0 skips the exports
    #[arg(long, default_value_t = 1_000_000)]
    pub exported: usize,
    /// Run only this database
    #[arg(long, value_enum)]
    pub engine: Option<Engine>,
    /// Catalogue program to measure, if not that of this checkout
    #[arg(long)]
    pub catalogue: Option<PathBuf>,
}

/// A database of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Engine {
    /// The embedded database
    Sqlite,
    /// A server
    Postgres,
}

impl Engine {
    /// Name in figures.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}
