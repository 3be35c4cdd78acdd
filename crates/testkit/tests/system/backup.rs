//! Backups of an embedded catalogue: taken while it serves, restored whole, followed by search.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use proto::catalogue::v1::{CreateProductRequest, Product};
use testkit::{Fleet, Output, Service, until};

use crate::data::{Client, client, list_all, searchable};

/// Creates `w-00000`, `w-00001`, ... until it is stopped.
struct Writer {
    acknowledged: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
    task: tokio::task::JoinHandle<()>,
}

impl Writer {
    fn start(mut client: Client) -> Self {
        let (acknowledged, stop) = (Arc::<AtomicUsize>::default(), Arc::<AtomicBool>::default());
        let (count, stopped) = (Arc::clone(&acknowledged), Arc::clone(&stop));
        let task = tokio::spawn(async move {
            for number in 0.. {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                let id = format!("w-{number:05}");
                let product = Product { name: id.clone(), id, ..Default::default() };
                let request = CreateProductRequest { product: Some(product), ..Default::default() };
                client.create_product(request).await.unwrap();
                count.store(number + 1, Ordering::Relaxed);
            }
        });
        Self { acknowledged, stop, task }
    }

    fn acknowledged(&self) -> usize {
        self.acknowledged.load(Ordering::Relaxed)
    }

    async fn reaches(&self, count: usize) {
        let reached = async || (self.acknowledged() >= count).then_some(());
        until(&format!("{count} products are written"), reached).await;
    }

    /// Ends it, and returns how many products it has created.
    async fn stop(self) -> usize {
        self.stop.store(true, Ordering::Relaxed);
        self.task.await.unwrap();
        self.acknowledged.load(Ordering::Relaxed)
    }
}

/// Runs `catctl COMMAND --data-dir DIR FILE`.
async fn copy(fleet: &Fleet, command: &[&str], file: &Path) -> Output {
    let data_dir = fleet.dir().join("catalogue");
    let paths = ["--data-dir", data_dir.to_str().unwrap(), file.to_str().unwrap()];
    fleet.catctl(&[command, &paths].concat()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_writes_restores_what_was_acknowledged() {
    let mut fleet = Fleet::start().await;
    let addr = fleet.addr(Service::Catalogue);
    let file = fleet.dir().join("backup.db");
    let writer = Writer::start(client(&addr).await);
    writer.reaches(50).await;
    let before = writer.acknowledged();
    let taken = copy(&fleet, &["backup"], &file).await;
    assert_eq!(taken.code, Some(0), "{taken:?}");
    writer.reaches(writer.acknowledged() + 20).await;
    let written = writer.stop().await;
    searchable(&fleet, i32::try_from(written).unwrap()).await;

    let refused = copy(&fleet, &["backup"], &file).await;
    assert!(refused.err.contains("--force"), "{refused:?}");
    let refused = copy(&fleet, &["restore", "--force"], &file).await;
    assert!(refused.err.contains("stop it first"), "{refused:?}");
    fleet.kill(Service::Catalogue);
    let refused = copy(&fleet, &["restore"], &file).await;
    assert!(refused.err.contains("--force"), "{refused:?}");
    let restored = copy(&fleet, &["restore", "--force"], &file).await;
    assert_eq!(restored.code, Some(0), "{restored:?}");
    assert!(restored.err.contains("replaced-"), "{restored:?}");

    fleet.restart(Service::Catalogue);
    fleet.ready(Service::Catalogue).await;
    let mut catalogue = client(&addr).await;
    let kept = list_all(&mut catalogue).await.len();
    assert!((before..written).contains(&kept), "{kept} of {before} to {written}");
    // Products from after the backup leave the index, and new ones enter it.
    searchable(&fleet, i32::try_from(kept).unwrap()).await;
    let product = Product { id: "new".into(), name: "New".into(), ..Default::default() };
    let request = CreateProductRequest { product: Some(product), ..Default::default() };
    catalogue.create_product(request).await.unwrap();
    searchable(&fleet, i32::try_from(kept + 1).unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_backup_replaces_nothing() {
    let mut fleet = Fleet::start().await;
    fleet.kill(Service::Catalogue);
    let file = fleet.dir().join("damaged.db");
    std::fs::write(&file, "not a database ".repeat(1_000)).unwrap();
    let refused = copy(&fleet, &["restore", "--force"], &file).await;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.err.contains("not an intact"), "{refused:?}");
    let names = std::fs::read_dir(fleet.dir().join("catalogue")).unwrap();
    let names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    assert!(!names.iter().any(|name| name.to_string_lossy().contains("partial")), "{names:?}");
    fleet.restart(Service::Catalogue);
    fleet.ready(Service::Catalogue).await;
}
