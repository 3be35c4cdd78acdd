//! The rules for what a product and the variant of a row have besides their price.

use pbjson_types::Timestamp;
use product_fields::{LengthUnit, OfferField, OfferMessage, WeightUnit};
use proto::{
    catalogue::v1::{CurrencyPrice, Dimensions, SalePeriod, Weight},
    google::r#type::Money,
};

use super::{PriceRule, Rule, Style, read};
use crate::{
    convert,
    offer_cells::{OfferColumn, parse_prices},
    row_error::RowError,
    value::{Record, Value},
    values::{
        measure::{Unit, measure},
        moment::{self, Edge},
    },
};

/// Rules for the fields of [`OfferField`].
#[derive(Debug, Clone, Default)]
pub(crate) struct OfferRules {
    pub(crate) compare_at_price: Option<PriceRule>,
    /// The price during a sale; the other one is then what it is compared with.
    pub(crate) sale_price: Option<PriceRule>,
    pub(crate) sale_start: Option<Rule>,
    pub(crate) sale_end: Option<Rule>,
    /// Start and end in one field.
    pub(crate) sale_period: Option<Rule>,
    /// All prices in other currencies in one field, as an export writes them.
    pub(crate) currency_prices: Option<Rule>,
    /// Fields with a price in another currency each.
    pub(crate) prices_in: Vec<PriceRule>,
    /// Of several, the first that is not blank.
    pub(crate) weight: Vec<MeasureRule>,
    pub(crate) length: Vec<MeasureRule>,
    pub(crate) width: Vec<MeasureRule>,
    pub(crate) height: Vec<MeasureRule>,
}

/// Source of a weight or a side.
#[derive(Debug, Clone)]
pub(crate) struct MeasureRule {
    pub(crate) value: Rule,
    /// The unit of values without one.
    pub(crate) unit: Option<Rule>,
}

/// The price of a row and the fields beside it.
#[derive(Debug, Default)]
pub(crate) struct RowOffer {
    pub(crate) offer: OfferMessage,
    /// The fields that the row speaks of.
    pub(crate) fields: Vec<OfferField>,
    /// The price, if a sale replaces it.
    pub(crate) price: Option<Money>,
}

impl OfferRules {
    pub(super) fn forget_sales(&mut self) {
        let Self { sale_price, sale_start, sale_end, sale_period, .. } = self;
        *sale_price = None;
        [sale_start, sale_end, sale_period].into_iter().for_each(|rule| *rule = None);
    }

    /// Reads a column as an export writes it.
    pub(crate) fn set(&mut self, column: OfferColumn, rule: Rule) {
        let measure = |value| vec![MeasureRule { value, unit: None }];
        match column {
            OfferColumn::CompareAtPrice => {
                let price = PriceRule { amount: rule, minor: false, currency: None };
                self.compare_at_price = Some(price);
            }
            OfferColumn::SaleStart => self.sale_start = Some(rule),
            OfferColumn::SaleEnd => self.sale_end = Some(rule),
            OfferColumn::CurrencyPrices => self.currency_prices = Some(rule),
            OfferColumn::Weight => self.weight = measure(rule),
            OfferColumn::Length => self.length = measure(rule),
            OfferColumn::Width => self.width = measure(rule),
            OfferColumn::Height => self.height = measure(rule),
        }
    }

    /// Whether there is no rule.
    pub(crate) fn is_empty(&self) -> bool {
        let mut rules = self.clone();
        let mut is_empty = true;
        rules.each_rule(&mut |_| is_empty = false);
        is_empty
    }

