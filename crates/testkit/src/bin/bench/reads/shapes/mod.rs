//! What is measured, one shape after the other.

mod bulk;
mod events;
mod gateway;
mod idle;
mod products;
mod search;
mod start;
mod writes;
mod zipf;

use std::fmt;

use anyhow::Result;
use clap::ValueEnum;

use super::{row::Row, setting::Setting};

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shape {
    /// GetProduct from the catalogue's warmed cache, against go-mem and cpp-mem-bytes
    Cached,
    /// GetProduct through PostgreSQL without the cache, 4 connections with 64 calls in flight,
    /// against go-pg and cpp-pg; the memory that takes
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
    /// Popular products more often (Zipf), at half of what is possible, without and with 1 % writes
    Zipf,
    /// GetProduct passed on by the gateway as gRPC; its processor time against go-mem's
    GatewayGrpc,
    /// GetProduct as JSON; gateway and catalogue together against node-mem
    GatewayJson,
    /// What the gateway adds to p99, at half of the rate at which it is saturated
    GatewayLatency,
    /// ListProducts, 1,000 a call: products per processor second, against go-pg
    List,
    /// ExportProducts, all: products per processor second, against go-pg's list of all
    Export,
    /// Pages of 20 search hits with two facets, as JSON through the gateway
    Search,
    /// Suggestions, as JSON through the gateway
    Suggest,
    /// Server-sent events: one product's stock to all pages that show it
    Events,
    /// From exec to listening and to the first right answer, against go-pg
    Cold,
    /// Memory after the start, without load
    Memory,
    /// 1,000, 5,000 and 18,000 idle HTTP/2 connections: memory of each, and a call among them
    Idle,
    /// AdjustStock and UpdateProduct on both engines; last, since it changes the products
    Writes,
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.to_possible_value().expect("none is left out").get_name())
    }
}

/// Those that are asked for, in their order; all, if none is.
pub(crate) fn chosen(only: &[Shape]) -> impl Iterator<Item = Shape> {
    let all = Shape::value_variants().iter().copied();
    all.filter(|shape| only.is_empty() || only.contains(shape))
}

impl Shape {
    /// Measures it.
    ///
    /// # Errors
    /// A server does not start, or does not answer.
    pub(crate) async fn measure(self, setting: &Setting) -> Result<Vec<Row>> {
        match self {
            Self::Cached => products::cached(setting).await,
            Self::Postgres => products::postgres(setting).await,
            Self::PostgresFew => products::postgres_few(setting).await,
            Self::PostgresMany => products::postgres_many(setting).await,
            Self::Sqlite => products::sqlite(setting).await,
            Self::Half => products::half(setting).await,
            Self::Zipf => zipf::measure(setting).await,
            Self::GatewayGrpc => gateway::grpc(setting).await,
            Self::GatewayJson => gateway::json(setting).await,
            Self::GatewayLatency => gateway::latency(setting).await,
            Self::List => bulk::list(setting).await,
            Self::Export => bulk::export(setting).await,
            Self::Search => search::page(setting).await,
            Self::Suggest => search::suggest(setting).await,
            Self::Events => events::measure(setting).await,
            Self::Cold => start::cold(setting).await,
            Self::Memory => start::memory(setting).await,
            Self::Idle => idle::measure(setting).await,
            Self::Writes => writes::measure(setting).await,
        }
    }
}
