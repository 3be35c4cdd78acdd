//! The gateway as its callers meet it, with made-up services behind it.

mod asking;
mod bad_input;
mod fake;
mod harness;
mod http_client;
mod live;
mod outages;
mod pages;
mod proxying;
mod reading;
mod surroundings;
mod writing;