    /// Reads a row. `price` is its price, `currency` the rule for its currency; `prefix` is empty, or that of
    /// a variant's fields.
    pub(super) fn apply(
        &self,
        record: &Record,
        price: Option<&Money>,
        currency: Option<&Rule>,
        prefix: &str,
        style: &Style,
    ) -> Result<RowOffer, RowError> {
        let mut row = RowOffer::default();
        let name = |field: OfferField| format!("{prefix}{}", field.name());
        self.apply_prices(record, price, currency, &name, style, &mut row)?;
        if let Some(period) = self.period(record, &name(OfferField::SalePeriod))? {
            row.offer.sale_period = period;
            row.fields.push(OfferField::SalePeriod);
        }
        if let Some(prices) = self.prices(record, &name(OfferField::CurrencyPrices), style)? {
            row.offer.currency_prices = prices;
            row.fields.push(OfferField::CurrencyPrices);
        }
        let field = name(OfferField::Weight);
        if let Some(found) = first::<WeightUnit>(&self.weight, record, &field, style)? {
            row.offer.weight =
                found.map(|(value, unit)| Weight { value, unit: unit.symbol().to_owned() });
            row.fields.push(OfferField::Weight);
        }
        if let Some(size) = self.size(record, &name(OfferField::Dimensions), style)? {
            row.offer.dimensions = size;
            row.fields.push(OfferField::Dimensions);
        }
        Ok(row)
    }

    fn apply_prices(
        &self,
        record: &Record,
        price: Option<&Money>,
        currency: Option<&Rule>,
        name: &dyn Fn(OfferField) -> String,
        style: &Style,
        row: &mut RowOffer,
    ) -> Result<(), RowError> {
        let field = name(OfferField::CompareAtPrice);
        let read = |rule: &PriceRule| {
            let currency = rule.currency.as_ref().or(currency);
            let amount = rule.apply(record, currency, &field, style)?;
            // Files write zero where there is none.
            Ok::<_, RowError>(amount.filter(|money| (money.units, money.nanos) != (0, 0)))
        };
        let is_given = |rule: &PriceRule| rule.amount.value(record).is_some();
        if let Some(rule) = self.compare_at_price.as_ref().filter(|rule| is_given(rule)) {
            row.offer.compare_at_price = read(rule)?;
            row.fields.push(OfferField::CompareAtPrice);
        }
        if let Some(rule) = self.sale_price.as_ref().filter(|rule| is_given(rule)) {
            let sale = read(rule)?;
            if let (Some(sale), Some(price)) = (&sale, price) {
                let is_lower = (sale.units, sale.nanos) < (price.units, price.nanos);
                if is_lower && sale.currency_code == price.currency_code {
                    row.offer.compare_at_price = Some(price.clone());
                    row.price = Some(sale.clone());
                }
            }
            if !row.fields.contains(&OfferField::CompareAtPrice) {
                row.fields.push(OfferField::CompareAtPrice);
            }
        }
        Ok(())
    }

    /// The period; the inner `None` if it is blank.
    fn period(&self, record: &Record, field: &str) -> Result<Option<Option<SalePeriod>>, RowError> {
        let period = read(self.sale_period.as_ref(), record, field, |value| {
            convert::filled(value)?.map(|text| moment::period(&text)).transpose()
        })?;
        if let Some(period) = period {
            return Ok(Some(
                period.map(|(start, end)| SalePeriod {
                    start_time: Some(start),
                    end_time: Some(end),
                }),
            ));
        }
        let at = |rule: &Option<Rule>, edge| {
            read(rule.as_ref(), record, field, |value| {
                let text = convert::filled(value)?;
                text.map(|text| moment::moment(&text, edge)).transpose()
            })
        };
        let (start, end) = (at(&self.sale_start, Edge::Start)?, at(&self.sale_end, Edge::End)?);
        if start.is_none() && end.is_none() {
            return Ok(None);
        }
        let (start_time, end_time): (Option<Timestamp>, _) = (start.flatten(), end.flatten());
        let has_end = start_time.is_some() || end_time.is_some();
        Ok(Some(has_end.then_some(SalePeriod { start_time, end_time })))
    }

