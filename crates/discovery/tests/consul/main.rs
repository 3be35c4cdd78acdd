//! Discovery with Consul: one contract, kept by a real agent and by one that is none; what only the
//! real one does; and what only the other can be made to do.

mod acl;
mod agent;
mod contract;
mod faults;
mod subject;
