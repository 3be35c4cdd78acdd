//! The rule for barcodes: the catalogue enforces it, and an import restores the zeros that spreadsheets drop.

/// Whether the code is a GTIN-8, -12, -13 or -14 with a valid check digit (GS1 General
/// Specifications, 7.9).
#[must_use]
pub fn is_gtin(gtin: &str) -> bool {
    let digits: Option<Vec<u32>> = gtin.chars().map(|c| c.to_digit(10)).collect();
    let Some(digits) = digits.filter(|digits| matches!(digits.len(), 8 | 12 | 13 | 14)) else {
        return false;
    };
    // From the right, digits have the weights 1, 3, 1, 3 and so on.
    let weights = [1, 3].into_iter().cycle();
    let sum: u32 = digits.iter().rev().zip(weights).map(|(digit, weight)| digit * weight).sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_barcode_has_its_check_digit() {
        for good in ["96385074", "036000291452", "4006381333931", "10012345678902"] {
            assert!(is_gtin(good), "{good}");
        }
        for bad in
            ["4006381333932", "406381333931", "", "400638133393", "4006381333931x", "٤٤٤٤٤٤٤٤"]
        {
            assert!(!is_gtin(bad), "{bad}");
        }
    }
}
