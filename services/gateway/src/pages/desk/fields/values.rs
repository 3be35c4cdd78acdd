//! Values of fields as texts, and back. A text that is not changed is the same value again.

use pbjson_types::Timestamp;
use proto::{
    catalogue::v1::{CurrencyPrice, Dimensions, Weight},
    google::r#type::Money,
    time::Utc,
};
use serde_json::Value;

/// A text that is no value of its field.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

type Read<T> = Result<T, Unreadable>;

/// Reads `12.50 EUR`.
pub(super) fn money(text: &str) -> Read<Option<Money>> {
    if text.is_empty() {
        return Ok(None);
    }
    let (amount, currency) = text.split_once(char::is_whitespace).ok_or(Unreadable)?;
    let (units, fraction) = amount.split_once('.').unwrap_or((amount, ""));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if units.is_empty() || !is_digits(units) || !is_digits(fraction) || fraction.len() > 9 {
        return Err(Unreadable);
    }
    Ok(Some(Money {
        currency_code: currency.trim().to_uppercase(),
        units: units.parse().map_err(|_| Unreadable)?,
        nanos: format!("{fraction:0<9}").parse().map_err(|_| Unreadable)?,
    }))
}

pub(super) fn money_text(money: Option<&Money>) -> String {
    money.map(proto::money::display).unwrap_or_default()
}

/// Reads `13.50 USD` or, with a compare-at price, `13.50 USD / 15.00 USD`, one a line.
pub(super) fn currency_prices(text: &str) -> Read<Vec<CurrencyPrice>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let prices = lines.map(|line| {
        let (price, compared) = line.split_once('/').unwrap_or((line, ""));
        let price = money(price.trim())?.ok_or(Unreadable)?;
        Ok(CurrencyPrice { price: Some(price), compare_at_price: money(compared.trim())? })
    });
    prices.collect()
}

pub(super) fn currency_prices_text(prices: &[CurrencyPrice]) -> String {
    let line = |each: &CurrencyPrice| match &each.compare_at_price {
        None => money_text(each.price.as_ref()),
        compared => {
            format!("{} / {}", money_text(each.price.as_ref()), money_text(compared.as_ref()))
        }
    };
    prices.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Reads `2026-05-01T08:00Z`, also with a blank, with seconds and with parts of them (RFC 3339). Without an offset it is
/// in UTC.
pub(super) fn time(text: &str) -> Read<Option<Timestamp>> {
    if text.is_empty() {
        return Ok(None);
    }
    let text = text.to_uppercase().replacen(' ', "T", 1);
    let (date, time) = text.split_once('T').ok_or(Unreadable)?;
    let offset_at = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (time, offset) = time.split_at(offset_at);
    let seconds = if time.len() == "08:00".len() { ":00" } else { "" };
    let offset = if offset.is_empty() { "Z" } else { offset };
    let text = Value::String(format!("{date}T{time}{seconds}{offset}"));
    serde_json::from_value(text).map(Some).map_err(|_| Unreadable)
}

pub(super) fn time_text(time: Option<&Timestamp>) -> String {
    let text = time.and_then(|time| serde_json::to_value(Utc(time)).ok());
    text.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Reads `350 g`.
pub(super) fn weight(text: &str) -> Read<Option<Weight>> {
    if text.is_empty() {
        return Ok(None);
    }
    let (value, unit) = number_and_unit(text)?;
    Ok(Some(Weight { value: number(value)?, unit }))
}

pub(super) fn weight_text(weight: Option<&Weight>) -> String {
    weight.map(|Weight { value, unit }| format!("{value} {unit}")).unwrap_or_default()
}

/// Reads `20 x 10 x 8 cm`.
pub(super) fn dimensions(text: &str) -> Read<Option<Dimensions>> {
    if text.is_empty() {
        return Ok(None);
    }
    let (sides, unit) = number_and_unit(text)?;
    let sides: Read<Vec<f64>> = sides.split(['x', '×']).map(number).collect();
    let [length, width, height] = sides?.try_into().map_err(|_| Unreadable)?;
    Ok(Some(Dimensions { length, width, height, unit }))
}

pub(super) fn dimensions_text(dimensions: Option<&Dimensions>) -> String {
    let text = |Dimensions { length, width, height, unit }: &Dimensions| {
        format!("{length} x {width} x {height} {unit}")
    };
    dimensions.map(text).unwrap_or_default()
}

/// Splits a unit from the numbers before it.
fn number_and_unit(text: &str) -> Read<(&str, String)> {
    let end = text.rfind(|letter: char| letter.is_ascii_digit()).ok_or(Unreadable)? + 1;
    let (numbers, unit) = text.split_at(end);
    Ok((numbers, unit.trim().to_owned()))
}

fn number(text: &str) -> Read<f64> {
    let text = text.trim();
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || b".-eE".contains(&byte));
    text.parse().ok().filter(|_| is_plain).ok_or(Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_has_a_currency() {
        let money = |text| super::money(text).map(|money| money_text(money.as_ref()));
        assert_eq!(money("12.5 eur"), Ok("12.50 EUR".to_owned()));
        assert_eq!(money(""), Ok(String::new()));
        for wrong in ["12", "EUR 12", "-1 EUR", "1,5 EUR", ". EUR"] {
            assert_eq!(money(wrong), Err(Unreadable), "{wrong}");
        }
        let prices = "13.50 USD / 15.00 USD\n980 JPY";
        assert_eq!(currency_prices_text(&currency_prices(prices).unwrap()), prices);
        assert_eq!(currency_prices("13.50 USD\n15"), Err(Unreadable));
    }

    #[test]
    fn a_time_keeps_its_parts_of_a_second() {
        let read = |text| time(text).map(|time| time_text(time.as_ref()));
        assert_eq!(read("2026-05-01T08:00:00.123456Z").unwrap(), "2026-05-01T08:00:00.123456Z");
        for text in ["2026-05-01 08:00", "2026-05-01t08:00z", "2026-05-01T10:00:00+02:00"] {
            assert_eq!(read(text).unwrap(), "2026-05-01T08:00:00Z", "{text}");
        }
        for wrong in ["2026-05-01", "08:00", "2026-13-01 08:00", "soon"] {
            assert_eq!(read(wrong), Err(Unreadable), "{wrong}");
        }
    }

    #[test]
    fn measures_are_exact() {
        for value in [0.1 + 0.2, 350.0, 1e-7, 12_345_678.9] {
            let text = weight_text(Some(&Weight { value, unit: "kg".to_owned() }));
            assert_eq!(weight(&text).unwrap().unwrap().value.to_bits(), value.to_bits(), "{text}");
        }
        assert_eq!(weight("350g").unwrap().unwrap().unit, "g");
        let box_of = dimensions("20×10 x 8.5 cm").unwrap();
        assert_eq!(dimensions_text(box_of.as_ref()), "20 x 10 x 8.5 cm");
        for wrong in ["20 cm", "20 x 10 cm", "g", "a x b x c cm", "inf x 1 x 1 m"] {
            assert_eq!(dimensions(wrong), Err(Unreadable), "{wrong}");
        }
    }
}
