//! Products as Google Merchant Center takes them: a row for each variant.

use import::OfferColumn;
use product_fields::{LengthUnit, WeightUnit};
use proto::{
    catalogue::v1::{Dimensions, Product, Variant, product::Condition},
    google::r#type::Money,
    money,
};

use super::{
    columns::path,
    item::{is_for_sale, prices_now},
    own_offer::OwnOffer,
    row::Row,
    shop::Shop,
    shopify::alone,
};

/// The most pictures besides the first that Google takes.
const MAX_OTHER_PICTURES: usize = 10;

pub(super) const COLUMNS: [&str; 24] = [
    "id",
    "item_group_id",
    "title",
    "description",
    "link",
    "image_link",
    "additional_image_link",
    "availability",
    "price",
    "sale_price",
    "sale_price_effective_date",
    "cost_of_goods_sold",
    "condition",
    "shipping_weight",
    "product_length",
    "product_width",
    "product_height",
    "brand",
    "gtin",
    "product_type",
    "color",
    "size",
    "material",
    "pattern",
];
/// Our usual names of the options that have columns.
const OPTIONS: [(&str, &str); 5] = [
    ("colour", "color"),
    ("color", "color"),
    ("size", "size"),
    ("material", "material"),
    ("pattern", "pattern"),
];

/// An item of the feed.
pub(super) struct FeedRow {
    pub(super) cells: Vec<String>,
    /// The address of its picture; empty without one.
    pub(super) picture: String,
    /// The addresses of the other pictures, which share a cell of a table.
    pub(super) other_pictures: Vec<String>,
}

/// The rows of a product; none if it is not for sale. Pictures of the shop have its address, if that is known.
pub(super) fn rows(product: &Product, shop: &Shop) -> Vec<FeedRow> {
    if !is_for_sale(product) {
        return Vec::new();
    }
    if product.variants.is_empty() {
        return vec![row(product, &alone(product), product.stock_qty, shop)];
    }
    let variants = product.variants.iter();
    variants.map(|variant| row(product, variant, variant.stock_qty, shop)).collect()
}

/// Sets prices, weight and dimensions.
fn set_offer(row: &mut Row, product: &Product, variant: &Variant) {
    let own = OwnOffer::of(product, Some(variant));
    let price = |price: Option<&Money>| price.map(money::display).unwrap_or_default();
    let period = own.offer.sale_period.as_ref();
    let is_open = period.is_some_and(|it| it.start_time.is_none() || it.end_time.is_none());
    let (regular, sale) = match is_open {
        // Google would take the sale for one without a period.
        true => {
            let (now, regular) = prices_now(product, variant);
            (regular.or(now), now.filter(|_| regular.is_some()))
        }
        false => own.regular_and_sale(),
    };
    row.set("price", price(regular));
    row.set("sale_price", price(sale));
    row.set("cost_of_goods_sold", price(own.cost.as_ref()));
    // Google writes the difference to UTC without a colon, or as Z.
    let [start, end] = [OfferColumn::SaleStart, OfferColumn::SaleEnd]
        .map(|column| column.cell(&own.offer).replace("+00:00", "Z"));
    // Google takes no period without both of its ends.
    if sale.is_some() && !start.is_empty() && !end.is_empty() {
        row.set("sale_price_effective_date", format!("{start}/{end}"));
    }
    row.set("shipping_weight", weight(&own));
    let sides: [(&str, OfferColumn, Side); 3] = [
        ("product_length", OfferColumn::Length, |size| size.length),
        ("product_width", OfferColumn::Width, |size| size.width),
        ("product_height", OfferColumn::Height, |size| size.height),
    ];
    let unit = own.offer.dimensions.as_ref().and_then(|size| LengthUnit::named(&size.unit));
    for (column, cell, side) in sides {
        let length = match unit {
            Some(LengthUnit::Centimetre | LengthUnit::Inch) | None => cell.cell(&own.offer),
            // Google knows no others.
            Some(_) => match own.side_in(LengthUnit::Centimetre, side) {
                length if length.is_empty() => length,
                length => format!("{length} cm"),
            },
        };
        row.set(column, length);
    }
}

