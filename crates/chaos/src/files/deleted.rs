//! The database file moved away under writes, and put back.

use std::{collections::BTreeSet, fs};

use proto::catalogue::v1::catalogue_service_client::CatalogueServiceClient;
use rpc::status;
use testkit::{Figure, until};
use tonic::Code;

use super::{create, reader::Reader};
use crate::{
    RunConfig,
    catalogue::{CatalogueProcess, Engine, product},
};

/// Writes after the file has gone, in each round.
const WRITES: u64 = 10;

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let mut catalogue = CatalogueProcess::start(Engine::Sqlite).await?;
    catalogue.create(product("good")).await?;
    let mut client = CatalogueServiceClient::new(catalogue.channel()?);
    let reader = Reader::start(catalogue.channel()?, "good");
    let rounds = config.count(50);
    let (file, aside) = (catalogue.file(), catalogue.dir().join("aside.db"));
    let (mut acknowledged, mut lost, mut unnamed) = (BTreeSet::new(), 0, 0);
    for round in 0..rounds {
        fs::rename(&file, &aside)?;
        for write in 0..WRITES {
            match create(&mut client, product(format!("lost-{round}-{write}"))).await {
                Ok(()) => lost += 1,
                Err(refusal) => {
                    let reason = status::reason(&refusal);
                    let is_named = reason.as_deref() == Some("DATABASE_REPLACED");
                    unnamed += u64::from(refusal.code() != Code::DataLoss || !is_named);
                }
            }
        }
        fs::rename(&aside, &file)?;
        until("writes are taken again", async || {
            let id = format!("kept-{round}");
            create(&mut client, product(&id)).await.ok().map(|()| acknowledged.insert(id))
        })
        .await;
    }
    let reads = reader.stop().await?;
    catalogue.kill();
    catalogue.restart().await?;
    let found: BTreeSet<String> = catalogue.products().await?.into_iter().map(|it| it.id).collect();
    Ok(vec![
        Figure::exactly("writes acknowledged without the file", lost, 0),
        Figure::exactly("refusals without the reason", unnamed, 0),
        Figure::exactly(
            "acknowledged products missing",
            acknowledged.difference(&found).count(),
            0,
        ),
        Figure::at_least("reads beside", reads.all, rounds),
        Figure::exactly("reads beside that failed", reads.failed, 0),
    ])
}
