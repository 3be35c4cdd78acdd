//! Tests of the complete system: real programs, sockets and a browser.

mod access;
mod agents;
mod audit;
mod backup;
mod bad_input;
mod canaries;
mod catctl;
mod clients;
mod contract;
mod crash;
mod data;
mod feed_cost;
mod field_imports;
mod journey;
mod memory;
mod observed;
mod page;
mod pages_of_docs;
mod reload;
mod revocation;
mod screenshots;
mod shop;
mod telemetry;
mod transfer;
mod up;
mod visitor;
