//! Values as people write them.

pub(crate) mod gtin;
pub(crate) mod html;
pub(crate) mod identifier;
pub(crate) mod measure;
pub(crate) mod moment;
pub(crate) mod number;
pub(crate) mod words;
