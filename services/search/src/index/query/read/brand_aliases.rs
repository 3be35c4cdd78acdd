//! Other names of brands: former, spelled out, or of the company behind them.
//!
//! They are general knowledge, as an encyclopedia has them, and hold for any shop that sells the brand. Those of
//! a single shop are set as one-way synonyms whose word is the brand.

/// A name in letters and digits alone, and the brand; sorted by the name.
const ALIASES: [(&str, &str); 68] = [
    ("accokensington", "Kensington"),
    ("acerincorporated", "Acer"),
    ("adatatechnology", "ADATA"),
    ("advancedmicrodevices", "AMD"),
    ("americanpowerconversion", "APC"),
    ("apcbyschneider", "APC"),
    ("apcbyschneiderelectric", "APC"),
    ("applecomputer", "Apple"),
    ("asustek", "ASUS"),
    ("asustekcomputer", "ASUS"),
    ("blackanddecker", "Black+Decker"),
    ("cablestogo", "C2G"),
    ("canoninc", "Canon"),
    ("cherryamericas", "CHERRY"),
    ("cocacola", "Coca-Cola"),
    ("dellcomputer", "DELL"),
    ("dellinc", "DELL"),
    ("drmartens", "Dr. Martens"),
    ("emersonnetworkpower", "Vertiv"),
    ("epsonseiko", "Epson"),
    ("fritz", "AVM"),
    ("fritzbox", "AVM"),
    ("fujitsusiemens", "Fujitsu"),
    ("fujitsusiemenscomputers", "Fujitsu"),
    ("fujixerox", "Xerox"),
    ("generalelectric", "GE"),
    ("goldstar", "LG"),
    ("hewlettpackard", "HP"),
    ("hewlettpackardenterprise", "HPE"),
    ("internationalbusinessmachines", "IBM"),
    ("johnsonandjohnson", "Johnson & Johnson"),
    ("jvckenwood", "JVC"),
    ("kingstonhyperx", "HyperX"),
    ("kingstontech", "Kingston Technology"),
    ("konica", "Konica Minolta"),
    ("koninklijkephilips", "Philips"),
    ("kyoceramita", "KYOCERA"),
    ("level1", "LevelOne"),
    ("levis", "Levi's"),
    ("lexmarkinternational", "Lexmark"),
    ("liebert", "Vertiv"),
    ("logi", "Logitech"),
    ("luckygoldstar", "LG"),
    ("matsushita", "Panasonic"),
    ("microstar", "MSI"),
    ("microstarinternational", "MSI"),
    ("minnesotamining", "3M"),
    ("neomounts", "Newstar"),
    ("neomountsbynewstar", "Newstar"),
    ("neomountsnewstar", "Newstar"),
    ("nipponelectric", "NEC"),
    ("okidata", "OKI"),
    ("okielectric", "OKI"),
    ("packardbell", "Packard Bell"),
    ("philipselectronics", "Philips"),
    ("proctorandgamble", "P&G"),
    ("royalphilips", "Philips"),
    ("samsungelectronics", "Samsung"),
    ("seikoepson", "Epson"),
    ("sonyericsson", "Sony"),
    ("startechcom", "StarTech.com"),
    ("supermicrocomputer", "Supermicro"),
    ("texasinstruments", "Texas Instruments"),
    ("triplite", "Tripp Lite"),
    ("victorcompanyofjapan", "JVC"),
    ("westerndigital", "WD"),
    ("zapfcreation", "Zapf"),
    ("zyxelcommunications", "Zyxel"),
];

/// Words that companies put after their brand.
const COMPANY_WORDS: [&str; 14] = [
    "ag",
    "co",
    "company",
    "corp",
    "corporation",
    "creation",
    "electronics",
    "gmbh",
    "group",
    "inc",
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
