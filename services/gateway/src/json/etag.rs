//! Entity tags: which version of a product or category a caller has, or insists on.
//!
//! A product's `etag` names its content and leaves its stock out, so that a sale does not spoil an
//! edit. What we send as JSON holds the stock, so the header has the revision too: `"ETAG;r=7"`.
//! A precondition looks at the content alone, and takes the plain etag as well. A category has no
//! stock: its tag is its etag.

use http::{HeaderMap, HeaderName, HeaderValue, header};
use proto::json::Message;

use crate::problem::Problem;

const REVISION: &str = ";r=";

/// The `ETag` header of a message; `None` if it has no etag, or one that is not fit for a header.
pub(super) fn of(message: &Message<'_>) -> Option<HeaderValue> {
    let etag = message.text("etag").filter(|etag| !etag.is_empty() && !etag.contains('"'))?;
    let tag = match message.number("revision") {
        Some(revision) => format!("\"{etag}{REVISION}{revision}\""),
        None => format!("\"{etag}\""),
    };
    HeaderValue::try_from(tag).ok()
}

/// Whether the caller has this very version (RFC 9110, section 13.1.2).
pub(super) fn is_known(headers: &HeaderMap, current: &HeaderValue) -> bool {
    let current = current.as_bytes();
    all(headers, header::IF_NONE_MATCH)
        .any(|tag| tag == "*" || tag.trim_start_matches("W/").as_bytes() == current)
}

/// The content etag the caller insists on; empty if on none.
///
/// # Errors
/// More than one, or one that is not in quotes.
pub(super) fn required(headers: &HeaderMap) -> Result<String, Problem> {
    let mut tags = all(headers, header::IF_MATCH);
    let tag = tags.next().unwrap_or("*");
    if tags.next().is_some() {
        return Err(Problem::invalid("If-Match", "must hold one etag"));
    }
    if tag == "*" {
        return Ok(String::new());
    }
    let quoted = tag.trim_start_matches("W/").strip_prefix('"').and_then(|t| t.strip_suffix('"'));
    match quoted.filter(|tag| !tag.is_empty()) {
        Some(tag) => Ok(tag.rsplit_once(REVISION).map_or(tag, |(etag, _)| etag).to_owned()),
        None => Err(Problem::invalid("If-Match", "must be an etag in double quotes, or *")),
    }
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
    fn a_sale_changes_the_version_but_not_the_precondition() {
        let product = |revision| Product { etag: "e1".into(), revision, ..Default::default() };
        let seen = of_product(&product(1)).unwrap();
        let now = of_product(&product(2)).unwrap();
        let caller = with(header::IF_NONE_MATCH, seen.to_str().unwrap());
        assert!(is_known(&caller, &seen));
        assert!(!is_known(&caller, &now));
        for tag in [seen.to_str().unwrap(), now.to_str().unwrap(), "\"e1\"", "W/\"e1;r=1\""] {
            assert_eq!(required(&with(header::IF_MATCH, tag)).ok().as_deref(), Some("e1"), "{tag}");
        }
    }

    #[test]
    fn only_what_has_a_revision_has_it_in_its_tag() {
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
    fn a_precondition_that_cannot_be_kept_is_refused() {
        for bad in ["e1", "\"a\", \"b\"", "\"\""] {
            assert!(required(&with(header::IF_MATCH, bad)).is_err(), "{bad}");
        }
        assert_eq!(required(&HeaderMap::new()).ok().as_deref(), Some(""));
        assert_eq!(required(&with(header::IF_MATCH, "*")).ok().as_deref(), Some(""));
    }
}
