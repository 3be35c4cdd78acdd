//! Metrics of statements and connections.

use opentelemetry::{KeyValue, global::meter};
use sea_orm::{DatabaseConnection, DbBackend};

/// Records statements on the pool and the number of its connections, labelled with its `role`:
/// `read`, `write` or `replica`.
pub(in crate::store) fn with_metrics(
    mut connections: DatabaseConnection,
    role: &'static str,
) -> DatabaseConnection {
    let system = match connections.get_database_backend() {
        DbBackend::Postgres => "postgresql",
        _ => "sqlite",
    };
    connections.set_metric_callback(move |info| {
        telemetry::statement(system, &info.statement.sql, info.elapsed, info.failed);
    });
    let pool = connections.clone();
    meter("catalogue")
        .u64_observable_gauge("db.client.connections")
        .with_description("Database connections by pool and state.")
        .with_callback(move |gauge| {
            let (all, idle) = match pool.get_database_backend() {
                DbBackend::Postgres => {
                    let pool = pool.get_postgres_connection_pool();
                    (pool.size() as usize, pool.num_idle())
                }
                _ => {
                    let pool = pool.get_sqlite_connection_pool();
                    (pool.size() as usize, pool.num_idle())
                }
            };
            for (state, count) in [("idle", idle), ("used", all.saturating_sub(idle))] {
                let labels = [KeyValue::new("pool", role), KeyValue::new("state", state)];
                gauge.observe(count as u64, &labels);
            }
        })
        .build();
    connections
}
