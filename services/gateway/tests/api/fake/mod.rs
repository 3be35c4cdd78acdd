//! The services behind the gateway, made up: they keep a few products in memory.

mod catalogue;
mod categories;
mod feed;
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

use proto::catalogue::v1::{Change, Product, Variant, change::Op, product};
use rpc::status::error;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::watch;
use tonic::{Code, Request, Response, Status, metadata::MetadataMap};

type Answer<T> = Result<Response<T>, Status>;

#[derive(Clone, Default)]
pub(crate) struct Fake(Arc<Inner>);

#[derive(Default)]
struct Inner {
    products: Mutex<BTreeMap<String, Product>>,
    changes: Mutex<Vec<Change>>,
    /// Counts changes, and wakes watchers.
    length: watch::Sender<usize>,
    /// Cursors of another epoch have expired.
    epoch: AtomicU32,
    /// The metadata of the latest call on someone's behalf: the gateway makes some of its own.
    seen: Mutex<MetadataMap>,
    /// The requests, as they came: the name of the message, and what it says.
    asked: Mutex<Vec<(&'static str, Value)>>,
}

impl Fake {
    pub(crate) fn put(&self, id: &str, stock_qty: i32) -> Product {
        let old = self.0.products.lock().unwrap().get(id).cloned();
        let op = if old.is_some() { Op::Stock } else { Op::Created };
        let product = Product {
            id: id.to_owned(),
            name: format!("The {id}"),
            etag: "e1".to_owned(),
            status: product::Status::Active.into(),
            stock_qty,
            revision: old.map_or(0, |old| old.revision) + 1,
            ..Product::default()
        };
        self.store(op, product)
    }

    /// As [`Self::put`], with the stock in variants of these skus.
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

    /// What no watcher is told: as if it had happened where the feed does not reach.
    pub(crate) fn put_silently(&self, id: &str, stock_qty: i32) {
        let mut products = self.0.products.lock().unwrap();
        let product = products.get_mut(id).unwrap();
        product.stock_qty = stock_qty;
        product.revision += 1;
    }

    /// From now on earlier cursors are refused.
    pub(crate) fn expire_cursors(&self) {
        self.0.epoch.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn seen(&self, key: &str) -> Option<String> {
        let seen = self.0.seen.lock().unwrap();
        seen.get(key).map(|value| value.to_str().unwrap().to_owned())
    }

    /// The requests of this name so far, such as `UpdateProductRequest`.
    pub(crate) fn asked(&self, name: &str) -> Vec<Value> {
        let asked = self.0.asked.lock().unwrap();
        asked.iter().filter(|(of, _)| *of == name).map(|(_, request)| request.clone()).collect()
    }

    /// How many watches of the change feed are open.
    pub(crate) fn readers(&self) -> usize {
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

    fn saw<T: Serialize>(&self, request: Request<T>) -> T {
        let (metadata, _, message) = request.into_parts();
        if metadata.contains_key("x-request-id") {
            *self.0.seen.lock().unwrap() = metadata;
        }
        let name = std::any::type_name::<T>().rsplit("::").next().unwrap();
        let said = serde_json::to_value(&message).unwrap();
        self.0.asked.lock().unwrap().push((name, said));
        message
    }

    fn check_etag(&self, asked: &str, product: &Product) -> Result<(), Status> {
        match asked.is_empty() || asked == product.etag {
            true => Ok(()),
            false => Err(error(Code::Aborted, "ETAG_MISMATCH", "the product has changed since")),
        }
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
