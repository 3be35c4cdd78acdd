//! The products and categories we keep, and the feed of their changes.
//!
//! Two engines, one code path: a file of SQLite, where one connection writes and some read, or a
//! PostgreSQL server, where several of both work side by side, and those of other replicas of this
//! service beside them. What they do not share is in `engine`.
//!
//! A write and its rows in the feed are one transaction, and a transaction runs in a task of its own
//! that a dropped request cannot cancel: no connection goes back to its pool with a transaction open.
//!
//! **Invariant:** whoever sees a write acknowledged sees it in every read that begins afterwards.

mod below;
mod bulk;
mod categories;
mod changes;
mod compact;
mod counts;
mod deletion;
mod encoded;
mod engine;
mod entity;
mod epoch;
mod expiry;
mod filter;
mod follow;
mod history;
mod import;
mod levels;
mod location;
mod migrations;
mod open;
mod order;
mod page;
mod products;
mod reads;
mod replica;
mod requests;
mod reservations;
mod revision;
mod rows;
mod save;
mod startup;
mod stock;
mod stock_levels;
mod stored;
mod tables;
#[cfg(test)]
mod tests;
mod undo;
mod unit;
mod write;

pub(crate) use categories::Counted;
pub(crate) use changes::Kept;
pub(crate) use counts::Counts;
pub(crate) use encoded::{EncodedPage, id as encoded_id};
pub(crate) use history::PastRevision;
pub(crate) use location::Location;
pub(crate) use open::Pending;
pub(crate) use reads::{FramedProduct, ProductReader};
pub(crate) use tables::{State, Step, Tables};
pub(crate) use write::{Done, RequestKey, Write, WriteContext};

use std::{
    fs::File,
    sync::{Arc, Mutex, PoisonError, RwLock, atomic::AtomicU64},
};

use chassis::CancellationToken;
use sea_orm::{DatabaseConnection, DbBackend, EntityTrait as _};
use tokio::{
    runtime::Handle,
    sync::{Semaphore, watch},
};
use uuid::Uuid;

use self::replica::Replica;
use crate::domain::{Place, Product, Result, Tree};

/// A handle to the store; cheap to clone.
#[derive(Clone)]
pub(crate) struct Store(Arc<Inner>);

struct Inner {
    reader: DatabaseConnection,
    /// Single products, cached and in batches.
    reads: reads::Reads,
    /// For what may be a little behind, if there is one.
    replica: Option<Replica>,
    writer: DatabaseConnection,
    /// To see what others write, where others do.
    watcher: Option<DatabaseConnection>,
    /// Where transactions run, whatever becomes of the request that asked for them.
    background: Handle,
    /// Where one transaction writes at a time: held through it and the publication of what it
    /// changed in memory.
    turn: tokio::sync::Mutex<()>,
    /// How many writes may wait for their turn.
    queue: Arc<Semaphore>,
    /// How many batches of imports may be written beside the one before them.
    ahead: Arc<Semaphore>,
    tree: RwLock<Arc<Tree>>,
    /// Held while the tree is read again, so that what is read later is published later.
    reload: tokio::sync::Mutex<()>,
    /// Counts the transactions that put a product into a category, or took one out.
    memberships: AtomicU64,
    counts: Mutex<Option<(u64, Arc<Counts>)>>,
    /// Wakes those who tell and hear what replicas of this service have written.
    signals: follow::Signals,
    /// Cancelled when the store is being closed.
    closing: CancellationToken,
    /// Marked changed after each commit.
    committed: watch::Sender<()>,
    feed_epoch: Uuid,
    /// The newest change that this process has written or seen.
    newest_seen: Mutex<Place>,
    /// The newest settled change when the store was opened, if that was read.
    settled_at_start: Option<Place>,
    page_token_key: [u8; 32],
    /// Of a file: locked while the store is open, so that no second process serves the same data.
    lock: Option<File>,
}

impl Store {
    /// Which feed this is; another after the data was replaced.
    pub(crate) fn feed_epoch(&self) -> Uuid {
        self.0.feed_epoch
    }

    /// The newest change that no other could come before when the store was opened, if that is known.
    pub(crate) fn settled_at_start(&self) -> Option<Place> {
        self.0.settled_at_start
    }

    /// The secret that page tokens are signed with.
    pub(crate) fn page_token_key(&self) -> [u8; 32] {
        self.0.page_token_key
    }

    /// Where work belongs that a dropped request must not cancel.
    pub(crate) fn background(&self) -> &Handle {
        &self.0.background
    }

    /// Wakes its holder after each commit.
    pub(crate) fn commits(&self) -> watch::Receiver<()> {
        self.0.committed.subscribe()
    }

    /// The categories as they are now.
    pub(crate) fn tree(&self) -> Arc<Tree> {
        Arc::clone(&self.0.tree.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The categories as the database has them.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) async fn stored_tree(&self) -> Result<Tree> {
        Ok(categories::load(&self.0.reader).await?)
    }

    /// Reads the least there is to read.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) async fn probe(&self) -> Result<()> {
        Ok(entity::meta::Entity::find().one(&self.0.reader).await.map(drop)?)
    }

    /// Which database this is.
    pub(super) fn engine(&self) -> DbBackend {
        self.0.writer.get_database_backend()
    }

    /// Reads the tree again and publishes it.
    pub(super) async fn reload_tree(&self) -> Result<()> {
        let _in_order = self.0.reload.lock().await;
        let tree = categories::load(&self.0.reader).await?;
        if tree != *self.tree() {
            *self.0.tree.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(tree);
            self.0.reads.categories_written();
        }
        Ok(())
    }

    /// A tree with every category these products are in. One read in the instant between a commit
    /// and its publication is behind its products; then the tree is read again.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) async fn tree_for(&self, products: &[Product]) -> Result<Arc<Tree>> {
        let tree = self.tree();
        let mut ids = products.iter().flat_map(|product| &product.details.category_ids);
        if ids.all(|id| tree.get(id).is_some()) {
            return Ok(tree);
        }
        Ok(Arc::new(categories::load(&self.0.reader).await?))
    }

    /// Closes the connections and lets another process have the data.
    pub(crate) async fn close(&self) {
        self.0.closing.cancel();
        let _turn = self.0.turn.lock().await;
        let Inner { reader, replica, writer, watcher, .. } = &*self.0;
        let pools =
            [Some(reader), replica.as_ref().map(Replica::pool), Some(writer), watcher.as_ref()];
        for pool in pools.into_iter().flatten() {
            if let Err(error) = pool.close_by_ref().await {
                tracing::warn!(%error, "closing the store");
            }
        }
        if let Some(Err(error)) = self.0.lock.as_ref().map(File::unlock) {
            tracing::warn!(%error, "unlocking the store");
        }
    }
}
