//! PgBouncer between the catalogue and its database.

use std::sync::Arc;

use chassis::CancellationToken;
use testkit::{PgBouncer, Postgres};

use crate::support::{Data, config, failure, product};

async fn database() -> Option<testkit::Database> {
    Some(Postgres::shared().await?.database().await.unwrap())
}

/// Everything works in session mode, from the migrations on.
#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_in_session_mode_is_transparent() {
    let Some(database) = database().await else { return };
    let Some(pooler) = PgBouncer::start(&database, "session").await.unwrap() else { return };
    let data = Data::through(database, pooler.url.clone());
    let catalogue = crate::support::Catalogue::start_in(Arc::new(data)).await;
    catalogue.create(product("mug")).await;
    assert_eq!(crate::pages::browse_all(&catalogue, 10, "").await, ["mug"]);
}

/// Settings of a connection would be lost, and with them what keeps writes apart.
#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_in_transaction_mode_is_refused_with_the_remedy() {
    let Some(database) = database().await else { return };
    let Some(pooler) = PgBouncer::start(&database, "transaction").await.unwrap() else { return };
    let data = Data::through(database, String::new());
    for migrated in [false, true] {
        if migrated {
            catalogue::migrate(&config(data.path(), Some(data.url().unwrap()))).await.unwrap();
        }
        let reason = failure(config(data.path(), Some(&pooler.url))).await;
        assert!(reason.contains("pool_mode = session"), "{reason}");
    }
    let direct = catalogue::start(data.config(), CancellationToken::new()).await;
    assert!(direct.is_ok());
}
