//! Other names of brands: former ones, full ones, or the name of the company that owns the brand.
//!
//! They hold for any shop that sells the brand: each is a former or a full name by the Wikipedia article on the brand
//! or its maker. Names written together or apart, with a company's form behind, cut off or mistyped are found by rules.
//! A shop sets further ones as one-way synonyms of the brand.

/// A name in letters and digits alone, and the brand; sorted by the name.
const ALIASES: [(&str, &str); 48] = [
    ("adatatechnology", "ADATA"),
    ("advancedmicrodevices", "AMD"),
    ("americanpowerconversion", "APC"),
    ("apcbyschneider", "APC"),
    ("apcbyschneiderelectric", "APC"),
    ("asustek", "ASUS"),
    ("asustekcomputer", "ASUS"),
    ("bayerischemotorenwerke", "BMW"),
    ("blackanddecker", "Black+Decker"),
    ("cablestogo", "C2G"),
    ("emersonnetworkpower", "Vertiv"),
    ("fritz", "AVM"),
    ("fritzbox", "AVM"),
    ("fujitsusiemens", "Fujitsu"),
    ("fujitsusiemenscomputers", "Fujitsu"),
    ("fujixerox", "Xerox"),
    ("generalelectric", "GE"),
    ("goldstar", "LG"),
    ("hennesandmauritz", "H&M"),
    ("hewlettpackard", "HP"),
    ("hewlettpackardenterprise", "HPE"),
    ("internationalbusinessmachines", "IBM"),
    ("johnsonandjohnson", "Johnson & Johnson"),
    ("jvckenwood", "JVC"),
    ("konica", "Konica Minolta"),
    ("koninklijkephilips", "Philips"),
    ("kyoceramita", "KYOCERA"),
    ("liebert", "Vertiv"),
    ("logi", "Logitech"),
    ("luckygoldstar", "LG"),
    ("matsushita", "Panasonic"),
    ("microstar", "MSI"),
    ("microstarinternational", "MSI"),
    ("minnesotamining", "3M"),
    ("minnesotaminingandmanufacturing", "3M"),
    ("minolta", "Konica Minolta"),
    ("neomounts", "Newstar"),
    ("neomountsbynewstar", "Newstar"),
    ("nipponelectric", "NEC"),
    ("okidata", "OKI"),
    ("okielectric", "OKI"),
    ("procterandgamble", "P&G"),
    ("royalphilips", "Philips"),
    ("seikoepson", "Epson"),
    ("sonyericsson", "Sony"),
    ("victorcompanyofjapan", "JVC"),
    ("westerndigital", "WD"),
    ("zapfcreation", "Zapf"),
];

/// Words that companies put after their brand, sorted.
const COMPANY_WORDS: [&str; 15] = [
    "ag",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "electronics",
    "gmbh",
    "group",
    "inc",
    "incorporated",
    "industries",
    "international",
    "ltd",
    "technologies",
];

/// Returns the brand of another name, given in letters and digits alone.
pub(super) fn brand_of_alias(name: &str) -> Option<&'static str> {
    let found = ALIASES.binary_search_by_key(&name, |(alias, _)| alias).ok()?;
    Some(ALIASES[found].1)
}

/// Whether a word after a brand only says that it is a company.
pub(super) fn is_company_word(word: &str) -> bool {
    COMPANY_WORDS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted() {
        assert!(ALIASES.is_sorted() && COMPANY_WORDS.is_sorted());
        assert_eq!(brand_of_alias("hewlettpackard"), Some("HP"));
    }
}
