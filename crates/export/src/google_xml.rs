//! Products as Google Merchant Center takes them in XML: RSS 2.0 with an item for each variant. The fields are those
//! of the table.

use std::io;

use proto::catalogue::v1::Product;
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};

use super::{
    columns::unguarded,
    google_merchant::{COLUMNS, rows},
    shop::Shop,
};

const NAMESPACE: &str = "http://base.google.com/ns/1.0";

/// The beginning of the file.
pub(super) fn head(shop: &Shop) -> io::Result<Vec<u8>> {
    let mut xml = Writer::new(Vec::new());
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let rss = BytesStart::new("rss").with_attributes([("version", "2.0"), ("xmlns:g", NAMESPACE)]);
    xml.write_event(Event::Start(rss))?;
    xml.write_event(Event::Start(BytesStart::new("channel")))?;
    element(&mut xml, "title", shop.seller.as_deref().unwrap_or("Products"))?;
    element(&mut xml, "link", shop.url.as_deref().unwrap_or_default())?;
    element(&mut xml, "description", "All products for sale")?;
    Ok(xml.into_inner())
}

/// The items of products that are for sale.
pub(super) fn items(products: &[Product], shop: &Shop) -> io::Result<Vec<u8>> {
    let mut xml = Writer::new(Vec::new());
    for product in products {
        for row in rows(product, shop) {
            xml.write_event(Event::Text(BytesText::new("\n")))?;
            xml.write_event(Event::Start(BytesStart::new("item")))?;
            for (column, cell) in COLUMNS.iter().zip(&row.cells) {
                let name = format!("g:{column}");
                // The apostrophe before text that a spreadsheet would take for a formula is not needed in XML.
                let cell = unguarded(cell);
                match *column {
                    "additional_image_link" => {
                        for url in &row.other_pictures {
                            element(&mut xml, &name, &shop.absolute(url))?;
                        }
                    }
                    "image_link" => element(&mut xml, &name, &shop.absolute(&row.picture))?,
                    _ => element(&mut xml, &name, cell)?,
                }
            }
            xml.write_event(Event::End(BytesEnd::new("item")))?;
        }
    }
    Ok(xml.into_inner())
}

/// The end of the file.
pub(super) const TAIL: &[u8] = b"\n</channel></rss>\n";

/// Writes an element, unless it is empty. Characters that XML cannot have are left out.
fn element(xml: &mut Writer<Vec<u8>>, name: &str, text: &str) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    let is_allowed = |letter: &char| {
        !letter.is_control() && !matches!(letter, '\u{fffe}' | '\u{ffff}')
            || matches!(letter, '\t' | '\n' | '\r')
    };
    let text: String = text.chars().filter(is_allowed).collect();
    xml.write_event(Event::Start(BytesStart::new(name)))?;
    xml.write_event(Event::Text(BytesText::new(&text)))?;
    xml.write_event(Event::End(BytesEnd::new(name)))
}

#[cfg(test)]
mod tests {
    use proto::catalogue::v1::product::Status;

    use super::*;

    #[test]
    fn each_picture_is_an_element_whatever_its_address() {
        let urls = ["/w_1,h_2/a.jpg", "/b,c.jpg", "https://img.example/d.jpg"];
        let product = Product {
            id: "mug".to_owned(),
            status: Status::Active.into(),
            image_urls: urls.map(str::to_owned).to_vec(),
            ..Product::default()
        };
        let shop = Shop { url: Some("https://shop.example".to_owned()), ..Shop::default() };
        let xml = String::from_utf8(items(&[product], &shop).unwrap()).unwrap();
        for element in [
            "<g:image_link>https://shop.example/w_1,h_2/a.jpg</g:image_link>",
            "<g:additional_image_link>https://shop.example/b,c.jpg</g:additional_image_link>",
            "<g:additional_image_link>https://img.example/d.jpg</g:additional_image_link>",
        ] {
            assert!(xml.contains(element), "{element}: {xml}");
        }
    }
}
