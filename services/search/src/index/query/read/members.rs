//! Members of classes: the products left out with a class that a query excludes.
//!
//! They are families of products, radio standards, materials and cells that do not name their class themselves, as
//! the Wikipedia article on the class lists them.

/// A class and its members, as words; sorted by the class.
const MEMBERS: [(&str, &[&str]); 12] = [
    ("alcohol", &["beer", "brandy", "gin", "rum", "vodka", "whisky", "wine"]),
    ("amd", &["athlon", "epyc", "opteron", "phenom", "radeon", "ryzen", "sempron", "turion"]),
    ("apple", &["ipad", "iphone", "ipod", "macbook"]),
    ("gluten", &["barley", "rye", "spelt", "wheat"]),
    (
        "intel",
        &["celeron", "core i3", "core i5", "core i7", "core i9", "itanium", "pentium", "xeon"],
    ),
    ("leather", &["nappa", "nubuck", "suede"]),
    ("metal", &["aluminum", "brass", "iron", "steel"]),
    ("nuts", &["almond", "cashew", "hazelnut", "peanut", "walnut"]),
    ("nvidia", &["geforce", "quadro", "tegra"]),
    ("plastic", &["acrylic", "polycarbonate", "polypropylene", "polystyrene", "pvc"]),
    (
        "rechargeable",
        &["li ion", "lithium ion", "nickel cadmium", "nickel metal hydride", "nicd", "nimh"],
    ),
    ("wireless", &["bluetooth", "infrared", "wifi", "wlan"]),
];

/// Returns the members of a class.
pub(super) fn members(class: &str) -> &'static [&'static str] {
    let found = MEMBERS.binary_search_by_key(&class, |(class, _)| class);
    found.map_or(&[], |found| MEMBERS[found].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_have_members() {
        assert!(MEMBERS.is_sorted_by_key(|(class, _)| class));
        assert!(members("wireless").contains(&"bluetooth") && members("bluetooth").is_empty());
    }
}
