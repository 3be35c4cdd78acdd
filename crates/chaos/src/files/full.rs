//! A small file system that fills under writes.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::ensure;
use proto::catalogue::v1::{Product, catalogue_service_client::CatalogueServiceClient};
use rpc::status;
use testkit::{Figure, until};

use super::{create, reader::Reader};
use crate::{
    RunConfig,
    catalogue::{CatalogueProcess, Engine, product},
};

/// Size of the file system, and of the file that fills most of it.
const SIZE: &str = "size=24m";
const BALLAST: usize = 16 << 20;

/// A file system in memory, unmounted when it is dropped.
struct Mount(PathBuf);

impl Mount {
    fn new(at: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(at)?;
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", SIZE, "tmpfs"]).arg(at).output()?;
        ensure!(mounted.status.success(), "no file system can be mounted here: run it as root");
        Ok(Self(at.to_owned()))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(&self.0).status().ok(); // nothing more can be done
    }
}

pub(super) async fn run(config: &RunConfig) -> anyhow::Result<Vec<Figure>> {
    let mut catalogue = CatalogueProcess::prepare(Engine::Sqlite).await?;
    let mount = Mount::new(&catalogue.dir().join("small"))?;
    let url = format!("--database-url=sqlite://{}/catalogue.db", mount.0.display());
    catalogue.set_flags(&[&url]);
    catalogue.restart().await?;
    catalogue.create(product("good")).await?;
    let mut client = CatalogueServiceClient::new(catalogue.channel()?);
    let reader = Reader::start(catalogue.channel()?, "good");
    let ballast = mount.0.join("ballast");
    let (rounds, mut acknowledged, mut unnamed) = (config.count(10), BTreeSet::new(), 0);
    for round in 0..rounds {
        fs::write(&ballast, vec![0; BALLAST])?;
        let mut refused = 0;
        for number in 0.. {
            let id = format!("p-{round}-{number}");
            let large = Product { description: "long ".repeat(3_900), ..product(&id) };
            match create(&mut client, large).await {
                Ok(()) => drop(acknowledged.insert(id)),
                Err(refusal) => {
                    refused += 1;
                    unnamed += u64::from(status::reason(&refusal).as_deref() != Some("STORE_FULL"));
                }
            }
            if refused == 5 {
                break;
            }
        }
        fs::remove_file(&ballast)?;
        until("writes are taken again", async || {
            let id = format!("after-{round}");
            create(&mut client, product(&id)).await.ok().map(|()| acknowledged.insert(id))
        })
        .await;
        for id in acknowledged.iter().filter(|id| id.starts_with(&format!("p-{round}-"))) {
            catalogue.purge(id).await?;
        }
        acknowledged.retain(|id| id.starts_with("after-"));
    }
    let reads = reader.stop().await?;
    catalogue.kill();
    catalogue.restart().await?;
    let found: BTreeSet<String> = catalogue.products().await?.into_iter().map(|it| it.id).collect();
    catalogue.kill();
    Ok(vec![
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
