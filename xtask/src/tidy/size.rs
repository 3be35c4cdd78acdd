//! Files of up to 400 lines, functions of up to 60.

use super::{
    finding::Finding,
    lexer::Token,
    tree::{Tree, end_of_item},
};

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 60;

/// Every line counts: comments, blank lines and tests.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.rust {
        if file.lines > FILE_LINES {
            let text = format!(
                "{} lines; move the second idea of this file to another (at most {FILE_LINES})",
                file.lines
            );
            findings.push(Finding::new(file.path, 1, text));
        }
        for (name, line, lines) in functions(&file.tokens) {
            if lines > FUNCTION_LINES {
                let text = format!(
                    "`{name}` has {lines} lines; extract its steps (at most {FUNCTION_LINES})"
                );
                findings.push(Finding::new(file.path, line, text));
            }
        }
    }
    findings
}

/// Name, first line and number of lines of each function, from `fn` to the closing brace.
fn functions<'a>(tokens: &[Token<'a>]) -> Vec<(&'a str, usize, usize)> {
    let code: Vec<Token> = tokens.iter().filter(|token| !token.is_comment()).copied().collect();
    let named =
        code.windows(2).enumerate().filter(|(_, pair)| pair[0].text == "fn" && pair[1].is_word());
    named
        .map(|(at, pair)| {
            let end = end_of_item(&code, at);
            (pair[1].text, pair[0].line, code[end - 1].line + 1 - pair[0].line)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{super::tree::Files, *};

    fn found(text: &str) -> Vec<String> {
        let files = Files::of(&[("src/lib.rs", text)]);
        check(&Tree::new(&files)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn long_file_is_found() {
        assert_eq!(found(&"\n".repeat(400)), [] as [String; 0]);
        assert_eq!(found(&"\n".repeat(401)).len(), 1);
    }

    #[test]
    fn long_function_is_found() {
        let function = |lines: usize| {
            format!("trait T {{ fn a(); }}\nfn long(f: fn()) {{{}}}\n", "\n".repeat(lines - 1))
        };
        assert_eq!(found(&function(60)), [] as [String; 0]);
        assert_eq!(
            found(&function(61)),
            ["src/lib.rs:2: `long` has 61 lines; extract its steps (at most 60)"]
        );
    }
}
