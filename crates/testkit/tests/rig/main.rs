//! Tests of the test kit.

mod fault_proxy;
mod postgres;
