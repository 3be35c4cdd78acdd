//! What is kept of a product, and how it is taken apart into words.

use prost::Message;
use proto::catalogue::v1::{Attribute, Product, attribute};
use std::collections::BTreeSet;
use tantivy::{
    TantivyDocument,
    schema::{
        FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
    },
    tokenizer::{
        AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer,
        TextAnalyzer, TokenizerManager,
    },
};

/// Names the folder an index lives in. Raise it with every change to the fields or the analysis:
/// the next start then fills a new index from the catalogue instead of misreading the old one.
pub(crate) const VERSION: u32 = 2;

/// The fast field that orders equal scores.
pub(super) const ID: &str = "id";

/// Words as they are found: `Kettles` and `kettle` are one.
pub(super) const STEMMED: &str = "stemmed";

/// Words as they are typed, for the beginnings of words: a stem is not always one (`batteri`).
pub(super) const PLAIN: &str = "plain";

/// Longer tokens are noise, such as pasted URLs or base64. In bytes.
const LONGEST_TOKEN: usize = 64;

/// The fields of an index document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields {
    /// The product's id, as it is.
    pub(super) id: Field,
    /// Id and external id in lower case, each one whole.
    pub(super) codes: Field,
    pub(super) name: Field,
    pub(super) brand: Field,
    /// Names of the categories and of those above them.
    pub(super) categories: Field,
    /// Values of attributes, and labels.
    pub(super) attributes: Field,
    pub(super) description: Field,
    /// The name, not stemmed.
    pub(super) name_plain: Field,
    /// Brand, categories and attributes, not stemmed.
    pub(super) context_plain: Field,
    /// Ids of the categories and of those above them.
    pub(super) category_ids: Field,
    /// [`Product::revision`].
    pub(super) revision: Field,
    /// The encoded product, whole.
    pub(super) product: Field,
}

/// Returns the schema and its fields.
pub(super) fn build() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let text = |tokenizer, record| {
        let indexing =
            TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record);
        TextOptions::default().set_indexing_options(indexing)
    };
    let stemmed = || text(STEMMED, IndexRecordOption::WithFreqs);
    // Beginnings of words score by field alone, so neither frequencies nor lengths are kept.
    let plain = || {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(PLAIN)
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false);
        TextOptions::default().set_indexing_options(indexing)
    };
    let fields = Fields {
        id: schema.add_text_field(ID, STRING | FAST),
        codes: schema.add_text_field("codes", STRING),
        name: schema.add_text_field("name", stemmed()),
        brand: schema.add_text_field("brand", stemmed()),
        categories: schema.add_text_field("categories", stemmed()),
        attributes: schema.add_text_field("attributes", stemmed()),
        description: schema.add_text_field("description", stemmed()),
        name_plain: schema.add_text_field("name_plain", plain()),
        context_plain: schema.add_text_field("context_plain", plain()),
        category_ids: schema.add_text_field("category_ids", STRING),
        revision: schema.add_i64_field("revision", FAST),
        product: schema.add_bytes_field("product", STORED),
    };
    (schema.build(), fields)
}

/// Returns the analysers that the schema names.
pub(super) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    let plain = || {
        TextAnalyzer::builder(SimpleTokenizer::default())
            .filter(RemoveLongFilter::limit(LONGEST_TOKEN))
            .filter(LowerCaser)
            .filter(AsciiFoldingFilter)
    };
    manager.register(PLAIN, plain().build());
    manager.register(STEMMED, plain().filter(Stemmer::new(Language::English)).build());
    manager
}

impl Fields {
    /// Returns the index document of a product.
    pub(super) fn document(&self, product: &Product) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_text(self.id, &product.id);
        document.add_text(self.codes, product.id.to_lowercase());
        if !product.external_id.is_empty() && product.external_id != product.id {
            document.add_text(self.codes, product.external_id.to_lowercase());
        }
        document.add_text(self.name, &product.name);
        document.add_text(self.name_plain, &product.name);
        document.add_text(self.brand, &product.brand);
        document.add_text(self.context_plain, &product.brand);
        document.add_text(self.description, &product.description);

        let paths = &product.category_paths;
        // Categories share their upper parts: each name and id counts once.
        for name in paths.iter().flat_map(|path| &path.names).collect::<BTreeSet<_>>() {
            document.add_text(self.categories, name);
            document.add_text(self.context_plain, name);
        }
        let ids = paths.iter().flat_map(|path| &path.ids).chain(&product.category_ids);
        for id in ids.collect::<BTreeSet<_>>() {
            document.add_text(self.category_ids, id);
        }
        let values = product.attributes.iter().filter_map(attribute_text);
        for value in values.chain(product.labels.iter().cloned()) {
            document.add_text(self.context_plain, &value);
            document.add_text(self.attributes, value);
        }
        document.add_i64(self.revision, product.revision);
        document.add_bytes(self.product, &product.encode_to_vec());
        document
    }
}

/// What a shopper might type to find an attribute: its value, or its name where it is a plain yes.
fn attribute_text(attribute: &Attribute) -> Option<String> {
    match attribute.value.as_ref()? {
        attribute::Value::Text(text) => Some(text.clone()),
        attribute::Value::Number(number) => Some(format!("{number} {}", attribute.unit)),
        attribute::Value::Flag(true) => Some(attribute.name.clone()),
        attribute::Value::Flag(false) => None,
    }
}
