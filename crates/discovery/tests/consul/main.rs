//! Discovery with Consul: a contract tested with a real agent and a fake one, behaviour of the real
//! agent only, and faults injected into the fake.

mod acl;
mod agent;
mod contract;
mod faults;
mod subject;
