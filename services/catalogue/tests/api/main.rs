//! The catalogue as its clients know it: the real service, on a free port, over gRPC.

mod categories;
mod crash;
mod feed;
mod import;
mod lifecycle;
mod pages;
mod products;
mod revision;
mod stock;
mod support;
mod variants;
mod writes;
