//! Products as OpenAI takes them for ChatGPT: an object or a row for each item that can be bought
//! (developers.openai.com/commerce/specs/file-upload/products).

use product_fields::{LengthUnit, WeightUnit};
use proto::{
    catalogue::v1::{Dimensions, Product},
    money,
};
use serde_json::{Map, Value, json};

use super::{
    columns::{guarded, path},
    google_merchant::condition,
    item::{Item, is_for_sale, items},
    own_offer::OwnOffer,
    shop::Shop,
};

pub(super) const COLUMNS: [&str; 31] = [
    "item_id",
    "title",
    "description",
    "url",
    "brand",
    "image_url",
    "price",
    "sale_price",
    "availability",
    "group_id",
    "listing_has_variations",
    "variant_dict",
    "gtin",
    "condition",
    "product_category",
    "material",
    "color",
    "size",
    "length",
    "width",
    "height",
    "dimensions_unit",
    "weight",
    "item_weight_unit",
    "additional_image_urls",
    "seller_name",
    "seller_url",
    "store_country",
    "target_countries",
    "is_eligible_search",
    "is_eligible_checkout",
];

/// Appends the lines of products.
pub(super) fn lines(products: &[Product], shop: &Shop) -> serde_json::Result<Vec<u8>> {
    let mut lines = Vec::new();
    for product in products.iter().filter(|product| is_for_sale(product)) {
        for item in items(product) {
            serde_json::to_writer(&mut lines, &object(&item, shop))?;
            lines.push(b'\n');
        }
    }
    Ok(lines)
}

/// The rows of a product; none if it is not for sale.
pub(super) fn rows(product: &Product, shop: &Shop) -> Vec<Vec<String>> {
    if !is_for_sale(product) {
        return Vec::new();
    }
    items(product).iter().map(|item| row(&object(item, shop))).collect()
}

fn row(object: &Map<String, Value>) -> Vec<String> {
    let cell = |column: &&str| match object.get(*column) {
        None => String::new(),
        Some(Value::String(text)) => guarded(text.clone()),
        Some(Value::Array(items)) => {
            // Commas are between addresses.
            let items = items.iter().filter_map(Value::as_str).map(|it| it.replace(',', "%2C"));
            guarded(items.collect::<Vec<_>>().join(","))
        }
        Some(other) => other.to_string(),
    };
    COLUMNS.iter().map(cell).collect()
}

/// The fields of an item that are known.
pub(super) fn object(item: &Item<'_>, shop: &Shop) -> Map<String, Value> {
    let Item { product, variant, own, .. } = item;
    let mut object = Map::new();
    let mut text = |name: &str, value: &str| {
        if !value.is_empty() {
            object.insert(name.to_owned(), value.into());
        }
    };
    text("item_id", &variant.sku);
    text("title", &item.title());
    text("description", &product.description);
    text("url", &shop.link(&product.id));
    text("brand", &product.brand);
    let pictures = item.pictures(shop);
    text("image_url", pictures.first().map_or("", String::as_str));
    let (price, regular) = item.prices();
    let display = |price: Option<&_>| price.map(money::display).unwrap_or_default();
    text("price", &display(regular.or(price)));
    text("sale_price", &display(price.filter(|_| regular.is_some())));
    text("availability", item.availability());
    text("gtin", &variant.gtin);
    text("condition", &condition(product));
    text("product_category", &product.category_paths.first().map(path).unwrap_or_default());
    for (column, names) in
        [("material", &["material"][..]), ("color", &["color", "colour"]), ("size", &["size"])]
    {
        text(column, item.option(names).map_or("", |option| option.value.as_str()));
    }
    measures(own, &mut text);
    text("seller_name", shop.seller.as_deref().unwrap_or_default());
    text("seller_url", shop.url.as_deref().unwrap_or_default());
    text("store_country", shop.country.as_deref().unwrap_or_default());
    if !product.variants.is_empty() {
        text("group_id", &product.id);
        object.insert("listing_has_variations".to_owned(), true.into());
        let options = variant.option_values.iter();
        let options: Map<_, _> =
            options.map(|option| (option.name.clone(), option.value.clone().into())).collect();
        if !options.is_empty() {
            object.insert("variant_dict".to_owned(), options.into());
        }
    }
    if pictures.len() > 1 {
        object.insert("additional_image_urls".to_owned(), json!(pictures[1..]));
    }
    if let Some(country) = &shop.country {
        object.insert("target_countries".to_owned(), json!([country]));
    }
    object.insert("is_eligible_search".to_owned(), true.into());
    // Checkout is another integration.
    object.insert("is_eligible_checkout".to_owned(), false.into());
    object
}

type Side = fn(&Dimensions) -> f64;

/// Sets weight and dimensions.
fn measures(own: &OwnOffer, set: &mut impl FnMut(&str, &str)) {
    let sides: [(&str, Side); 3] =
        [("length", |it| it.length), ("width", |it| it.width), ("height", |it| it.height)];
    for (column, side) in sides {
        set(column, &own.side_in(LengthUnit::Centimetre, side));
    }
    if own.offer.dimensions.is_some() {
        set("dimensions_unit", "cm");
    }
    if let Some(weight) = &own.offer.weight {
        match WeightUnit::named(&weight.unit) {
            Some(WeightUnit::Pound) => {
                set("weight", &weight.value.to_string());
                set("item_weight_unit", "lb");
            }
            // Others than these two are not known there.
            _ => {
                set("weight", &own.weight_in(WeightUnit::Kilogram));
                set("item_weight_unit", "kg");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proto::catalogue::v1::{Weight, product::Status};

    use super::*;

    fn row_of(product: &Product) -> impl Fn(&str) -> String + use<> {
        let shop = Shop { url: Some("https://shop.example".to_owned()), ..Shop::default() };
        let row = rows(product, &shop).swap_remove(0);
        move |column| row[COLUMNS.iter().position(|known| *known == column).unwrap()].clone()
    }

    #[test]
    fn commas_of_addresses_do_not_separate_them() {
        let image_urls = ["/a.jpg", "/w_1,h_2/b.jpg", "/c.jpg"].map(str::to_owned).to_vec();
        let status = Status::Active.into();
        let cell = row_of(&Product { status, image_urls, ..Product::default() });
        let others = "https://shop.example/w_1%2Ch_2/b.jpg,https://shop.example/c.jpg";
        assert_eq!(cell("additional_image_urls"), others);
    }

    #[test]
    fn weights_are_in_kilograms_or_pounds() {
        for (unit, value, expected) in [
            ("lb", "2.5", "lb"),
            ("kg", "2.5", "kg"),
            ("g", "0.0025", "kg"),
            ("t", "2500", "kg"),
            ("oz", "0.070874", "kg"),
        ] {
            let weight = Some(Weight { value: 2.5, unit: unit.to_owned() });
            let status = Status::Active.into();
            let cell = row_of(&Product { status, weight, ..Product::default() });
            assert_eq!([cell("weight"), cell("item_weight_unit")], [value, expected], "{unit}");
        }
    }
}
