//! Fields that products and variants share, as cells of a table.

use pbjson_types::Timestamp;
use product_fields::OfferMessage;
use proto::{
    catalogue::v1::{CurrencyPrice, Dimensions},
    google::r#type::Money,
    money,
};

use crate::{
    convert,
    pairs::{pack, unpack},
    value::Value,
    values::number::Decimal,
};

/// Between a price and the one to compare it with.
const COMPARED: char = '/';

macro_rules! columns {
    ($($column:ident, $name:literal, $of_variant:literal;)*) => {
        /// A column of a product, and of its variants.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum OfferColumn {
            $($column,)*
        }

        impl OfferColumn {
            /// All columns, in the order in which an export writes them.
            pub const ALL: &[Self] = &[$(Self::$column),*];
            /// Number of columns.
            pub const COUNT: usize = Self::ALL.len();

            /// The column's name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$column => $name,)*
                }
            }

            /// The name of the same column of variants.
            #[must_use]
            pub const fn variant_name(self) -> &'static str {
                match self {
                    $(Self::$column => $of_variant,)*
                }
            }
        }
    };
}

columns! {
    CompareAtPrice, "compare_at_price", "variant_compare_at_price";
    SaleStart, "sale_start", "variant_sale_start";
    SaleEnd, "sale_end", "variant_sale_end";
    CurrencyPrices, "currency_prices", "variant_currency_prices";
    Weight, "weight", "variant_weight";
    Length, "length", "variant_length";
    Width, "width", "variant_width";
    Height, "height", "variant_height";
}

impl OfferColumn {
    /// The cell of a product or variant. Prices have the currency of the row.
    #[must_use]
    pub fn cell(self, offer: &OfferMessage) -> String {
        let period = offer.sale_period.as_ref();
        match self {
            Self::CompareAtPrice => plain(offer.compare_at_price.as_ref()),
            Self::SaleStart => time(period.and_then(|period| period.start_time.as_ref())),
            Self::SaleEnd => time(period.and_then(|period| period.end_time.as_ref())),
            Self::CurrencyPrices => prices(&offer.currency_prices),
            Self::Weight => offer
                .weight
                .as_ref()
                .map(|it| format!("{} {}", it.value, it.unit))
                .unwrap_or_default(),
            Self::Length => side(offer, |size| size.length),
            Self::Width => side(offer, |size| size.width),
            Self::Height => side(offer, |size| size.height),
        }
    }
}

fn side(offer: &OfferMessage, side: impl Fn(&Dimensions) -> f64) -> String {
    let known = offer.dimensions.as_ref().filter(|size| side(size) != 0.0);
    known.map(|size| format!("{} {}", side(size), size.unit)).unwrap_or_default()
}

/// RFC 3339.
fn time(time: Option<&Timestamp>) -> String {
    let json = time.and_then(|time| serde_json::to_value(time).ok());
    json.and_then(|json| json.as_str().map(str::to_owned)).unwrap_or_default()
}

/// An amount without its currency.
fn plain(price: Option<&Money>) -> String {
    let text = price.map(money::display).unwrap_or_default();
    text.split_once(' ').map(|(amount, _)| amount.to_owned()).unwrap_or_default()
}

/// Prices in other currencies, such as `USD=12.00/15.00|GBP=10.00`.
fn prices(prices: &[CurrencyPrice]) -> String {
    let cell = |each: &CurrencyPrice| {
        let currency = each.price.as_ref().map(|price| price.currency_code.clone());
        let mut amounts = plain(each.price.as_ref());
        if each.compare_at_price.is_some() {
            amounts.push(COMPARED);
            amounts.push_str(&plain(each.compare_at_price.as_ref()));
        }
        (currency.unwrap_or_default(), amounts)
    };
    let cells: Vec<(String, String)> = prices.iter().map(cell).collect();
    pack(cells.iter().map(|(currency, amounts)| (currency.as_str(), amounts.as_str())))
}

/// Reads prices in other currencies.
///
/// # Errors
/// A message that continues a sentence which begins with the field's name.
pub(crate) fn parse_prices(cell: &str) -> Result<Vec<CurrencyPrice>, String> {
    let price = |(currency, amounts): (String, String)| {
        let currency = currency.trim().to_ascii_uppercase();
        if !money::is_currency(&currency) {
            return Err(format!("holds {currency:?}, must be an ISO 4217 code such as EUR"));
        }
        let (price, compared) = match amounts.split_once(COMPARED) {
            Some((price, compared)) => (price, Some(compared)),
            None => (amounts.as_str(), None),
        };
        let amount = |text: &str| {
            let value = Value::Text(text.trim().to_owned());
            convert::money(&value, Some(&currency), "", Decimal::Dot)
        };
        let price = amount(price)?.ok_or_else(|| format!("holds no amount in {currency}"))?;
        let compare_at_price = compared.map(amount).transpose()?.flatten();
        Ok(CurrencyPrice { price: Some(price), compare_at_price })
    };
    unpack(cell)?.into_iter().map(price).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_in_other_currencies_round_trip() {
        let usd = |minor| Some(money::from_minor(minor, "USD"));
        let all = vec![
            CurrencyPrice { price: usd(1_200), compare_at_price: usd(1_500) },
            CurrencyPrice { price: Some(money::from_minor(980, "JPY")), compare_at_price: None },
        ];
        let cell = prices(&all);
        assert_eq!(cell, "USD=12.00/15.00|JPY=980");
        assert_eq!(parse_prices(&cell), Ok(all));
        assert_eq!(parse_prices(""), Ok(Vec::new()));
        for bad in ["usd", "dollars=1", "USD=", "USD=x"] {
            assert!(parse_prices(bad).is_err(), "{bad}");
        }
    }
}