    fn prices(
        &self,
        record: &Record,
        field: &str,
        style: &Style,
    ) -> Result<Option<Vec<CurrencyPrice>>, RowError> {
        let packed = read(self.currency_prices.as_ref(), record, field, |value| {
            convert::filled(value)?.map_or(Ok(Vec::new()), |cell| parse_prices(&cell))
        })?;
        let given = self.prices_in.iter().filter(|rule| rule.amount.value(record).is_some());
        let mut prices = packed;
        for rule in given {
            let price = rule.apply(record, rule.currency.as_ref(), field, style)?;
            let price =
                price.map(|price| CurrencyPrice { price: Some(price), compare_at_price: None });
            prices.get_or_insert_default().extend(price);
        }
        Ok(prices)
    }

    /// The dimensions; the inner `None` if all sides are blank. All have the unit of the first.
    fn size(
        &self,
        record: &Record,
        field: &str,
        style: &Style,
    ) -> Result<Option<Option<Dimensions>>, RowError> {
        let mut unit: Option<LengthUnit> = None;
        let mut is_given = false;
        let mut sides = [0.0; 3];
        for (side, rules) in sides.iter_mut().zip([&self.length, &self.width, &self.height]) {
            let Some(found) = first::<LengthUnit>(rules, record, field, style)? else { continue };
            is_given = true;
            if let Some((value, own)) = found {
                *side = own.convert(value, *unit.get_or_insert(own));
            }
        }
        let [length, width, height] = sides;
        let size =
            unit.map(|unit| Dimensions { length, width, height, unit: unit.symbol().to_owned() });
        Ok(is_given.then_some(size))
    }

    /// Passes each rule.
    pub(super) fn each_rule(&mut self, pass: &mut dyn FnMut(&mut Rule)) {
        let prices = self.compare_at_price.iter_mut().chain(&mut self.sale_price);
        for price in prices.chain(&mut self.prices_in) {
            pass(&mut price.amount);
            price.currency.iter_mut().for_each(&mut *pass);
        }
        let rules = [
            &mut self.sale_start,
            &mut self.sale_end,
            &mut self.sale_period,
            &mut self.currency_prices,
        ];
        rules.into_iter().flatten().for_each(&mut *pass);
        let measures = [&mut self.weight, &mut self.length, &mut self.width, &mut self.height];
        for measure in measures.into_iter().flatten() {
            pass(&mut measure.value);
            measure.unit.iter_mut().for_each(&mut *pass);
        }
    }

    /// The source fields of amounts.
    pub(super) fn price_fields(&self) -> impl Iterator<Item = &Rule> {
        let prices = self.compare_at_price.iter().chain(&self.sale_price).chain(&self.prices_in);
        prices.map(|price| &price.amount)
    }

    /// These rules, and those of `base` where they name nothing.
    pub(super) fn over(self, base: Self) -> Self {
        Self {
            compare_at_price: self.compare_at_price.or(base.compare_at_price),
            sale_price: self.sale_price.or(base.sale_price),
            sale_start: self.sale_start.or(base.sale_start),
            sale_end: self.sale_end.or(base.sale_end),
            sale_period: self.sale_period.or(base.sale_period),
            currency_prices: self.currency_prices.or(base.currency_prices),
            prices_in: either(self.prices_in, base.prices_in),
            weight: either(self.weight, base.weight),
            length: either(self.length, base.length),
            width: either(self.width, base.width),
            height: either(self.height, base.height),
        }
    }
}

fn either<T>(ours: Vec<T>, theirs: Vec<T>) -> Vec<T> {
    if ours.is_empty() { theirs } else { ours }
}

/// The first measure that is not blank; the inner `None` if all are.
fn first<U: Unit>(
    rules: &[MeasureRule],
    record: &Record,
    field: &str,
    style: &Style,
) -> Result<Option<Option<(f64, U)>>, RowError> {
    let mut found = None;
    for rule in rules {
        match rule.apply(record, field, style)? {
            Some(Some(measure)) => return Ok(Some(Some(measure))),
            blank => found = found.or(blank),
        }
    }
    Ok(found)
}

