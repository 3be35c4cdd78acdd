//! CPU time and rate of writes, in a closed loop with a concurrency of 64.

use anyhow::{Result, ensure};
use bytes::Bytes;
use devtools::bench::Engine;
use pbjson_types::FieldMask;
use prost::Message as _;
use proto::catalogue::v1::{Product, UpdateProductRequest};
use testkit::cpu_seconds;

use super::super::{
    calls,
    environment::{Environment, PRODUCTS},
    ours::{self, Cache},
    row::Row,
};
use crate::{cpu::tree_seconds, sample::median};

const UPDATE: &str = "/catalogue.v1.CatalogueService/UpdateProduct";

pub(super) async fn measure(environment: &Environment) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        rows.extend(write(environment, engine, "AdjustStock", calls::ADJUST, adjust).await?);
        rows.extend(write(environment, engine, "UpdateProduct", UPDATE, rename).await?);
    }
    Ok(rows)
}

async fn write(
    environment: &Environment,
    engine: Engine,
    name: &str,
    method: &'static str,
    message: fn(u64) -> Bytes,
) -> Result<Vec<Row>> {
    const SHAPE: &str = "writes";
    let catalogue = ours::catalogue(environment, engine, Cache::Default).start(environment).await?;
    let time = environment.load(4, 64).duration;
    // Warm-up.
    calls::closed_loop(&catalogue.addr, method, 500, time, message).await?;
    let (mut rates, mut p99s, mut cpus, mut databases) = (vec![], vec![], vec![], vec![]);
    for round in 0..environment.rounds as u64 {
        let before = cpu_seconds(catalogue.id(), false)?;
        let database = tree_seconds(environment.database_id())?;
        let message = move |number| message(number + round * 7_919);
        let outcome = calls::closed_loop(&catalogue.addr, method, u64::MAX, time, message).await?;
        ensure!(outcome.failed == 0 && outcome.ok > 0, "{name}: {outcome:?}");
        let per_100k = |seconds: f64| seconds * 1e5 / outcome.ok as f64;
        rates.push(outcome.ok as f64 / outcome.seconds);
        p99s.push(outcome.p99_ms);
        cpus.push(per_100k(cpu_seconds(catalogue.id(), false)? - before));
        databases.push(per_100k(tree_seconds(environment.database_id())? - database));
    }
    let row = |figure: &str, values: Vec<f64>| {
        Row::of_value(SHAPE, &format!("{name}, {}: {figure}", engine.name()), median(values))
    };
    let mut rows = vec![row("/s", rates), row("p99 ms", p99s), row("CPU s/100k", cpus)];
    if engine == Engine::Postgres {
        rows.push(row("database CPU s/100k", databases));
    }
    Ok(rows)
}

fn adjust(number: u64) -> Bytes {
    calls::adjust(spread(number))
}

fn rename(number: u64) -> Bytes {
    let product = Product {
        id: calls::id(spread(number)),
        name: format!("Renamed {number}"),
        ..Default::default()
    };
    let paths = vec!["name".to_owned()];
    let request = UpdateProductRequest {
        product: Some(product),
        update_mask: Some(FieldMask { paths }),
        ..Default::default()
    };
    request.encode_to_vec().into()
}

/// Permutes product numbers, to spread writes over the table.
fn spread(number: u64) -> u64 {
    number.wrapping_mul(48_271) % PRODUCTS + 1
}
