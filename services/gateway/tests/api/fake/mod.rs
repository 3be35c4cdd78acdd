//! A fake of all upstream services, with a few products in memory.

mod catalogue;
mod categories;
mod feed;
mod instance;
mod keys;
mod search;
mod stock;
mod transfer;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use proto::catalogue::v1::{Change, Import, Product, Variant, change::Op, product};
use rpc::status::error;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::watch;
use tonic::{Code, Request, Response, Status, metadata::MetadataMap};

type RpcResult<T> = Result<Response<T>, Status>;

#[derive(Clone, Default)]
pub(crate) struct Fake(Arc<Inner>);

#[derive(Default)]
struct Inner {
    products: Mutex<BTreeMap<String, Product>>,
    changes: Mutex<Vec<Change>>,
    /// The number of changes; wakes watches.
    length: watch::Sender<usize>,
    /// Cursors of other epochs have expired.
    epoch: AtomicU32,
    /// In seconds.
    index_lag: AtomicU32,
    /// Why the instance is not ready; empty if it is.
    trouble: Mutex<String>,
    /// The metadata of the latest call for a client; the gateway also makes calls for itself.
    metadata: Mutex<MetadataMap>,
    imports: Mutex<BTreeMap<String, Import>>,
    keys: keys::FakeKeys,
    /// The requests in their order: the name of the message, and its JSON.
    requests: Mutex<Vec<(&'static str, Value)>>,
}

impl Fake {
    pub(crate) fn put(&self, id: &str, stock_qty: i32) -> Product {
        self.put_named(id, &format!("The {id}"), stock_qty)
    }

    pub(crate) fn put_named(&self, id: &str, name: &str, stock_qty: i32) -> Product {
        let old = self.0.products.lock().unwrap().get(id).cloned();
        let op = if old.is_some() { Op::Stock } else { Op::Created };
        let product = Product {
            id: id.to_owned(),
            name: name.to_owned(),
            etag: "e1".to_owned(),
            status: product::Status::Active.into(),
            stock_qty,
            revision: old.map_or(0, |old| old.revision) + 1,
            ..Product::default()
        };
        self.store(op, product)
    }

    /// The same as [`Self::put`], with stock in variants.
    pub(crate) fn put_variants(&self, id: &str, variants: &[(&str, i32)]) -> Product {
        let stock_qty = variants.iter().map(|(_, stock_qty)| stock_qty).sum();
        let variants = variants.iter().map(|(sku, stock_qty)| Variant {
            sku: (*sku).to_owned(),
            stock_qty: *stock_qty,
            ..Variant::default()
        });
        let product = Product { variants: variants.collect(), ..self.put(id, stock_qty) };
        let product = Product { revision: product.revision + 1, ..product };
        self.store(Op::Updated, product)
    }

    pub(crate) fn set_status(&self, id: &str, status: product::Status) {
        let product = self.get(id).unwrap();
        self.store(Op::Updated, Product { status: status.into(), ..product });
    }

    pub(crate) fn remove(&self, id: &str) {
        self.0.products.lock().unwrap().remove(id);
        self.push(Change {
            op: Op::Deleted.into(),
            product_id: id.to_owned(),
            ..Change::default()
        });
    }

    /// Changes stock without an event in the feed.
    pub(crate) fn put_silently(&self, id: &str, stock_qty: i32) {
        let mut products = self.0.products.lock().unwrap();
        let product = products.get_mut(id).unwrap();
        product.stock_qty = stock_qty;
        product.revision += 1;
    }

    /// Makes search answer from an index that was last up to date so long ago.
    pub(crate) fn set_index_lag(&self, seconds: u32) {
        self.0.index_lag.store(seconds, Ordering::SeqCst);
    }

    /// Makes the instance not ready for this reason; an empty one makes it ready.
    pub(crate) fn set_trouble(&self, reason: &str) {
        reason.clone_into(&mut self.0.trouble.lock().unwrap());
    }

