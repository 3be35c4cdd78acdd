//! Ids of products, categories, variants and reservations.

use std::{borrow::Borrow, fmt};

use product_fields::{ID_RULE, SKU_RULE, is_id, is_sku};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $is_valid:expr, $rule:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) struct $name(String);

        impl $name {
            /// Parses an id from a request.
            ///
            /// # Errors
            /// The rule that the id violates, as the predicate of a sentence about its field.
            pub(crate) fn parse(id: &str) -> Result<Self, &'static str> {
                match id {
                    "" => Err("is required"),
                    id if $is_valid(id) => Ok(Self(id.to_owned())),
                    _ => Err($rule),
                }
            }

            /// Wraps an id that has been parsed before, such as one from the database.
            pub(crate) fn known(id: String) -> Self {
                Self(id)
            }

            pub(crate) fn as_str(&self) -> &str {
                &self.0
            }
        }

        /// Allows lookups by text in maps.
        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}

id! {
    /// Id of a product.
    ProductId, is_id, ID_RULE
}
id! {
    /// Id of a category.
    CategoryId, is_id, ID_RULE
}
id! {
    /// SKU: id of a variant.
    Sku, is_sku, SKU_RULE
}

id! {
    /// Id of a reservation.
    ReservationId, is_id, ID_RULE
}

id! {
    /// Id of an import, chosen by its client or made for it.
    ImportId, is_import_id, "must be 1 to 64 letters, digits or any of -._, and not only dots"
}

impl ImportId {
    /// Generates a unique id; later ids sort after earlier ones.
    pub(crate) fn new() -> Self {
        Self::known(uuid::Uuid::now_v7().to_string())
    }
}

fn is_import_id(id: &str) -> bool {
    /// Maximum length, in bytes.
    const MAX: usize = 64;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    // `.` and `..` are no names in addresses.
    id.len() <= MAX && id.bytes().all(allowed) && id.bytes().any(|byte| byte != b'.')
}

impl ReservationId {
    /// Generates a random id that cannot be guessed.
    pub(crate) fn new() -> Self {
        Self(uuid::Uuid::new_v4().to_string())
    }
}

impl ProductId {
    /// Generates a unique id; later ids sort after earlier ones.
    pub(crate) fn new() -> Self {
        Self(uuid::Uuid::now_v7().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_fit_into_a_url_as_they_are() {
        for good in ["1399", "a", "A-b._~9", ".hidden", &"x".repeat(128)] {
            assert!(ProductId::parse(good).is_ok(), "{good}");
        }
        let long = "x".repeat(129);
        for bad in ["", " ", "a b", "a/b", "a\nb", "é", "..", "a:b", "\0", long.as_str()] {
            assert!(ProductId::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn import_ids_are_short_and_plain() {
        for good in ["spring-2026", "a.b_c", ".a", &"x".repeat(64)] {
            assert!(ImportId::parse(good).is_ok(), "{good}");
        }
        for bad in ["", ".", "..", "a b", "a:undo", "a/b", "é", &"x".repeat(65)] {
            assert!(ImportId::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn skus_may_have_slashes_but_no_blanks() {
        for good in ["TS-RED/M", "4006381333931", "a+b~c._", &"x".repeat(128)] {
            assert!(Sku::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "a b", "é", "a\nb", "\0", "a,b", &"x".repeat(129)] {
            assert!(Sku::parse(bad).is_err(), "{bad:?}");
        }
    }
}
