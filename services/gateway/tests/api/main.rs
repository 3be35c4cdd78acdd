//! Tests of the gateway's public interfaces, with fake upstream services.

mod changes;
mod compression;
mod connect;
mod crawlers;
mod desk;
mod docs;
mod events;
mod fake;
mod grpc_proxy;
mod harness;
mod http_client;
mod http_features;
mod imports;
mod invalid_requests;
mod json_reads;
mod json_writes;
mod logs;
mod oidc;
mod ops;
mod outages;
mod pages;
mod preconditions;
mod proxy;
mod requests;
mod same_site;
mod sessions;
