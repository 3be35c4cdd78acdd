//! Markdown: rendering, and the escapes of text that is put into it.

use pulldown_cmark::{Options, Parser, html::push_html};

/// The HTML of one of the project's own texts.
pub(super) fn html(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES;
    let mut html = String::with_capacity(2 * markdown.len());
    push_html(&mut html, Parser::new_ext(markdown, options));
    // Wide ones are scrolled, by keyboard as well.
    html.replace("<pre>", "<pre tabindex=\"0\">")
}

/// A row of a table.
pub(super) fn row<const N: usize>(cells: [&str; N]) -> String {
    let cells = cells.map(|cell| cell.replace('|', "\\|").replace('\n', " "));
    format!("| {} |\n", cells.join(" | "))
}

/// The head of a table.
pub(super) fn head<const N: usize>(names: [&str; N]) -> String {
    row(names) + &row(["---"; N])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_keep_their_text() {
        let table = head(["a", "b"]) + &row(["x | y", "two\nlines"]);
        let html = html(&table);
        assert!(html.contains("<td>x | y</td><td>two lines</td>"), "{html}");
    }
}