type Side = fn(&Dimensions) -> f64;

/// The weight in a unit that Google knows.
fn weight(own: &OwnOffer) -> String {
    let unit = own.offer.weight.as_ref().and_then(|weight| WeightUnit::named(&weight.unit));
    match unit {
        Some(WeightUnit::Milligram) => format!("{} g", own.weight_in(WeightUnit::Gram)),
        Some(WeightUnit::Tonne) => format!("{} kg", own.weight_in(WeightUnit::Kilogram)),
        _ => OfferColumn::Weight.cell(&own.offer),
    }
}

fn row(product: &Product, variant: &Variant, stock_qty: i32, shop: &Shop) -> FeedRow {
    let mut row = Row::new(&COLUMNS);
    row.set("id", &variant.sku);
    if !product.variants.is_empty() {
        row.set("item_group_id", &product.id);
    }
    row.set("title", &product.name);
    row.set("description", &product.description);
    row.set("link", shop.link(&product.id));
    let own = Some(&variant.media_url).filter(|url| !url.is_empty());
    let main = own.or(product.image_urls.first());
    let pictures = product.image_urls.iter().filter(|url| Some(*url) != main);
    let other_pictures: Vec<String> = pictures.take(MAX_OTHER_PICTURES).cloned().collect();
    // Commas are between addresses, so those within are encoded, as Google asks for.
    let encoded = |url: &String| match shop.url {
        Some(_) => shop.absolute(url).replace(',', "%2C"),
        None => url.replace(',', "%2C"),
    };
    row.set("image_link", main.map(encoded).unwrap_or_default());
    let others: Vec<_> = other_pictures.iter().map(encoded).collect();
    row.set("additional_image_link", others.join(","));
    row.set("availability", if stock_qty > 0 { "in_stock" } else { "out_of_stock" });
    set_offer(&mut row, product, variant);
    row.set("condition", condition(product));
    row.set("brand", &product.brand);
    row.set("gtin", &variant.gtin);
    row.set("product_type", product.category_paths.first().map(path).unwrap_or_default());
    for option in &variant.option_values {
        let name = option.name.to_lowercase();
        if let Some((_, column)) = OPTIONS.iter().find(|(known, _)| *known == name) {
            row.set(column, &option.value);
        }
    }
    let picture = main.cloned().unwrap_or_default();
    FeedRow { cells: row.into_cells(), picture, other_pictures }
}

