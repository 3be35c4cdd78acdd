//! "Did you mean": suggestions for a misspelled name.

/// Returns the name in `known` nearest to `unknown`, if at most a third of its letters differ.
pub(crate) fn nearest<'a>(unknown: &str, known: &[&'a str]) -> Option<&'a str> {
    let limit = unknown.chars().count().div_ceil(3);
    let unknown = unknown.to_lowercase();
    known
        .iter()
        .map(|name| (strsim::levenshtein(&unknown, &name.to_lowercase()), *name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}

/// A sentence for error messages: the nearest known name, or the list of all known names.
pub(crate) fn hint(unknown: &str, known: &[&str]) -> String {
    match nearest(unknown, known) {
        Some(name) => format!("did you mean {name:?}?"),
        None => format!("known are {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelled_name_finds_its_original() {
        let known = ["category_path", "brand", "image_urls"];
        assert_eq!(nearest("categroy_path", &known), Some("category_path"));
        assert_eq!(nearest("Brand", &known), Some("brand"));
        assert_eq!(nearest("weight", &known), None);
        assert_eq!(hint("weight", &known), "known are category_path, brand, image_urls");
    }
}
