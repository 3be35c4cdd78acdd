//! Fills the databases of the peers and of our catalogues with the same products.

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use devtools::bench::Engine;
use futures::TryStreamExt as _;
use prost::Message as _;
use proto::catalogue::v1::{ImportProductsRequest, ImportRow, Product};
use sqlx::{Connection as _, PgConnection, Row as _};

use super::{
    environment::{Environment, PRODUCTS},
    ours::{self, Cache},
};
use crate::transfer::client;

const ROWS_PER_MESSAGE: usize = 500;

/// Creates the products in the peers' table, and imports them into our catalogues on both databases.
///
/// # Errors
/// A database refuses, or a catalogue does not start.
pub(crate) async fn fill(environment: &Environment) -> Result<()> {
    let mut connection = PgConnection::connect(environment.peers_database()).await?;
    sqlx::raw_sql(include_str!("seed.sql")).execute(&mut connection).await?;
    sqlx::raw_sql("VACUUM (ANALYZE, FREEZE) products").execute(&mut connection).await?;
    let messages = messages(&mut connection).await?;
    connection.close().await?;
    for engine in [Engine::Postgres, Engine::Sqlite] {
        let catalogue = ours::catalogue(environment, engine, Cache::Off).start(environment).await?;
        let response = client::import(catalogue.channel().await?, messages.clone()).await?;
        let created = u64::try_from(response.created)?;
        ensure!(created == PRODUCTS, "not all products were created: {response:?}");
    }
    let mut connection = PgConnection::connect(environment.database()).await?;
    sqlx::raw_sql("VACUUM (ANALYZE)").execute(&mut connection).await?;
    connection.close().await.context("closing the connection")
}

/// Encodes the peers' products as messages of an import.
async fn messages(connection: &mut PgConnection) -> Result<Vec<Bytes>> {
    const SELECT: &str = "SELECT id, name, description, (price_eur * 100)::bigint AS cents, \
        stock_qty, image_urls FROM products ORDER BY id";
    let rows: Vec<_> = sqlx::query(SELECT).fetch(connection).try_collect().await?;
    let mut messages = Vec::new();
    for (number, chunk) in rows.chunks(ROWS_PER_MESSAGE).enumerate() {
        let mut import = ImportProductsRequest::default();
        for (index, row) in chunk.iter().enumerate() {
            let product = Product {
                id: row.try_get("id")?,
                name: row.try_get("name")?,
                description: row.try_get("description")?,
                price: Some(proto::money::from_minor(row.try_get("cents")?, "EUR")),
                stock_qty: row.try_get("stock_qty")?,
                image_urls: row.try_get("image_urls")?,
                ..Default::default()
            };
            let line = i64::try_from(number * ROWS_PER_MESSAGE + index + 1)?;
            import.rows.push(ImportRow { line, product: Some(product), update_mask: None });
        }
        messages.push(import.encode_to_vec().into());
    }
    Ok(messages)
}
