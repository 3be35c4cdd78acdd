//! Fields that a product and each of its variants share, besides the price.

use product_fields::{LengthUnit, OfferField, WeightUnit};

use super::{Field, Mask, Micros, Price};

/// The fields of [`OfferField`].
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Offer {
    /// In the product's currency.
    pub(crate) compare_at_price: Option<Price>,
    pub(crate) sale_period: Option<SalePeriod>,
    /// In other currencies, each once.
    pub(crate) currency_prices: Vec<CurrencyPrice>,
    pub(crate) weight: Option<Weight>,
    pub(crate) dimensions: Option<Dimensions>,
}

/// The time of a sale: at least one of its ends is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SalePeriod {
    pub(crate) start: Option<Micros>,
    /// The first moment after it.
    pub(crate) end: Option<Micros>,
}

/// A price in another currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CurrencyPrice {
    pub(crate) price: Price,
    /// In minor units of the same currency.
    pub(crate) compare_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Weight {
    pub(crate) value: f64,
    pub(crate) unit: WeightUnit,
}

/// Length, width and height; 0 if unknown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Dimensions {
    pub(crate) sides: [f64; 3],
    pub(crate) unit: LengthUnit,
}

impl Offer {
    /// Copies a field of `new`, and returns whether it has changed.
    pub(super) fn take(&mut self, field: OfferField, new: &Self) -> bool {
        match field {
            OfferField::CompareAtPrice => {
                replace(&mut self.compare_at_price, &new.compare_at_price)
            }
            OfferField::SalePeriod => replace(&mut self.sale_period, &new.sale_period),
            OfferField::CurrencyPrices => replace(&mut self.currency_prices, &new.currency_prices),
            OfferField::Weight => replace(&mut self.weight, &new.weight),
            OfferField::Dimensions => replace(&mut self.dimensions, &new.dimensions),
        }
    }

    /// Copies a field of an imported variant. A measure that is the same in another unit stays as it is.
    pub(crate) fn set(&mut self, field: OfferField, new: &Self) {
        let mut new = new.clone();
        new.keep_units_of(self);
        self.take(field, &new);
    }

    /// Replaces measures by those of `current` that are the same in other units: tables of other systems have
    /// units of their own.
    pub(crate) fn keep_units_of(&mut self, current: &Self) {
        if self.weight.is_some() && self.milligrams() == current.milligrams() {
            self.weight = current.weight;
        }
        if let (Some(own), Some(known)) = (&self.dimensions, &current.dimensions)
            && own.is_same_as(known)
        {
            self.dimensions = current.dimensions;
        }
    }

    pub(crate) fn has(&self, field: OfferField) -> bool {
        !self.equals(field, &Self::default())
    }

    pub(crate) fn equals(&self, field: OfferField, other: &Self) -> bool {
        match field {
            OfferField::CompareAtPrice => self.compare_at_price == other.compare_at_price,
            OfferField::SalePeriod => self.sale_period == other.sale_period,
            OfferField::CurrencyPrices => self.currency_prices == other.currency_prices,
            OfferField::Weight => self.milligrams() == other.milligrams(),
            OfferField::Dimensions => match (&self.dimensions, &other.dimensions) {
                (Some(own), Some(other)) => own.is_same_as(other),
                (own, other) => own.is_none() && other.is_none(),
            },
        }
    }

    /// Copies the fields of a variant that an import sets.
    pub(crate) fn merge(&mut self, fields: OfferFields, new: &Self) {
        for field in OfferField::ALL.iter().filter(|field| fields.has(**field)) {
            self.take(*field, new);
        }
    }

    /// Approximate size, in bytes.
    pub(super) fn bytes(&self) -> usize {
        /// A price with its currency.
        const PRICE: usize = 16;
        PRICE * self.currency_prices.len()
    }

    /// The weight in milligrams.
    pub(crate) fn milligrams(&self) -> Option<i64> {
        self.weight.and_then(|weight| weight.unit.milligrams(weight.value))
    }

    /// Whether the price to compare with is above `price`, at whatever time.
    pub(super) fn is_sale_of(&self, price: Option<&Price>) -> bool {
        price.zip(self.compare_at_price.as_ref()).is_some_and(|(price, regular)| {
            price.currency == regular.currency && price.minor < regular.minor
        })
    }
}

impl Dimensions {
    /// Whether the sides are the same to a thousandth of a millimetre.
    fn is_same_as(&self, other: &Self) -> bool {
        const TOLERANCE: f64 = 0.001;
        let millimetres =
            |size: &Self| size.sides.map(|side| size.unit.convert(side, LengthUnit::Millimetre));
        let pairs = millimetres(self).into_iter().zip(millimetres(other));
        pairs.into_iter().all(|(own, other)| (own - other).abs() < TOLERANCE)
    }
}

/// A set of fields of variants.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OfferFields(u8);

impl OfferFields {
    /// The fields of a mask.
    pub(crate) fn of(mask: Mask) -> Self {
        let mut fields = Self::default();
        let named = OfferField::ALL.iter().filter(|field| mask.has(Field::Offer(**field)));
        named.for_each(|field| fields.insert(*field));
        fields
    }

    pub(crate) fn insert(&mut self, field: OfferField) {
        self.0 |= 1 << field as u8;
    }

    pub(crate) fn has(self, field: OfferField) -> bool {
        self.0 & (1 << field as u8) != 0
    }
}

pub(super) fn replace<T: PartialEq + Clone>(old: &mut T, new: &T) -> bool {
    let differs = old != new;
    if differs {
        old.clone_from(new);
    }
    differs
}
