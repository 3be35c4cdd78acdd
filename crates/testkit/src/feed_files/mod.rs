//! Files of feeds, checked line by line by the rules that their destinations publish, and products to fill them with.

mod products;
mod read;
mod rules;

use std::{
    collections::HashSet,
    fs::File,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    io::{BufRead, BufReader},
    path::Path,
};

use anyhow::{Context as _, Result};
use flate2::read::MultiGzDecoder;
use serde_json::Value;

pub use self::products::{feed_product, import_feed_products};
use self::rules::Rules;
use crate::{JsonSchema, acp_schema};

/// Faults of which a check keeps the text.
const EXAMPLES: usize = 20;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedFile {
    /// Google Merchant Center's RSS.
    GoogleXml,
    /// Google Merchant Center's tab-separated table.
    GoogleTable,
    /// OpenAI's lines of JSON.
    OpenaiLines,
    /// OpenAI's table.
    OpenaiTable,
    /// The lines of products of the Agentic Commerce Protocol.
    AcpLines,
}

/// The contents of a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct FeedContents {
    /// Items that can be bought.
    pub items: u64,
    /// A sum over the ids of the items, equal for the same ids in any order.
    pub ids: u64,
    /// Faults by the destination's rules.
    pub faults: u64,
    /// The first faults.
    pub examples: Vec<String>,
    seen: HashSet<u64>,
}

/// A field of an item, and its value.
type Field = (String, Value);

impl FeedFile {
    /// Checks a file, which may be compressed.
    ///
    /// # Errors
    /// It cannot be read to its end, or the schema of its destination is not beside the checkout.
    pub fn check(self, path: &Path) -> Result<FeedContents> {
        let file = File::open(path).with_context(|| format!("opening {}", path.display()))?;
        let checked = match path.extension().is_some_and(|it| it == "gz") {
            true => self.check_lines(BufReader::new(MultiGzDecoder::new(file))),
            false => self.check_lines(BufReader::with_capacity(1 << 18, file)),
        };
        checked.with_context(|| format!("reading {}", path.display()))
    }

    fn check_lines(self, reader: impl BufRead) -> Result<FeedContents> {
        let mut contents = FeedContents::default();
        let google = |contents: &mut FeedContents, item: Vec<Field>| {
            contents.check(&rules::GOOGLE, &item);
        };
        let openai = |contents: &mut FeedContents, item: Vec<Field>| {
            contents.check(&rules::OPENAI, &item);
        };
        match self {
            Self::GoogleXml => read::xml(reader, |item| google(&mut contents, item))?,
            Self::GoogleTable => read::table(reader, b'\t', |item| google(&mut contents, item))?,
            Self::OpenaiLines => read::lines(reader, |item| openai(&mut contents, item))?,
            Self::OpenaiTable => read::table(reader, b',', |item| openai(&mut contents, item))?,
            Self::AcpLines => {
                let schema = acp_schema().context("the schema of ACP is not there")?;
                for line in reader.lines() {
                    contents.check_product(&schema, &line?);
                }
            }
        }
        Ok(contents)
    }
}

impl FeedContents {
    /// The contents that a file of these items should have.
    pub fn of_ids(ids: impl IntoIterator<Item = String>) -> Self {
        let mut contents = Self::default();
        ids.into_iter().for_each(|id| contents.add(&id));
        contents.seen.clear();
        contents
    }

    fn check(&mut self, rules: &Rules, item: &[Field]) {
        let id = item.iter().find(|(name, _)| name == rules.id);
        let id = id.and_then(|(_, id)| id.as_str()).unwrap_or_default();
        for fault in rules.faults(item) {
            self.fault(id, &fault);
        }
        self.add(id);
    }

    fn check_product(&mut self, schema: &JsonSchema, line: &str) {
        let product: Value = match serde_json::from_str(line) {
            Ok(product) => product,
            Err(error) => return self.fault("", &format!("the line is no JSON: {error}")),
        };
        if let Some(fault) = schema.fault("Product", &product) {
            self.fault(&product["id"].to_string(), &fault);
        }
        for variant in product["variants"].as_array().into_iter().flatten() {
            self.add(variant["id"].as_str().unwrap_or_default());
        }
    }

    fn add(&mut self, id: &str) {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        let hash = hasher.finish();
        self.items += 1;
        self.ids = self.ids.wrapping_add(hash);
        if !self.seen.insert(hash) {
            self.fault(id, "the id was that of another item");
        }
    }

    fn fault(&mut self, id: &str, fault: &str) {
        self.faults += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(format!("{id}: {fault}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn checked(kind: FeedFile, text: &str) -> FeedContents {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("feed");
        fs::write(&path, text).unwrap();
        kind.check(&path).unwrap()
    }

    const XML: &str = "<rss><channel><title>A</title>\n<item><g:id>a&amp;b</g:id><g:title>Mug</g:title>\
        <g:description>Holds\ntea</g:description><g:link>https://a.example/p/a</g:link>\
        <g:image_link>https://a.example/a.png</g:image_link><g:price>9.00 EUR</g:price>\
        <g:availability>in_stock</g:availability></item></channel></rss>";

    #[test]
    fn a_whole_item_has_no_fault_and_its_id_counts() {
        let found = checked(FeedFile::GoogleXml, XML);
        assert_eq!(found.examples, Vec::<String>::new());
        let expected = FeedContents::of_ids(["a&b".to_owned()]);
        assert_eq!((found.items, found.ids), (expected.items, expected.ids));
    }

    #[test]
    fn faults_are_counted_with_their_items() {
        let found = checked(FeedFile::GoogleXml, &XML.replace("9.00 EUR", "9 Euro"));
        assert_eq!(found.faults, 1, "{found:?}");
        assert!(found.examples[0].starts_with("a&b: price"), "{found:?}");
        let (start, end) = (XML.find("<item>").unwrap(), XML.find("</channel>").unwrap());
        let twice = format!("{}{}{}", &XML[..end], &XML[start..end], &XML[end..]);
        let found = checked(FeedFile::GoogleXml, &twice);
        assert_eq!((found.items, found.faults), (2, 1), "{found:?}");
        assert!(found.examples[0].contains("another item"), "{found:?}");
        let line = r#"{"item_id":"a","title":"A","is_eligible_search":"yes"}"#;
        let found = checked(FeedFile::OpenaiLines, &format!("{line}\n"));
        let has = |part: &str| found.examples.iter().any(|it| it.contains(part));
        assert!(has("lacks price") && has("is_eligible_search"), "{found:?}");
        let table = "id\ttitle\tavailability\nb\tB\tperhaps\n";
        let found = checked(FeedFile::GoogleTable, table);
        assert!(found.examples.iter().any(|it| it.contains("perhaps")), "{found:?}");
    }

    #[test]
    fn a_file_that_is_cut_short_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("feed.xml");
        fs::write(&path, &XML[..XML.len() - 20]).unwrap();
        FeedFile::GoogleXml.check(&path).unwrap_err();
    }
}
