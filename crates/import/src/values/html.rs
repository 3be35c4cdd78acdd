//! HTML as plain text.

/// Elements after which a new piece of text begins.
const BLOCKS: [&str; 20] = [
    "br",
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "tr",
    "td",
    "th",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "section",
    "article",
    "blockquote",
    "hr",
];
/// The other elements: further names in angle brackets are text.
const INLINE: [&str; 22] = [
    "a", "b", "i", "u", "em", "strong", "span", "small", "sub", "sup", "font", "img", "style",
    "script", "tbody", "thead", "pre", "code", "dl", "dt", "dd", "s",
];

/// Whether a text has tags.
pub(crate) fn is_html(text: &str) -> bool {
    tags(text).next().is_some()
}

/// The text without tags, its entities replaced, and its blanks collapsed. Scripts and styles are
/// left out.
pub(crate) fn to_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let (mut at, mut hidden) = (0, None::<String>);
    for tag in tags(html) {
        if tag.start < at {
            continue;
        }
        if hidden.is_none() {
            decode(&html[at..tag.start], &mut text);
        }
        at = tag.end;
        match &hidden {
            Some(name) if *name == tag.name && tag.is_end => hidden = None,
            Some(_) => {}
            None if !tag.is_end && matches!(tag.name.as_str(), "script" | "style") => {
                hidden = Some(tag.name);
            }
            None if BLOCKS.contains(&tag.name.as_str()) => text.push('\n'),
            None => {}
        }
    }
    if hidden.is_none() {
        decode(&html[at..], &mut text);
    }
    let words = text.split_whitespace();
    words.collect::<Vec<_>>().join(" ")
}

struct Tag {
    name: String,
    is_end: bool,
    start: usize,
    end: usize,
}

/// The tags of known elements, and comments, which have no name.
fn tags(html: &str) -> impl Iterator<Item = Tag> {
    html.match_indices('<').filter_map(move |(start, _)| {
        let rest = &html[start..];
        if rest.starts_with("<!--") {
            let length = rest.find("-->").map_or(rest.len(), |end| end + 3);
            let name = String::new();
            return Some(Tag { name, is_end: false, start, end: start + length });
        }
        let is_end = rest[1..].starts_with('/');
        let name = &rest[1 + usize::from(is_end)..];
        let length = name.find(|letter: char| !letter.is_ascii_alphanumeric())?;
        let (name, after) = (name[..length].to_ascii_lowercase(), &name[length..]);
        let is_known = BLOCKS.contains(&name.as_str()) || INLINE.contains(&name.as_str());
        let follows = after.starts_with(['>', '/', ' ', '\n', '\r', '\t']);
        let end = start + rest.find('>')? + 1;
        (is_known && follows).then_some(Tag { name, is_end, start, end })
    })
}

/// Appends text with its entities replaced.
fn decode(html: &str, text: &mut String) {
    let mut rest = html;
    while let Some(start) = rest.find('&') {
        text.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        match end.and_then(|end| Some((end, crate::input::entity(&rest[1..end])?))) {
            Some((end, letter)) => {
                text.push_str(&letter);
                rest = &rest[end + 1..];
            }
            None => {
                text.push('&');
                rest = &rest[1..];
            }
        }
    }
    text.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shoppers_see_no_tags() {
        let html = "<p>Soft &amp; warm.<br/>100&nbsp;% wool</p><ul><li>One</li><li>Two</li></ul>";
        assert_eq!(to_text(html), "Soft & warm. 100 % wool One Two");
        assert_eq!(
            to_text("<p>Waxed <b>cot</b>ton</p><script>x<y</script> coat"),
            "Waxed cotton coat"
        );
        assert_eq!(to_text("a<!-- <b> -->c &unknown; &#8364;5"), "ac &unknown; €5");
        assert!(is_html("<P class=\"x\">a</P>") && is_html("a<br>b"));
        assert!(!is_html("2 < 3 and 4 > 1") && !is_html("<unknown>") && !is_html("x <3"));
    }
}
