//! Entity tags of products and categories, and the conditional headers `If-Match` and `If-None-Match`.
//!
//! A product's field `etag` covers its content but not its stock, so that a sale does not conflict with
//! an edit. The JSON includes the stock, so the header adds the revision: `"ETAG;r=7"`. `If-Match`
//! compares the content only, and also accepts the plain etag. A category has no stock, and its field
//! is its tag.

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use proto::json::Message;

use crate::problem::Problem;

const REVISION: &str = ";r=";
/// Conditional headers that writes do not have.
const UNSUPPORTED: [HeaderName; 4] = [
    header::IF_NONE_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_UNMODIFIED_SINCE,
    header::IF_RANGE,
];

/// The `ETag` header of a message; `None` if it has no etag, or one that a header cannot contain.
pub(super) fn of(message: &Message<'_>) -> Option<HeaderValue> {
    let etag = message.text("etag").filter(|etag| !etag.is_empty() && !etag.contains('"'))?;
    let tag = match message.number("revision") {
        Some(revision) => format!("\"{etag}{REVISION}{revision}\""),
        None => format!("\"{etag}\""),
    };
    HeaderValue::try_from(tag).ok()
}

/// Whether `If-None-Match` names the current version (RFC 9110, section 13.1.2).
pub(super) fn if_none_match(headers: &HeaderMap, current: &HeaderValue) -> bool {
    let current = current.as_bytes();
    all(headers, header::IF_NONE_MATCH)
        .any(|tag| tag == "*" || tag.trim_start_matches("W/").as_bytes() == current)
}

/// The content etag in `If-Match`; empty for `*` and without the header.
///
/// # Errors
/// None or more than one etag in it, or one without quotes.
pub(super) fn if_match(headers: &HeaderMap) -> Result<String, Problem> {
    if !headers.contains_key(header::IF_MATCH) {
        return Ok(String::new());
    }
    let mut tags = all(headers, header::IF_MATCH);
    let (Some(tag), None) = (tags.next(), tags.next()) else {
        return Err(Problem::invalid("If-Match", "must hold one etag"));
    };
    if tag == "*" {
        return Ok(String::new());
    }
    let quoted = tag.trim_start_matches("W/").strip_prefix('"').and_then(|t| t.strip_suffix('"'));
    match quoted.filter(|tag| !tag.is_empty()) {
        Some(tag) => Ok(tag.rsplit_once(REVISION).map_or(tag, |(etag, _)| etag).to_owned()),
        None => Err(Problem::invalid("If-Match", "must be an etag in double quotes, or *")),
    }
}

/// Refuses preconditions that a method does not have: on a write all but `If-Match`, and
/// `If-None-Match: *` for a PUT that `is_creation`.
///
/// # Errors
/// 400 with the name of the header.
pub(super) fn refuse_unsupported(
    method: &Method,
    headers: &HeaderMap,
    is_creation: bool,
) -> Result<(), Problem> {
    let refused: &[HeaderName] = match *method {
        Method::GET => &[],
        _ if is_creation => &UNSUPPORTED[1..],
        _ => &UNSUPPORTED,
    };
    match refused.iter().find(|name| headers.contains_key(*name)) {
        None => Ok(()),
        Some(name) => {
            let message = "is not supported here: leave it out, or use If-Match with an etag";
            Err(Problem::invalid(name.as_str(), message))
        }
    }
}

/// Whether a write has a precondition that [`refuse_unsupported`] may refuse.
pub(super) fn has_unsupported(headers: &HeaderMap) -> bool {
    UNSUPPORTED.iter().any(|name| headers.contains_key(name))
}

/// Whether `If-None-Match` is `*`: the write must create the resource.
pub(super) fn must_create(headers: &HeaderMap) -> bool {
    all(headers, header::IF_NONE_MATCH).eq(["*"])
}

fn all(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim).filter(|tag| !tag.is_empty())
}

#[cfg(test)]
mod tests {
    use prost::Message as _;
    use proto::{
        catalogue::v1::{Category, Product},
        json::MessageType,
    };

    use super::*;

    fn of_product(product: &Product) -> Option<HeaderValue> {
        let product = product.encode_to_vec();
        of(&MessageType::named("catalogue.v1.Product").unwrap().parse(&product).unwrap())
    }

    fn with(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn sale_changes_the_version_but_not_the_precondition() {
        let product = |revision| Product { etag: "e1".into(), revision, ..Default::default() };
        let seen = of_product(&product(1)).unwrap();
        let now = of_product(&product(2)).unwrap();
        let caller = with(header::IF_NONE_MATCH, seen.to_str().unwrap());
        assert!(if_none_match(&caller, &seen));
        assert!(!if_none_match(&caller, &now));
        for tag in [seen.to_str().unwrap(), now.to_str().unwrap(), "\"e1\"", "W/\"e1;r=1\""] {
            assert_eq!(if_match(&with(header::IF_MATCH, tag)).ok().as_deref(), Some("e1"), "{tag}");
        }
    }

    #[test]
    fn tag_has_the_revision_of_messages_with_one() {
        let product = Product { etag: "e1".into(), ..Default::default() };
        assert_eq!(of_product(&product).unwrap(), "\"e1;r=0\"");
        let category = Category { etag: "c1".into(), ..Default::default() }.encode_to_vec();
        let category_type = MessageType::named("catalogue.v1.Category").unwrap();
        assert_eq!(of(&category_type.parse(&category).unwrap()).unwrap(), "\"c1\"");
        for unfit in ["", "a\"b", "a\nb"] {
            let product = Product { etag: unfit.into(), ..Default::default() };
            assert_eq!(of_product(&product), None, "{unfit:?}");
        }
    }

    #[test]
    fn malformed_precondition_is_refused() {
        for bad in ["", " ", ",", "e1", "\"a\", \"b\"", "\"\""] {
            assert!(if_match(&with(header::IF_MATCH, bad)).is_err(), "{bad}");
        }
        assert_eq!(if_match(&HeaderMap::new()).ok().as_deref(), Some(""));
        assert_eq!(if_match(&with(header::IF_MATCH, "*")).ok().as_deref(), Some(""));
    }
}
