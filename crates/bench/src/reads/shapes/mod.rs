//! The shapes, each in its own function.

mod access;
mod bulk;
mod events;
mod gateway;
mod idle;
mod products;
mod search;
mod start;
mod writes;
mod zipf;

use anyhow::Result;
use clap::ValueEnum as _;
use devtools::bench::Shape;

use super::{environment::Environment, row::Row};

/// The selected shapes in their order; all if none is selected.
pub(crate) fn selected(only: &[Shape]) -> impl Iterator<Item = Shape> {
    let all = Shape::value_variants().iter().copied();
    all.filter(|shape| only.is_empty() || only.contains(shape))
}

/// Name of a shape on the command line.
pub(crate) fn name(shape: Shape) -> String {
    shape.to_possible_value().expect("no variant is skipped").get_name().to_owned()
}

/// Measures a shape.
///
/// # Errors
/// A server does not start, or does not respond.
pub(crate) async fn measure(shape: Shape, environment: &Environment) -> Result<Vec<Row>> {
    match shape {
        Shape::Cached => products::cached(environment).await,
        Shape::Access => access::measure(environment).await,
        Shape::Postgres => products::postgres(environment).await,
        Shape::PostgresFew => products::postgres_few(environment).await,
        Shape::PostgresMany => products::postgres_many(environment).await,
        Shape::Sqlite => products::sqlite(environment).await,
        Shape::Half => products::half(environment).await,
        Shape::Zipf => zipf::measure(environment).await,
        Shape::GatewayGrpc => gateway::grpc(environment).await,
        Shape::GatewayJson => gateway::json(environment).await,
        Shape::GatewayLatency => gateway::latency(environment).await,
        Shape::List => bulk::list(environment).await,
        Shape::Export => bulk::export(environment).await,
        Shape::Search => search::page(environment).await,
        Shape::Suggest => search::suggest(environment).await,
        Shape::Events => events::measure(environment).await,
        Shape::Cold => start::cold(environment).await,
        Shape::Memory => start::memory(environment).await,
        Shape::Idle => idle::measure(environment).await,
        Shape::Writes => writes::measure(environment).await,
    }
}
