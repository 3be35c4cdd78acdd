//! The shop of the files, and a filter that no product matches, as arguments and in a query.

pub(super) const SHOP: [&str; 6] =
    ["--shop-url", "https://shop.example", "--seller", "Kiln & Cobble", "--country", "DE"];
pub(super) const SHOP_QUERY: &str =
    "shopUrl=https://shop.example&seller=Kiln%20%26%20Cobble&country=DE";
pub(super) const NOTHING: &str = "brand = \"nobody\"";
pub(super) const NOTHING_QUERY: &str = "brand%20%3D%20%22nobody%22";
