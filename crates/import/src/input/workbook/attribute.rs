//! Attributes of elements.

use anyhow::Result;
use quick_xml::events::BytesStart;

/// The value of an attribute, by its name without namespace.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>> {
    for attribute in element.attributes() {
        let attribute = attribute?;
        if attribute.key.local_name().as_ref() == name {
            let value: &str = attribute.value.as_ref();
            return Ok(Some(quick_xml::escape::unescape(value)?.into_owned()));
        }
    }
    Ok(None)
}
