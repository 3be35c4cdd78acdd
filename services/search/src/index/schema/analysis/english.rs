//! English spelling: plurals, British and American variants.

/// Irregular plurals.
const IRREGULAR: [(&str, &str); 25] = [
    ("calves", "calf"),
    ("cds", "cd"),
    ("children", "child"),
    ("dice", "die"),
    ("dvds", "dvd"),
    ("feet", "foot"),
    ("geese", "goose"),
    ("halves", "half"),
    ("indices", "index"),
    ("knives", "knife"),
    ("leaves", "leaf"),
    ("lenses", "lens"),
    ("lives", "life"),
    ("loaves", "loaf"),
    ("matrices", "matrix"),
    ("men", "man"),
    ("mice", "mouse"),
    ("people", "person"),
    ("scarves", "scarf"),
    ("shelves", "shelf"),
    ("teeth", "tooth"),
    ("tvs", "tv"),
    ("wives", "wife"),
    ("wolves", "wolf"),
    ("women", "woman"),
];

/// Singular words that end in `s`.
const SINGULAR: [&str; 14] = [
    "always",
    "atlas",
    "bias",
    "canvas",
    "chaos",
    "christmas",
    "gas",
    "iris",
    "lens",
    "news",
    "plus",
    "series",
    "species",
    "texas",
];

/// British and American spelling of words in the singular.
const SPELLING: [(&str, &str); 46] = [
    ("aluminium", "aluminum"),
    ("analogue", "analog"),
    ("armour", "armor"),
    ("calibre", "caliber"),
    ("catalogue", "catalog"),
    ("centimetre", "centimeter"),
    ("centre", "center"),
    ("cheque", "check"),
    ("colour", "color"),
    ("coloured", "colored"),
    ("colouring", "coloring"),
    ("cosy", "cozy"),
    ("defence", "defense"),
    ("dialogue", "dialog"),
    ("disc", "disk"),
    ("favourite", "favorite"),
    ("fibre", "fiber"),
    ("fibreglass", "fiberglass"),
    ("flavour", "flavor"),
    ("fulfil", "fulfill"),
    ("grey", "gray"),
    ("greyscale", "grayscale"),
    ("harbour", "harbor"),
    ("humour", "humor"),
    ("jewellery", "jewelry"),
    ("kilometre", "kilometer"),
    ("labelled", "labeled"),
    ("labour", "labor"),
    ("licence", "license"),
    ("litre", "liter"),
    ("lustre", "luster"),
    ("metre", "meter"),
    ("millimetre", "millimeter"),
    ("mould", "mold"),
    ("moulding", "molding"),
    ("multicolour", "multicolor"),
    ("neighbour", "neighbor"),
    ("odour", "odor"),
    ("plough", "plow"),
    ("programme", "program"),
    ("pyjama", "pajama"),
    ("theatre", "theater"),
    ("traveller", "traveler"),
    ("tyre", "tire"),
    ("vapour", "vapor"),
    ("watercolour", "watercolor"),
];

/// Returns a lower-case word in the singular and in American spelling.
pub(super) fn normalise(word: &str) -> String {
    let singular = singular(word);
    if let Ok(found) = SPELLING.binary_search_by_key(&singular.as_str(), |(british, _)| british) {
        return SPELLING[found].1.to_owned();
    }
    match singular.strip_suffix("isation") {
        Some(start) if start.len() >= 4 => format!("{start}ization"),
        _ => singular,
    }
}

/// Returns other forms of a normalised word that may start with other letters, such as `mice`.
pub(super) fn irregular_forms(word: &str) -> impl Iterator<Item = &'static str> {
    let plurals = IRREGULAR.iter().filter(move |(_, singular)| *singular == word);
    let british = SPELLING.iter().filter(move |(_, american)| *american == word);
    plurals.chain(british).map(|(other, _)| *other)
}

fn singular(word: &str) -> String {
    if let Ok(found) = IRREGULAR.binary_search_by_key(&word, |(plural, _)| plural) {
        return IRREGULAR[found].1.to_owned();
    }
    let Some(start) = word.strip_suffix('s') else { return word.to_owned() };
    let keeps = ["s", "u", "i"].iter().any(|ending| start.ends_with(ending));
    if start.len() < 3 || keeps || SINGULAR.binary_search(&word).is_ok() {
        return word.to_owned();
    }
    // batteries, but not ties
    if let Some(start) = start.strip_suffix("ie").filter(|start| start.len() >= 3) {
        return format!("{start}y");
    }
    // boxes, watches, glasses, but not cases, axes
    let sibilant =
        |start: &&str| ["x", "ch", "sh", "ss", "zz"].iter().any(|it| start.ends_with(it));
    match start.strip_suffix('e').filter(|start| start.len() >= 3).filter(sibilant) {
        Some(start) => start.to_owned(),
        None => start.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_and_spellings_are_one_word() {
        let cases = [
            ("kettles", "kettle"),
            ("batteries", "battery"),
            ("boxes", "box"),
            ("watches", "watch"),
            ("glasses", "glass"),
            ("cases", "case"),
            ("mice", "mouse"),
            ("shelves", "shelf"),
            ("ties", "tie"),
            ("glass", "glass"),
            ("bus", "bus"),
            ("lens", "lens"),
            ("usb", "usb"),
            ("colours", "color"),
            ("fibre", "fiber"),
            ("grey", "gray"),
            ("organisation", "organization"),
        ];
        for (word, expected) in cases {
            assert_eq!(normalise(word), expected, "{word}");
        }
    }

    #[test]
    fn the_lists_are_sorted() {
        assert!(IRREGULAR.is_sorted() && SINGULAR.is_sorted() && SPELLING.is_sorted());
    }
}
