//! The gRPC services of the contract. Each handler parses its request, calls the store, and builds
//! the response.
//!
//! Types of `proto` and `tonic` stay in this module: [`convert`] converts messages to and from domain
//! types, [`status`] converts errors to statuses and logs them.

mod audit;
mod availability;
mod catalogue;
mod category;
mod convert;
mod encoded;
mod feed;
mod history;
mod import;
mod imports;
mod keys;
mod lists;
mod message_budget;
mod min_revision;
mod pages;
mod position;
mod product_messages;
mod product_scan;
mod read;
mod sessions;
mod settings;
mod status;
mod stock;
mod stream_sender;
mod transfer;
mod unary;
mod undo;
mod visible;
mod write;
mod written;

use chassis::CancellationToken;
use proto::catalogue::v1::{
    audit_service_server::{self, AuditServiceServer},
    catalogue_service_server,
    category_service_server::{self, CategoryServiceServer},
    feed_service_server::{self, FeedServiceServer},
    key_service_server::{self, KeyServiceServer},
    setting_service_server::{self, SettingServiceServer},
    stock_service_server::{self, StockServiceServer},
    transfer_service_server,
};
use tonic::service::Routes;

pub(crate) use unary::UnaryReads;

use self::encoded::{CatalogueServer, TransferServer};
use crate::{feed::ChangeBroadcast, keys::SharedKeys, store::Store};

#[cfg(test)]
pub(crate) use convert::product as product_message;

/// Full names of the services.
pub(crate) const SERVICES: [&str; 8] = [
    catalogue_service_server::SERVICE_NAME,
    category_service_server::SERVICE_NAME,
    stock_service_server::SERVICE_NAME,
    feed_service_server::SERVICE_NAME,
    transfer_service_server::SERVICE_NAME,
    key_service_server::SERVICE_NAME,
    setting_service_server::SERVICE_NAME,
    audit_service_server::SERVICE_NAME,
];

/// Builds all services over one store. Watches end at `shutdown`.
pub(crate) fn routes(
    store: &Store,
    broadcast: &ChangeBroadcast,
    keys: &SharedKeys,
    shutdown: &CancellationToken,
) -> Routes {
    let (store, broadcast, shutdown) = (store.clone(), broadcast.clone(), shutdown.clone());
    let audit = audit::Service { store: store.clone(), page_tokens: keys.page_tokens.clone() };
    let catalogue =
        catalogue::Service { store: store.clone(), page_tokens: keys.page_tokens.clone() };
    let transfer =
        transfer::Service { store: store.clone(), page_tokens: keys.page_tokens.clone() };
    Routes::new(CatalogueServer::new(catalogue))
        .add_service(CategoryServiceServer::new(category::Service { store: store.clone() }))
        .add_service(StockServiceServer::new(stock::Service {
            store: store.clone(),
            broadcast: broadcast.clone(),
            shutdown: shutdown.clone(),
        }))
        .add_service(TransferServer::new(transfer))
        .add_service(AuditServiceServer::new(audit))
        .add_service(KeyServiceServer::new(keys::Service {
            store: store.clone(),
            keys: keys.clone(),
            shutdown: shutdown.clone(),
        }))
        .add_service(SettingServiceServer::new(settings::Service {
            store: store.clone(),
            page_tokens: keys.page_tokens.clone(),
            shutdown: shutdown.clone(),
        }))
        .add_service(FeedServiceServer::new(feed::Service { store, broadcast, shutdown }))
}
