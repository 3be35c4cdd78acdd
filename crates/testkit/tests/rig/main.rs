//! What tests are made with, tested itself.

mod fault_proxy;
mod postgres;
