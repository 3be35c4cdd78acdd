//! No document has the markers of a merge conflict, which no compiler reads.

use super::{finding::Finding, tree::Tree};

const MARKERS: [&str; 3] = ["<<<<<<< ", ">>>>>>> ", "||||||| "];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for document in tree.markdown.iter().chain(&tree.manifests) {
        for (index, line) in document.text.lines().enumerate() {
            if MARKERS.iter().any(|marker| line.starts_with(marker)) {
                let text = "is the marker of a merge conflict; resolve it".to_owned();
                findings.push(Finding::new(document.path, index + 1, text));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::Files;

    #[test]
    fn markers_of_a_conflict_are_found() {
        let text = "# Calls\n<<<<<<< HEAD\none\n=======\ntwo\n>>>>>>> other\n";
        let files = Files::of(&[("docs/calls.md", text), ("docs/fine.md", "Title\n=======\n")]);
        let places: Vec<_> = check(&Tree::new(&files)).iter().map(ToString::to_string).collect();
        assert_eq!(places.len(), 2, "{places:?}");
        assert!(places[0].starts_with("docs/calls.md:2"), "{places:?}");
    }
}
