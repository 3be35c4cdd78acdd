//! Stock: reading and changing it, and the reservations that hold some of it.

mod expiry;
mod read;
mod reservations;
mod write;
