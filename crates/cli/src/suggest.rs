//! "Did you mean": the known name that is nearest to one that is not known.

/// The name in `known` nearest to `unknown`, if one is near enough to have been meant.
pub(crate) fn nearest<'a>(unknown: &str, known: &[&'a str]) -> Option<&'a str> {
    let limit = unknown.chars().count().div_ceil(3);
    known
        .iter()
        .map(|name| (distance(unknown, name), *name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}

/// A sentence that helps whoever wrote `unknown`: the nearest name, or all there are.
pub(crate) fn hint(unknown: &str, known: &[&str]) -> String {
    match nearest(unknown, known) {
        Some(name) => format!("did you mean {name:?}?"),
        None => format!("known are {}", known.join(", ")),
    }
}

/// How many letters must change, come or go (Levenshtein), without regard to case.
fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.to_lowercase().chars().collect();
    let right: Vec<char> = right.to_lowercase().chars().collect();
    let mut previous: Vec<usize> = (0..=right.len()).collect();
    for (row, from) in left.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, to) in right.iter().enumerate() {
            let changed = previous[column] + usize::from(from != to);
            current.push(changed.min(previous[column + 1] + 1).min(current[column] + 1));
        }
        previous = current;
    }
    previous[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_its_name() {
        let known = ["category_path", "brand", "image_urls"];
        assert_eq!(nearest("categroy_path", &known), Some("category_path"));
        assert_eq!(nearest("Brand", &known), Some("brand"));
        assert_eq!(nearest("weight", &known), None);
        assert_eq!(hint("weight", &known), "known are category_path, brand, image_urls");
    }
}
