//! Tests of the complete system: real programs, sockets and a browser.

mod access;
mod agents;
mod audit;
mod backup;
mod bad_input;
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
mod reload;
mod shop;
mod telemetry;
mod transfer;
mod up;
