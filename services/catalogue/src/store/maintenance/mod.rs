//! Deletes rows that are no longer needed, in small transactions so that no other write waits long.

mod changes;
mod products;
mod requests;
mod reservations;
