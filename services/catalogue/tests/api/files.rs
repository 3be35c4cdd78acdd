//! Databases in files: directory, lock, permissions, damage.

use std::{fs, os::unix::fs::PermissionsExt as _, path::PathBuf};

use chassis::CancellationToken;
use futures::future::join_all;
use proto::catalogue::v1::{
    CreateProductRequest, GetProductRequest, ListProductsRequest, Product,
    catalogue_service_client::CatalogueServiceClient,
};
use sea_orm::{ConnectionTrait as _, Database};
use tempfile::TempDir;
use testkit::{get, until};
use tonic::{Code, Status};

use crate::{
    crash::Process,
    support::{Catalogue, Data, assert_refused, config, failure, product, soon},
};

fn file(catalogue: &Catalogue) -> PathBuf {
    catalogue.data().path().join("catalogue.db")
}

async fn list(catalogue: &Catalogue) -> Result<Vec<Product>, Status> {
    let list = catalogue.products().list_products(ListProductsRequest::default()).await;
    let (mut list, mut products) = (list?.into_inner(), Vec::new());
    while let Some(product) = soon(list.message()).await? {
        products.push(product);
    }
    Ok(products)
}

/// Waits until the catalogue is ready, or is not and says why.
async fn until_ready_is(catalogue: &Catalogue, status: u16, why: &str) {
    let address = format!("http://{}/readyz", catalogue.running.admin_addr);
    let what = format!("readiness is {status}");
    until(&what, async || {
        let answer = get(&address).await.unwrap();
        let report = answer.json();
        let store = report["dependencies"]["store"].as_str().unwrap_or_default();
        (answer.status.as_u16() == status && store.contains(why)).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_database_takes_no_writes() {
    let catalogue = Catalogue::start().await;
    catalogue.create(product("mug")).await;
    let (file, aside) = (file(&catalogue), catalogue.data().path().join("aside.db"));
    fs::rename(&file, &aside).unwrap();
    let refused = catalogue.try_create(product("lost")).await;
    assert_refused(refused, Code::DataLoss, "DATABASE_REPLACED");
    until_ready_is(&catalogue, 503, "was deleted or replaced").await;
    fs::copy(&aside, &file).unwrap();
    let refused = catalogue.try_create(product("lost")).await;
    assert_refused(refused, Code::DataLoss, "DATABASE_REPLACED");
    // Put back, it is the open file again.
    fs::rename(&aside, &file).unwrap();
    catalogue.create(product("kept")).await;
    until_ready_is(&catalogue, 200, "ok").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_database_is_read_over_the_connections_there_are() {
    let catalogue = Catalogue::start().await;
    let ids: Vec<String> = (0..32).map(|number| format!("mug-{number}")).collect();
    for id in &ids {
        catalogue.create(product(id)).await;
    }
    let file = file(&catalogue);
    until("all connections are open", async || {
        let open = fs::read_dir("/proc/self/fd").unwrap().flatten();
        let of_file = open.filter(|fd| fs::read_link(fd.path()).is_ok_and(|link| link == file));
        // One that writes and four that read.
        (of_file.count() == 5).then_some(())
    })
    .await;
    fs::rename(&file, catalogue.data().path().join("aside.db")).unwrap();
    let reads = ids.iter().map(|id| {
        let mut products = catalogue.products();
        let request = GetProductRequest { product_id: id.clone(), ..Default::default() };
        async move { products.get_product(request).await.map(drop) }
    });
    let failed: Vec<_> = join_all(reads).await.into_iter().filter_map(Result::err).collect();
    assert!(failed.is_empty(), "{failed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_row_is_named_and_spares_the_others() {
    let catalogue = Catalogue::start().await;
    for id in ["a", "b", "c"] {
        catalogue.create(product(id)).await;
    }
    let outside = Database::connect(format!("sqlite://{}", file(&catalogue).display())).await;
    let rot = "UPDATE products SET attributes = 'rotten' WHERE id = 'b'";
    outside.unwrap().execute_unprepared(rot).await.unwrap();
    let catalogue = Catalogue::start_in(catalogue.stop().await).await;
    assert_refused(list(&catalogue).await, Code::DataLoss, "DATABASE_DAMAGED");
    let filtered = ListProductsRequest { filter: "attributes:x".to_owned(), ..Default::default() };
    let mut filtered = catalogue.products().list_products(filtered).await.unwrap().into_inner();
    assert_refused(soon(filtered.message()).await, Code::DataLoss, "DATABASE_DAMAGED");
    let get = async |id: &str| {
        let request = GetProductRequest { product_id: id.to_owned(), ..Default::default() };
        catalogue.products().get_product(request).await
    };
    assert_refused(get("b").await, Code::DataLoss, "DATABASE_DAMAGED");
    assert_eq!(get("c").await.unwrap().into_inner().id, "c");
    catalogue.create(product("d")).await;
    until_ready_is(&catalogue, 200, "ok").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_is_not_served() {
    let catalogue = Catalogue::start().await;
    catalogue.fill(200).await;
    let file = file(&catalogue);
    let data = catalogue.stop().await;
    let mut bytes = fs::read(&file).unwrap();
    // The header of each page that has products.
    for page in bytes.chunks_mut(4_096) {
        if page.windows(9).any(|text| text == b"Name of p") {
            page[..16].fill(0xa5);
        }
    }
    fs::write(&file, bytes).unwrap();
    let catalogue = Catalogue::start_in(data).await;
    assert_refused(list(&catalogue).await, Code::DataLoss, "DATABASE_DAMAGED");
    until_ready_is(&catalogue, 503, "is damaged").await;
    let refused = catalogue.try_create(product("new")).await;
    assert_refused(refused, Code::DataLoss, "DATABASE_DAMAGED");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_is_private_to_its_owner() {
    let parent = TempDir::new().unwrap();
    let dir = parent.path().join("data");
    let shutdown = CancellationToken::new();
    let running = catalogue::start(config(&dir, None), shutdown.clone()).await.unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir), 0o700);
    for entry in fs::read_dir(&dir).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    shutdown.cancel();
    soon(running.finished()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn unusable_data_is_reported_in_one_line() {
    let catalogue = Catalogue::start().await;
    let second = failure(catalogue.data().config()).await;
    assert!(second.contains("another catalogue is using"), "{second}");

    let dir = TempDir::new().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "in the way").unwrap();
    let blocked = failure(config(&file, None)).await;
    assert!(blocked.contains("--data-dir"), "{blocked}");

    let garbage = TempDir::new().unwrap();
    std::fs::write(garbage.path().join("catalogue.db"), "not a database ".repeat(100)).unwrap();
    let damaged = failure(config(garbage.path(), None)).await;
    assert!(damaged.contains("not an intact database"), "{damaged}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_file_is_configurable() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("elsewhere.db");
    let url = format!("sqlite://{}", file.display());
    let shutdown = CancellationToken::new();
    let config = config(dir.path(), Some(&url));
    let running = catalogue::start(config, shutdown.clone()).await.unwrap();
    shutdown.cancel();
    soon(running.finished()).await.unwrap();
    assert!(file.exists() && !dir.path().join("catalogue.db").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_on_the_size_of_files_fails_writes_only() {
    let data = Data::new().await;
    let process = Process::start_with_file_limit(&data, 4_000).await;
    let mut products = CatalogueServiceClient::new(process.channel.clone());
    let mut written = 0;
    let refusal = loop {
        let description = "long ".repeat(4_000);
        let product = Product { description, ..product(&format!("p-{written}")) };
        let request = CreateProductRequest { product: Some(product), ..Default::default() };
        match soon(products.create_product(request)).await {
            Ok(_) => written += 1,
            Err(refusal) => break refusal,
        }
        assert!(written < 1_000, "the files did not grow");
    };
    assert_refused::<()>(Err(refusal), Code::Unavailable, "STORE_UNAVAILABLE");
    let request = GetProductRequest { product_id: "p-0".to_owned(), ..Default::default() };
    assert_eq!(soon(products.get_product(request)).await.unwrap().into_inner().id, "p-0");
}
