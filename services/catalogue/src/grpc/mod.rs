//! The services of the contract. Each handler parses, asks, answers.
//!
//! Words of the wire stay here: messages become domain types in [`convert`], and errors become
//! statuses in [`status`], once each.

mod answer;
mod availability;
mod catalogue;
mod category;
mod convert;
mod encoded;
mod feed;
mod history;
mod import;
mod lists;
mod outlet;
mod pages;
mod read;
mod revision;
mod row;
mod status;
mod stock;
mod transfer;
mod unary;
mod walk;
mod write;

use chassis::CancellationToken;
use page_token::Signer;
use proto::catalogue::v1::{
    catalogue_service_server,
    category_service_server::{self, CategoryServiceServer},
    feed_service_server::{self, FeedServiceServer},
    stock_service_server::{self, StockServiceServer},
    transfer_service_server,
};
use tonic::service::Routes;

pub(crate) use unary::UnaryReads;

use self::encoded::{CatalogueServer, TransferServer};
use crate::{feed::News, store::Store};

/// For the tests of whatever encodes products by another way.
#[cfg(test)]
pub(crate) use convert::product as product_message;

/// The services we answer for, by their full names.
pub(crate) const SERVICES: [&str; 5] = [
    catalogue_service_server::SERVICE_NAME,
    category_service_server::SERVICE_NAME,
    stock_service_server::SERVICE_NAME,
    feed_service_server::SERVICE_NAME,
    transfer_service_server::SERVICE_NAME,
];

/// The largest message we send, in bytes: clients take 4 MiB unless told otherwise.
const MAX_ANSWER: usize = (4 << 20) - (256 << 10);

/// All services over one store. Watches end at `shutdown`.
pub(crate) fn routes(store: &Store, news: &News, shutdown: &CancellationToken) -> Routes {
    let (store, news, shutdown) = (store.clone(), news.clone(), shutdown.clone());
    let signer = Signer::new(store.page_token_key());
    let catalogue = catalogue::Service { store: store.clone(), signer };
    let transfer = transfer::Service { store: store.clone() };
    Routes::new(CatalogueServer::new(catalogue))
        .add_service(CategoryServiceServer::new(category::Service { store: store.clone() }))
        .add_service(StockServiceServer::new(stock::Service {
            store: store.clone(),
            news: news.clone(),
            shutdown: shutdown.clone(),
        }))
        .add_service(TransferServer::new(transfer))
        .add_service(FeedServiceServer::new(feed::Service { store, news, shutdown }))
}
