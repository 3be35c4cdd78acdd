//! What is kept of a product.

use super::{
    analysis::{Analysis, Token, measure, tokens},
    columns,
    parameters::Weights,
    terms::{Counted, Counter, written},
};
use prost::Message;
use proto::catalogue::v1::Product;
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};
use tantivy::{
    TantivyDocument,
    schema::{
        BytesOptions, FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing,
        TextOptions,
    },
    tokenizer::TokenizerManager,
};

/// Raise it with every change to the fields or the analysis: the next start then fills a new index
/// from the catalogue instead of misreading the old one.
pub(crate) const VERSION: u32 = 6;

/// The field of ids, a fast one.
pub(super) const ID: &str = "id";

/// Terms with their counts, as [`Counted`] reads them.
const COUNTED: &str = "counted";

/// Terms that were made before, with blanks between them.
const WHITESPACE: &str = "whitespace";

/// The fields of an index document. The fast ones are in [`columns`].
#[derive(Clone)]
pub(super) struct Fields {
    /// The product's id, as it is.
    pub(super) id: Field,
    /// Every term of the product, in one field: it counts as much as the places it stands in weigh.
    pub(super) words: Field,
    /// The words of the name, in their order.
    pub(super) title: Field,
    /// All words of letters as they are written, folded: not stemmed, not in the singular.
    pub(super) written: Field,
    /// The words of the name as they are written, folded: what is being typed is completed to them.
    pub(super) name_plain: Field,
    /// Ids of the categories and of those above them.
    pub(super) category_ids: Field,
    /// [`Product::revision`].
    pub(super) revision: Field,
    /// The encoded product, whole.
    pub(super) product: Field,
    pub(super) columns: columns::Fields,
    pub(super) analysis: Analysis,
    counter: Arc<Mutex<Counter>>,
}

/// Returns the schema and its fields.
pub(super) fn build(analysis: Analysis, weights: Weights) -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let text = |tokenizer, record, norms| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_index_option(record)
            .set_fieldnorms(norms);
        TextOptions::default().set_indexing_options(indexing)
    };
    let fields = Fields {
        id: schema.add_text_field(ID, STRING | FAST),
        words: schema.add_text_field("words", text(COUNTED, IndexRecordOption::WithFreqs, true)),
        title: schema.add_text_field(
            "title",
            text(WHITESPACE, IndexRecordOption::WithFreqsAndPositions, true),
        ),
        written: schema
            .add_text_field("written", text(WHITESPACE, IndexRecordOption::Basic, false)),
        name_plain: schema
            .add_text_field("name_plain", text(WHITESPACE, IndexRecordOption::Basic, false)),
        category_ids: schema.add_text_field("category_ids", STRING),
        revision: schema.add_i64_field("revision", FAST),
        product: schema.add_bytes_field("product", BytesOptions::from(STORED)),
        columns: columns::Fields::add(&mut schema),
        analysis,
        counter: Arc::new(Mutex::new(Counter::new(analysis, weights))),
    };
    (schema.build(), fields)
}

/// Returns the analysers that the schema names.
pub(super) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(COUNTED, Counted::default());
    manager
}

impl Fields {
    /// Returns the index document of a product.
    pub(super) fn document(&self, product: &Product) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_text(self.id, &product.id);
        let counted = self.counter.lock().unwrap_or_else(PoisonError::into_inner).count(product);
        document.add_text(self.words, counted);
        document.add_text(self.title, self.title(&product.name));
        let written: Vec<_> = written(product).into_iter().collect();
        document.add_text(self.written, written.join(" "));
        let name: Vec<_> = tokens(&product.name).into_iter().map(|token| token.text).collect();
        document.add_text(self.name_plain, name.join(" "));
        let paths = &product.category_paths;
        let ids = paths.iter().flat_map(|path| &path.ids).chain(&product.category_ids);
        for id in ids.collect::<BTreeSet<_>>() {
            document.add_text(self.category_ids, id);
        }
        self.columns.fill(product, &mut document);
        document.add_i64(self.revision, product.revision);
        document.add_bytes(self.product, &product.encode_to_vec());
        document
    }

    /// The words of a name, as a query asks for them.
    fn title(&self, name: &str) -> String {
        let words = words(&self.analysis, &tokens(name));
        words.into_iter().map(|(word, _)| word).collect::<Vec<_>>().join(" ")
    }
}

/// The words that tokens are, each with the number of tokens it is made of: a number and its unit
/// are one.
pub(super) fn words(analysis: &Analysis, tokens: &[Token]) -> Vec<(String, usize)> {
    let mut words = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let (word, length) = match measure(&tokens[at..]) {
            Some(measure) => (measure, 2),
            None if token.digits => (token.text.clone(), 1),
            None => (analysis.word(&token.text), 1),
        };
        words.push((word, length));
        at += length;
    }
    words
}