impl MeasureRule {
    /// Reads a measure; the inner `None` if it is blank.
    fn apply<U: Unit>(
        &self,
        record: &Record,
        field: &str,
        style: &Style,
    ) -> Result<Option<Option<(f64, U)>>, RowError> {
        let unit = read(self.unit.as_ref(), record, field, convert::filled)?.flatten();
        let decimal = style.decimal_of(&self.value);
        let decimal = |value: &Value| match value {
            // The numbers of JSON have a point.
            Value::Number(_) => crate::Decimal::Dot,
            _ => decimal,
        };
        read(Some(&self.value), record, field, |value| match convert::filled(value)? {
            Some(text) => measure(&text, unit.as_deref(), decimal(value)),
            None => Ok(None),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{super::parse, *};
    use proto::catalogue::v1::Product;

    fn apply(map: &str, row: &str) -> Result<(Product, Vec<&'static str>), RowError> {
        let Value::Object(record) = serde_json::from_str(row).unwrap() else {
            panic!("the row is an object");
        };
        parse(map).unwrap().apply(&record).map(|mapped| mapped.into_masked())
    }

    const SHOP: &str = r#"
        id = "sku"
        price = "regular"
        sale_price = "special"
        sale_start = "from"
        sale_end = "to"
        weight = { field = "kilos", unit = "kg" }
        length = { field = "l", unit_field = "u" }
        width = { field = "w", unit_field = "u" }
        currency_prices = [{ amount = "usd", currency = { const = "USD" } }]
        cost = "wholesale"
        condition = "state"
    "#;

    #[test]
    fn a_sale_price_is_the_price_and_the_regular_one_compared() {
        let row = r#"{"sku":"1","regular":"20.00","special":"15.00","from":"2026-11-27",
            "to":"2026-11-30","kilos":"1.5","l":30,"w":"2 in","u":"cm","usd":"17.00",
            "wholesale":"9.00","state":"used - good"}"#;
        let (product, mask) = apply(SHOP, row).unwrap();
        assert_eq!(product.price.unwrap().units, 15);
        assert_eq!(product.compare_at_price.unwrap().units, 20);
        let period = product.sale_period.unwrap();
        let lasts = period.end_time.unwrap().seconds - period.start_time.unwrap().seconds;
        assert_eq!(lasts, 4 * 86_400, "to the end of its last day");
        assert_eq!(product.weight.unwrap(), Weight { value: 1.5, unit: "kg".to_owned() });
        let size = product.dimensions.unwrap();
        assert_eq!((size.length, size.unit.as_str()), (30.0, "cm"));
        assert!((size.width - 5.08).abs() < 1e-9, "inches in the unit of the first side");
        assert_eq!(product.currency_prices[0].price.as_ref().unwrap().currency_code, "USD");
        assert_eq!(product.costs[0].amount.as_ref().unwrap().units, 9);
        for path in ["compare_at_price", "sale_period", "weight", "dimensions", "costs.amount"] {
            assert!(mask.contains(&path), "{path}");
        }
        assert!(mask.contains(&"condition") && mask.contains(&"currency_prices"));
    }

    #[test]
    fn blank_cells_end_a_sale() {
        let row = r#"{"sku":"1","regular":"20.00","special":"","from":"","to":"","kilos":"0"}"#;
        let (product, mask) = apply(SHOP, row).unwrap();
        assert_eq!(product.price.unwrap().units, 20);
        assert_eq!(
            (product.compare_at_price, product.sale_period, product.weight),
            (None, None, None)
        );
        assert_eq!(mask, ["price", "compare_at_price", "sale_period", "weight"]);
    }

    #[test]
    fn an_error_names_the_field_and_the_column() {
        let error = apply(SHOP, r#"{"sku":"1","kilos":"heavy"}"#).unwrap_err();
        assert_eq!(error.field, "weight");
        assert!(error.message.contains("\"kilos\""), "{}", error.message);
        let error = apply(SHOP, r#"{"sku":"1","from":"30.11.2026"}"#).unwrap_err();
        assert_eq!(error.field, "sale_period");
        let error = apply(SHOP, r#"{"sku":"1","state":"broken"}"#).unwrap_err();
        assert_eq!(error.field, "condition");
    }
}