    fn index_lag(&self) -> pbjson_types::Duration {
        let seconds = self.0.index_lag.load(Ordering::SeqCst);
        pbjson_types::Duration { seconds: seconds.into(), nanos: 0 }
    }

    /// Expires all cursors that were issued so far.
    pub(crate) fn expire_cursors(&self) {
        self.0.epoch.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn metadata(&self, key: &str) -> Option<String> {
        let metadata = self.0.metadata.lock().unwrap();
        metadata.get(key).map(|value| value.to_str().unwrap().to_owned())
    }

    /// The requests so far of one message type, such as `UpdateProductRequest`.
    pub(crate) fn requests(&self, name: &str) -> Vec<Value> {
        let requests = self.0.requests.lock().unwrap();
        let named = requests.iter().filter(|(known, _)| *known == name);
        named.map(|(_, request)| request.clone()).collect()
    }

    /// The number of open watches of the change feed.
    pub(crate) fn open_watches(&self) -> usize {
        self.0.length.receiver_count()
    }

    fn store(&self, op: Op, product: Product) -> Product {
        self.0.products.lock().unwrap().insert(product.id.clone(), product.clone());
        let product_id = product.id.clone();
        let change = Change {
            op: op.into(),
            product_id,
            product: Some(product.clone()),
            ..Change::default()
        };
        self.push(change);
        product
    }

    fn push(&self, change: Change) {
        let mut changes = self.0.changes.lock().unwrap();
        changes.push(change);
        self.0.length.send_replace(changes.len());
    }

    fn get(&self, id: &str) -> Result<Product, Status> {
        let not_found =
            || error(Code::NotFound, "PRODUCT_NOT_FOUND", format!("product {id} does not exist"));
        self.0.products.lock().unwrap().get(id).cloned().ok_or_else(not_found)
    }

    fn all(&self) -> Vec<Product> {
        self.0.products.lock().unwrap().values().cloned().collect()
    }

    fn record<T: Serialize>(&self, request: Request<T>) -> T {
        let (metadata, _, message) = request.into_parts();
        if metadata.contains_key("x-request-id") {
            *self.0.metadata.lock().unwrap() = metadata;
        }
        let name = std::any::type_name::<T>().rsplit("::").next().unwrap();
        let json = serde_json::to_value(&message).unwrap();
        self.0.requests.lock().unwrap().push((name, json));
        message
    }

    fn check_etag(&self, required: &str, product: &Product) -> Result<(), Status> {
        if required.is_empty() || required == product.etag {
            return Ok(());
        }
        Err(error(Code::Aborted, "ETAG_MISMATCH", "the product has changed since"))
    }

    fn check_request_id(&self, request_id: &str) -> Result<(), Status> {
        match request_id {
            "reused" => Err(error(Code::AlreadyExists, "REQUEST_ID_REUSED", "of another request")),
            _ => Ok(()),
        }
    }

    fn check_min_revision(&self, min_revision: &str) -> Result<(), Status> {
        match min_revision {
            "future" => Err(error(Code::Aborted, "REVISION_NOT_REACHED", "2 changes behind")),
            "foreign" => {
                Err(error(Code::FailedPrecondition, "REVISION_UNKNOWN", "of another catalogue"))
            }
            _ => Ok(()),
        }
    }

    fn cursor(&self, at: usize) -> String {
        format!("{}:{at}", self.0.epoch.load(Ordering::SeqCst))
    }

    fn position(&self, cursor: &str) -> Result<usize, Status> {
        let epoch = self.0.epoch.load(Ordering::SeqCst).to_string();
        let at = cursor
            .split_once(':')
            .filter(|(of, _)| *of == epoch)
            .and_then(|(_, at)| at.parse().ok());
        at.ok_or_else(|| error(Code::FailedPrecondition, "CURSOR_EXPIRED", "begin with a snapshot"))
    }
}
