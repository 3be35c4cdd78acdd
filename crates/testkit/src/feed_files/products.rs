//! Products that fill every field of feeds.

use anyhow::{Context as _, Result};
use pbjson_types::Timestamp;
use proto::{
    catalogue::v1::{
        CategoryPath, Dimensions, ImportProductsRequest, ImportRow, Media, OptionValue, Product,
        SalePeriod, Variant, Weight,
        product::{Condition, Status},
        transfer_service_client::TransferServiceClient,
    },
    money,
};
use tonic::transport::Channel;

const ROWS_PER_MESSAGE: u64 = 500;
const CONDITIONS: [Condition; 3] = [Condition::New, Condition::Refurbished, Condition::Used];
const WEIGHT_UNITS: [&str; 6] = ["g", "kg", "lb", "oz", "mg", "t"];
const LENGTH_UNITS: [&str; 5] = ["cm", "in", "mm", "m", "ft"];
const SIZES: [&str; 3] = ["S", "M", "L"];
/// Texts that files have to escape, quote or guard.
const TEXTS: [&str; 6] = [
    "Holds tea, \"coffee\" & <b>soup</b>\nand is kiln-fired",
    "=1+1 is no formula\tbut a text",
    "Fu\u{df}matte gr\u{fc}n \u{2615} \u{5}bell",
    "Cr\u{e8}me br\u{fb}l\u{e9}e; 12\" wide | a\\b",
    "'quoted' -- ]]> &amp;",
    "plain",
];

/// The product with this number. One in ten is not for sale; every fourth has variants.
///
/// # Panics
/// Never: the number is small.
pub fn feed_product(number: u64) -> Product {
    let at = |count: usize| usize::try_from(number).expect("it is small") % count;
    let cents = 100 + i64::try_from(number % 90_000).expect("it is small");
    let is_on_sale = number.is_multiple_of(3);
    let variants = if number.is_multiple_of(4) { variants(number, cents) } else { Vec::new() };
    let price = |cents| Some(money::from_minor(cents, "EUR"));
    Product {
        id: format!("p-{number:07}"),
        external_id: format!("erp-{number:07}"),
        name: format!("Mug {number}, {}", TEXTS[at(4)].replace(['\n', '\t', '\u{5}'], " ")),
        description: TEXTS[at(TEXTS.len())].repeat(1 + at(20)),
        price: price(cents),
        compare_at_price: price(cents + 500).filter(|_| is_on_sale),
        sale_period: period(number).filter(|_| is_on_sale),
        stock_qty: if variants.is_empty() { (number % 5) as i32 } else { 0 },
        brand: format!("Brand {} & Sons", number % 160),
        category_paths: vec![CategoryPath {
            names: vec!["Kitchen".to_owned(), format!("Shelf {}", number % 40)],
            ids: Vec::new(),
        }],
        media: pictures(number),
        status: if number % 10 == 9 { Status::Draft } else { Status::Active }.into(),
        condition: CONDITIONS[at(3)].into(),
        weight: Some(Weight { value: 0.5, unit: WEIGHT_UNITS[at(6)].to_owned() }),
        dimensions: Some(Dimensions {
            length: 30.0,
            width: 12.5,
            height: if number.is_multiple_of(2) { 0.0 } else { 11.0 },
            unit: LENGTH_UNITS[at(5)].to_owned(),
        }),
        variants,
        ..Product::default()
    }
}

fn variants(number: u64, cents: i64) -> Vec<Variant> {
    let variant = |(at, size): (u64, &&str)| {
        let option = |name: &str, value: &str| OptionValue {
            name: name.to_owned(),
            value: value.to_owned(),
        };
        Variant {
            sku: format!("p-{number:07}-{size}"),
            gtin: gtin(number * 3 + at),
            option_values: vec![option("Size", size), option("Colour", "blue, \"matt\"")],
            price: (at == 1).then(|| money::from_minor(cents + 50, "EUR")),
            stock_qty: ((number + at) % 3) as i32,
            ..Variant::default()
        }
    };
    (0..).zip(&SIZES).map(variant).collect()
}

/// A sale that is over, that is on, or that has not begun, some of them with an open end.
fn period(number: u64) -> Option<SalePeriod> {
    const YEAR_2020: i64 = 1_577_836_800;
    const YEAR_2021: i64 = 1_609_459_200;
    const YEAR_2090: i64 = 3_786_912_000;
    const YEAR_2091: i64 = 3_818_448_000;
    let time = |seconds| Some(Timestamp { seconds, nanos: 0 });
    let (start_time, end_time) = match number / 3 % 5 {
        0 => return None,
        1 => (time(YEAR_2020), time(YEAR_2021)),
        2 => (time(YEAR_2020), time(YEAR_2090)),
        3 => (time(YEAR_2090), time(YEAR_2091)),
        _ => (None, time(YEAR_2090)),
    };
    Some(SalePeriod { start_time, end_time })
}

/// Pictures of the shop and of others, some with commas in their addresses, at times more than a destination takes.
fn pictures(number: u64) -> Vec<Media> {
    let count = if number % 50 == 7 { 14 } else { 1 + number % 3 };
    let url = |at: u64| match at {
        0 => format!("/media/{number}.png"),
        _ => format!("https://img.example/w_{at},h_9/{number}.jpg"),
    };
    (0..count).map(|at| Media { url: url(at), ..Media::default() }).collect()
}

/// A GTIN-13 with its check digit (GS1).
fn gtin(number: u64) -> String {
    let digits = format!("400{number:09}");
    let weighted = digits.bytes().zip([1, 3].into_iter().cycle());
    let sum: u32 = weighted.map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

/// Imports so many of these products into a catalogue, and returns the ids of all items that are for sale.
///
/// # Errors
/// The call fails, or not all are created.
pub async fn import_feed_products(
    channel: Channel,
    count: u64,
) -> Result<impl Iterator<Item = String>> {
    let mut client = TransferServiceClient::new(channel);
    let message = move |first: u64| {
        let row = |number: u64| ImportRow {
            line: i64::try_from(number + 1).unwrap_or_default(),
            product: Some(feed_product(number)),
            update_mask: None,
        };
        let rows = (first..count.min(first + ROWS_PER_MESSAGE)).map(row).collect();
        ImportProductsRequest { rows, options: None }
    };
    let firsts = (0..count).step_by(ROWS_PER_MESSAGE as usize);
    let messages = futures::stream::iter(firsts.map(message));
    let mut responses = client.import_products(messages).await?.into_inner();
    let mut created = 0;
    while let Some(response) = responses.message().await? {
        if let Some(reject) = response.rejects.first() {
            anyhow::bail!("rejected: {reject:?}");
        }
        created = response.created;
    }
    let expected = i64::try_from(count).context("too many products")?;
    anyhow::ensure!(created == expected, "{created} of {count} products were created");
    Ok((0..count).map(feed_product).filter(is_for_sale).flat_map(items))
}

fn is_for_sale(product: &Product) -> bool {
    product.status() == Status::Active
}

fn items(product: Product) -> Vec<String> {
    match product.variants.is_empty() {
        true => vec![product.id],
        false => product.variants.into_iter().map(|variant| variant.sku).collect(),
    }
}
