//! Units of weights and dimensions: what words stand for them, and how they compare.

macro_rules! units {
    ($(#[$doc:meta])* $name:ident, $rule:ident: $list:literal;
        $($unit:ident, $symbol:literal, $factor:literal, [$($word:literal),*];)*) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($unit,)*
        }

        impl $name {
            /// All units, the smallest first.
            pub const ALL: &[Self] = &[$(Self::$unit),*];

            /// The symbol, by which the unit is stored.
            #[must_use]
            pub const fn symbol(self) -> &'static str {
                match self {
                    $(Self::$unit => $symbol,)*
                }
            }

            /// The size of the unit.
            const fn factor(self) -> f64 {
                match self {
                    $(Self::$unit => $factor,)*
                }
            }

            /// The unit that a word stands for, in any case and with blanks or a dot around it.
            #[must_use]
            pub fn named(word: &str) -> Option<Self> {
                let word = word.trim().trim_end_matches('.');
                let is = |known: &str| word.eq_ignore_ascii_case(known);
                $(if is($symbol) $(|| is($word))* {
                    return Some(Self::$unit);
                })*
                None
            }
        }

        /// The rule for these units in error messages.
        pub const $rule: &str = concat!("must be ", $list);
    };
}

units! {
    /// A unit of weights; its size is in grams.
    WeightUnit, WEIGHT_UNIT_RULE: "mg, g, kg, t, oz or lb";
    Milligram, "mg", 0.001, ["milligram", "milligrams"];
    Gram, "g", 1.0, ["gr", "gram", "grams", "gramm", "grm"];
    Ounce, "oz", 28.349_523_125, ["ounce", "ounces"];
    Pound, "lb", 453.592_37, ["lbs", "pound", "pounds"];
    Kilogram, "kg", 1_000.0, ["kgs", "kilogram", "kilograms", "kilogramm", "kilo"];
    Tonne, "t", 1_000_000.0, ["tonne", "tonnes", "metric_ton"];
}

units! {
    /// A unit of lengths; its size is in millimetres.
    LengthUnit, LENGTH_UNIT_RULE: "mm, cm, m, in or ft";
    Millimetre, "mm", 1.0, ["millimeter", "millimeters", "millimetre", "millimetres"];
    Centimetre, "cm", 10.0, ["centimeter", "centimeters", "centimetre", "centimetres"];
    Inch, "in", 25.4, ["inch", "inches", "\"", "″"];
    Foot, "ft", 304.8, ["foot", "feet"];
    Metre, "m", 1_000.0, ["meter", "meters", "metre", "metres"];
}

/// The heaviest weight, in milligrams: 100 tonnes.
const MAX_MILLIGRAMS: f64 = 1e11;
/// The longest side, in millimetres: a kilometre.
const MAX_MILLIMETRES: f64 = 1e6;

impl WeightUnit {
    /// The weight in milligrams, rounded. `None` unless it is more than 0 and at most 100 tonnes.
    #[must_use]
    pub fn milligrams(self, value: f64) -> Option<i64> {
        let milligrams = value * self.factor() * 1_000.0;
        let is_valid = value > 0.0 && milligrams <= MAX_MILLIGRAMS;
        // An integer within the bound, which f64 has exactly.
        is_valid.then_some(milligrams.round() as i64)
    }
}

impl LengthUnit {
    /// Whether a side is more than 0 and at most a kilometre.
    #[must_use]
    pub fn is_side(self, value: f64) -> bool {
        value > 0.0 && value * self.factor() <= MAX_MILLIMETRES
    }

    /// The length in another unit.
    #[must_use]
    pub fn convert(self, value: f64, to: Self) -> f64 {
        if self == to { value } else { value * self.factor() / to.factor() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_found_by_their_words() {
        for unit in WeightUnit::ALL {
            assert_eq!(WeightUnit::named(unit.symbol()), Some(*unit));
        }
        for unit in LengthUnit::ALL {
            assert_eq!(LengthUnit::named(unit.symbol()), Some(*unit));
        }
        assert_eq!(WeightUnit::named(" LBS. "), Some(WeightUnit::Pound));
        assert_eq!(LengthUnit::named("Inches"), Some(LengthUnit::Inch));
        assert_eq!((WeightUnit::named("stone"), LengthUnit::named("")), (None, None));
    }

    #[test]
    fn weights_compare_in_milligrams_within_bounds() {
        assert_eq!(WeightUnit::Kilogram.milligrams(2.5), Some(2_500_000));
        assert_eq!(WeightUnit::Pound.milligrams(1.0), Some(453_592));
        assert_eq!(WeightUnit::Tonne.milligrams(100.0), Some(100_000_000_000));
        for bad in [0.0, -1.0, 100.1, f64::NAN, f64::INFINITY] {
            assert_eq!(WeightUnit::Tonne.milligrams(bad), None, "{bad}");
        }
    }

    #[test]
    fn sides_are_positive_and_convert() {
        assert!(LengthUnit::Metre.is_side(1_000.0) && !LengthUnit::Metre.is_side(1_000.1));
        assert!(!LengthUnit::Inch.is_side(0.0) && !LengthUnit::Inch.is_side(f64::NAN));
        assert!((LengthUnit::Inch.convert(10.0, LengthUnit::Centimetre) - 25.4).abs() < 1e-9);
    }
}
