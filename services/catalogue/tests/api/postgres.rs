//! The tests of `main.rs`, on PostgreSQL.

mod availability;
mod bad_input;
mod cache;
mod cache_replicas;
mod categories;
mod crash;
mod deletion;
mod documents;
mod faults;
mod feed;
mod feed_lists;
mod feed_live;
mod feed_scopes;
mod filters;
mod history;
mod import;
mod import_merge;
mod import_options;
mod lifecycle;
mod links;
mod migrate;
mod overtaken;
mod page_token_keys;
mod pages;
mod products;
mod replicas;
mod reservations;
mod revision;
mod server;
mod settings;
mod stock;
mod support;
mod tree;
mod variants;
mod writes;

const ENGINE: support::Engine = support::Engine::Postgres;