/// The condition in lower case, as all feeds have it; empty if unspecified.
pub(super) fn condition(product: &Product) -> String {
    match product.condition() {
        Condition::Unspecified => String::new(),
        condition => condition.as_str_name().to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use proto::catalogue::v1::{SalePeriod, Weight, product::Status};

    use super::*;

    /// Times in seconds since 1970, long ago and far ahead.
    const PAST: u64 = 1_000_000_000;
    const FUTURE: u64 = 32_000_000_000;

    fn product(start: Option<u64>, end: Option<u64>) -> Product {
        let time = |seconds| proto::time::timestamp(UNIX_EPOCH + Duration::from_secs(seconds));
        Product {
            id: "mug".to_owned(),
            status: Status::Active.into(),
            price: Some(money::from_minor(900, "EUR")),
            compare_at_price: Some(money::from_minor(1_200, "EUR")),
            sale_period: Some(SalePeriod { start_time: start.map(time), end_time: end.map(time) }),
            ..Product::default()
        }
    }

    fn cells<const N: usize>(product: &Product, columns: [&str; N]) -> [String; N] {
        cells_of(product, &Shop::default(), columns)
    }

    fn cells_of<const N: usize>(product: &Product, shop: &Shop, columns: [&str; N]) -> [String; N] {
        let row = rows(product, shop).swap_remove(0);
        columns.map(|column| {
            row.cells[COLUMNS.iter().position(|known| *known == column).unwrap()].clone()
        })
    }

    #[test]
    fn a_sale_with_an_open_end_is_that_of_now() {
        let prices = |start, end| {
            let product = product(start, end);
            let of_variant = Product {
                variants: vec![Variant { sku: "a".to_owned(), ..Variant::default() }],
                ..product.clone()
            };
            let columns = ["price", "sale_price", "sale_price_effective_date"];
            let found = cells(&product, columns);
            assert_eq!(cells(&of_variant, columns), found);
            found
        };
        let over = ["12.00 EUR", "", ""];
        assert_eq!(prices(None, Some(PAST)), over);
        assert_eq!(prices(Some(FUTURE), None), over);
        let current = ["12.00 EUR", "9.00 EUR", ""];
        assert_eq!(prices(None, Some(FUTURE)), current);
        assert_eq!(prices(Some(PAST), None), current);
        let [price, sale, period] = prices(Some(PAST), Some(FUTURE));
        assert_eq!([price.as_str(), &sale], ["12.00 EUR", "9.00 EUR"]);
        assert!(period.starts_with("2001-09-09T01:46:40Z/2984-"), "{period}");
        assert!(period.ends_with('Z'), "{period}");
    }

    #[test]
    fn only_products_for_sale_have_rows() {
        for (status, expected) in [(Status::Active, 1), (Status::Draft, 0), (Status::Archived, 0)] {
            let product = Product { status: status.into(), ..product(None, None) };
            assert_eq!(rows(&product, &Shop::default()).len(), expected, "{status:?}");
        }
    }

    #[test]
    fn commas_of_addresses_do_not_separate_them() {
        let urls = ["https://img.example/w_1,h_2/a.jpg", "https://img.example/b,c.jpg", "/d.jpg"];
        let image_urls = urls.map(str::to_owned).to_vec();
        let product = Product { image_urls, ..product(None, None) };
        let [main, others] = cells(&product, ["image_link", "additional_image_link"]);
        assert_eq!(main, "https://img.example/w_1%2Ch_2/a.jpg");
        assert_eq!(others, "https://img.example/b%2Cc.jpg,/d.jpg");
        assert_eq!(rows(&product, &Shop::default())[0].other_pictures, urls[1..]);
    }

    #[test]
    fn addresses_are_those_of_the_shop_if_it_is_known() {
        let image_urls = (0..14).map(|number| format!("/{number},1.jpg")).collect();
        let product = Product { image_urls, ..product(None, None) };
        let columns = ["link", "image_link", "additional_image_link"];
        let [link, main, others] = cells(&product, columns);
        assert_eq!([link.as_str(), &main], ["", "/0%2C1.jpg"]);
        assert_eq!(others.split(',').count(), MAX_OTHER_PICTURES);
        let shop = Shop { url: Some("https://shop.example".to_owned()), ..Shop::default() };
        let [link, main, others] = cells_of(&product, &shop, columns);
        assert_eq!(link, "https://shop.example/p/mug");
        assert_eq!(main, "https://shop.example/0%2C1.jpg");
        assert!(others.starts_with("https://shop.example/1%2C1.jpg,https://"), "{others}");
    }

    #[test]
    fn measures_are_in_units_that_google_knows() {
        let measured = |weight: &str, length: &str| {
            let weight = Some(Weight { value: 1.5, unit: weight.to_owned() });
            let dimensions = Some(Dimensions {
                length: 1.5,
                height: 1.5,
                unit: length.to_owned(),
                ..Dimensions::default()
            });
            let product = Product { weight, dimensions, ..product(None, None) };
            cells(&product, ["shipping_weight", "product_length", "product_width"])
        };
        assert_eq!(measured("oz", "in"), ["1.5 oz", "1.5 in", ""]);
        assert_eq!(measured("mg", "mm"), ["0.002 g", "0.15 cm", ""]);
        assert_eq!(measured("t", "m"), ["1500 kg", "150 cm", ""]);
        assert_eq!(measured("g", "ft"), ["1.5 g", "45.72 cm", ""]);
    }
}
