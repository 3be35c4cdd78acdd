//! Deletes rows that are no longer needed, in small transactions so that no other write waits long, and
//! looks for damage.

mod changes;
mod damage;
mod imports;
mod products;
mod requests;
mod reservations;
