//! Comments of the contract, in the words of those who speak JSON.

/// gRPC's codes, and the HTTP statuses that the gateway answers them with.
const CODES: [(&str, &str); 7] = [
    ("INVALID_ARGUMENT", "400"),
    ("NOT_FOUND", "404"),
    ("ALREADY_EXISTS", "409"),
    ("ABORTED", "409"),
    ("FAILED_PRECONDITION", "409"),
    ("UNIMPLEMENTED", "501"),
    ("UNAVAILABLE", "503"),
];

/// The comment as paragraphs of one line each, with JSON's field names and HTTP's statuses.
pub(crate) fn for_json(comment: &str) -> String {
    let paragraphs = comment.trim().split("\n\n").map(|paragraph| {
        let lines: Vec<_> = paragraph.lines().map(str::trim).collect();
        statuses(&field_names(&lines.join(" ")))
    });
    paragraphs.filter(|paragraph| !paragraph.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// The first sentence, without its full stop, and the rest.
pub(crate) fn split(comment: &str) -> (String, String) {
    let end = comment.find(". ").or_else(|| comment.find(".\n"));
    match end {
        Some(end) => (comment[..end].to_owned(), comment[end + 1..].trim().to_owned()),
        None => (comment.trim_end_matches('.').to_owned(), String::new()),
    }
}

/// `page_size` as `pageSize`. What is more than a name, such as a filter, is left as it is.
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
    let mut said = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(is_part) {
        let end = rest[at..].find(|char| !is_part(char)).map_or(rest.len(), |end| at + end);
        let word = &rest[at..end];
        let status = CODES.iter().find(|(code, _)| *code == word).map(|(_, status)| *status);
        said.push_str(&rest[..at]);
        said.push_str(status.unwrap_or(word));
        rest = &rest[end..];
    }
    said + rest
}

#[test]
fn names_and_codes_are_those_of_json_and_http() {
    let comment =
        " At most `page_size`, as\n in `a_b = 1`. NOT_FOUND\n (PRODUCT_NOT_FOUND) if none.\n";
    let said = "At most `pageSize`, as in `a_b = 1`. 404 (PRODUCT_NOT_FOUND) if none.";
    assert_eq!(for_json(comment), said);
    let (first, rest) = split(said);
    assert_eq!(first, "At most `pageSize`, as in `a_b = 1`");
    assert_eq!(rest, "404 (PRODUCT_NOT_FOUND) if none.");
}
