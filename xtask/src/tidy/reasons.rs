//! A reason in every attribute that allows or expects a lint.

use super::{finding::Finding, lexer::Token, tree::Tree};

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.rust {
        let code: Vec<Token> =
            file.tokens.iter().filter(|token| !token.is_comment()).copied().collect();
        for at in 0..code.len() {
            let texts = code[at..].iter().map(|token| token.text);
            let inner = texts.clone().take(3).eq(["#", "!", "["]);
            if inner || texts.take(2).eq(["#", "["]) {
                findings.extend(attribute(&code[at + 2 + usize::from(inner)..]).map(|line| {
                    Finding::new(file.path, line, "a lint is allowed without a reason; add `reason = \"...\"`, or mend the code")
                }));
            }
        }
    }
    findings
}

/// Line of the attribute whose content `code` begins with, if it allows or expects a lint without a reason.
fn attribute(code: &[Token]) -> Option<usize> {
    let mut depth = 1;
    let end = code.iter().position(|token| {
        depth += i32::from(token.text == "[") - i32::from(token.text == "]");
        depth == 0
    });
    let content = &code[..end?];
    let allows = content
        .windows(2)
        .find(|pair| matches!(pair[0].text, "allow" | "expect") && pair[1].text == "(");
    let reason = content.iter().any(|token| token.text == "reason");
    allows.filter(|_| !reason).map(|pair| pair[0].line)
}

#[cfg(test)]
mod tests {
    use super::{super::tree::Files, *};

    #[test]
    fn attribute_without_a_reason_is_found() {
        let text = "#![allow(a)]\n#[expect(b)]\n#[cfg_attr(test, allow(c))]\n#[allow(d, reason = \"e\")]\nfn f() { g.expect(\"h\"); vec![expect(i)]; #[cfg(x)] expect(1) }";
        let files = Files::of(&[("src/lib.rs", text)]);
        let lines: Vec<_> = check(&Tree::new(&files)).iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [1, 2, 3]);
    }
}
