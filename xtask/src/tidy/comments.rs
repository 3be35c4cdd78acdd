//! Comments name their subject: none begins with a word that stands for a name.

use super::{
    finding::Finding,
    lexer::Token,
    tree::{RustFile, Tree},
};

const STAND_INS: [&str; 8] =
    ["what", "whatever", "who", "whoever", "whom", "whose", "those", "that which"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    tree.rust.iter().flat_map(check_file).collect()
}

fn check_file(file: &RustFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut previous: Option<&Token> = None;
    for token in &file.tokens {
        let continues = previous.is_some_and(|p| p.is_comment() && p.line + 1 == token.line);
        if token.is_comment() && !continues {
            let text = token.text.trim_start_matches(['/', '!', '*', ' ']).to_lowercase();
            let begins = |word: &&&str| {
                let rest = text.strip_prefix(**word);
                rest.is_some_and(|rest| {
                    !rest.starts_with(|c: char| c.is_alphanumeric() || c == '\'')
                })
            };
            if let Some(word) = STAND_INS.iter().find(begins) {
                let text = format!(
                    "the comment begins with \"{word}\"; begin with a noun or verb of the field"
                );
                findings.push(Finding::new(file.path, token.line, text));
            }
        }
        previous = Some(token);
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::{super::tree::Files, *};

    #[test]
    fn comment_that_begins_with_a_stand_in_is_found() {
        let text = "//! What comes back.\n\n/// The one\n/// who asks.\nfn a() {} // whoever\n\n// That which was.\n// Whatsoever\n\n/// Whole\nconst A: &str = \"// What\";";
        let files = Files::of(&[("src/lib.rs", text)]);
        let lines: Vec<_> = check(&Tree::new(&files)).iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [1, 5, 7]);
    }
}
