//! Converts comments of the contract to descriptions for JSON clients.

/// gRPC codes in comments, with their HTTP statuses.
const CODES: [(&str, &str); 7] = [
    ("INVALID_ARGUMENT", "400"),
    ("NOT_FOUND", "404"),
    ("ALREADY_EXISTS", "409"),
    ("ABORTED", "409"),
    ("FAILED_PRECONDITION", "409"),
    ("UNIMPLEMENTED", "501"),
    ("UNAVAILABLE", "503"),
];

/// The comment with one line for each paragraph, JSON field names and HTTP statuses.
pub(crate) fn for_json(comment: &str) -> String {
    let paragraphs = comment.trim().split("\n\n").map(|paragraph| {
        let lines: Vec<_> = paragraph.lines().map(str::trim).collect();
        statuses(&field_names(&lines.join(" ")))
    });
    paragraphs.filter(|paragraph| !paragraph.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// Splits a comment into its first sentence, without the full stop, and the rest.
pub(crate) fn split(comment: &str) -> (String, String) {
    let end = comment.find(". ").or_else(|| comment.find(".\n"));
    match end {
        Some(end) => (comment[..end].to_owned(), comment[end + 1..].trim().to_owned()),
        None => (comment.trim_end_matches('.').to_owned(), String::new()),
    }
}

/// Converts names in backticks: `page_size` to `pageSize`. Other code, such as a filter, is kept.
fn field_names(text: &str) -> String {
    let is_name = |part: &str| {
        part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_' || byte == b'.')
    };
    let parts = text.split('`').enumerate().map(|(at, part)| match at % 2 == 1 && is_name(part) {
        true => camel(part),
        false => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("`")
}

fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        camel.extend(word.chars().next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(word.get(1..).unwrap_or_default());
    }
    camel
}

fn statuses(text: &str) -> String {
    let is_part = |char: char| char.is_ascii_alphanumeric() || char == '_';
    let mut converted = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(is_part) {
        let end = rest[at..].find(|char| !is_part(char)).map_or(rest.len(), |end| at + end);
        let word = &rest[at..end];
        let status = CODES.iter().find(|(code, _)| *code == word).map(|(_, status)| *status);
        converted.push_str(&rest[..at]);
        converted.push_str(status.unwrap_or(word));
        rest = &rest[end..];
    }
    converted + rest
}

#[test]
fn names_and_codes_are_converted() {
    let comment =
        " At most `page_size`, as\n in `a_b = 1`. NOT_FOUND\n (PRODUCT_NOT_FOUND) if none.\n";
    let converted = "At most `pageSize`, as in `a_b = 1`. 404 (PRODUCT_NOT_FOUND) if none.";
    assert_eq!(for_json(comment), converted);
    let (first, rest) = split(converted);
    assert_eq!(first, "At most `pageSize`, as in `a_b = 1`");
    assert_eq!(rest, "404 (PRODUCT_NOT_FOUND) if none.");
}
