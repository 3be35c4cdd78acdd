//! The whole system, as its users see it: real programs, real sockets, a real browser.

mod bad_input;
mod contract;
mod crash;
mod data;
mod journey;
mod memory;
mod observed;
mod page;
mod telemetry;
mod up;
