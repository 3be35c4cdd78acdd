//! Random rows that cannot be decoded any more.

use std::collections::BTreeSet;

use proto::catalogue::v1::{GetProductRequest, catalogue_service_client::CatalogueServiceClient};
use rpc::status;
use sqlx::{Connection as _, SqliteConnection};
use testkit::{Figure, get};

use super::reader::Reader;
use crate::{
    RunConfig,
    catalogue::{CatalogueProcess, Engine, product},
};

const DAMAGED: &str = "DATABASE_DAMAGED";

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let mut catalogue = CatalogueProcess::prepare(Engine::Sqlite).await?;
    // Rows are read from the file, not from the cache.
    catalogue.set_flags(&["--product-cache=0"]);
    catalogue.restart().await?;
    catalogue.create(product("good")).await?;
    let products = config.count(1_000);
    for number in 0..products {
        catalogue.create(product(format!("p-{number}"))).await?;
    }
    let reader = Reader::start(catalogue.channel()?, "good");
    let (mut random, mut rotten) = (config.random("rows"), BTreeSet::new());
    let mut file =
        SqliteConnection::connect(&format!("sqlite://{}", catalogue.file().display())).await?;
    for _ in 0..config.count(100) {
        let id = format!("p-{}", random.below(products));
        let column = ["attributes", "labels"][random.below(2) as usize];
        let rot = format!("UPDATE products SET {column} = '[{{rotten' WHERE id = ?");
        sqlx::query(sqlx::AssertSqlSafe(rot)).bind(&id).execute(&mut file).await?;
        rotten.insert(id);
    }
    let mut client = CatalogueServiceClient::new(catalogue.channel()?);
    let (mut hidden, mut failed) = (0, 0);
    for number in 0..products {
        let product_id = format!("p-{number}");
        let is_rotten = rotten.contains(&product_id);
        let read = client.get_product(GetProductRequest { product_id, ..Default::default() }).await;
        match read {
            Ok(_) => hidden += u64::from(is_rotten),
            Err(refusal) if is_rotten => {
                hidden += u64::from(status::reason(&refusal).as_deref() != Some(DAMAGED));
            }
            Err(_) => failed += 1,
        }
    }
    let ready = get(&format!("http://{}/readyz", catalogue.admin())).await?.status.as_u16();
    let reads = reader.stop().await?;
    Ok(vec![
        Figure::at_least("rotten rows", rotten.len() as u64, 1),
        Figure::exactly("rotten rows that are not refused by name", hidden, 0),
        Figure::exactly("good rows that are refused", failed, 0),
        Figure::exactly("readiness", ready, 200),
        Figure::exactly("reads beside that failed", reads.failed, 0),
    ])
}
