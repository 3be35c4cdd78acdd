//! Schema and analysis: the fields of an index document, and how a product's texts become terms.

pub(crate) mod analysis;
pub(crate) mod columns;
mod head;
mod terms;

pub(crate) use terms::{attribute_text, without_zeros};

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use product_fields::TextField;
use prost::Message;
use proto::catalogue::v1::Product;
use tantivy::{
    DocAddress, DocSet as _, Searcher, TERMINATED, TantivyDocument, Term,
    schema::{
        BytesOptions, FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing,
        TextOptions,
    },
    tokenizer::TokenizerManager,
};

use analysis::{Analysis, tokenize};
use columns::ColumnFields;
use terms::{CountedTokenizer, TermCounter, plain_words};

use crate::index::model::Weights;

/// Version of the index format: the next start after a change fills a new index from the catalogue
/// instead of misreading the old one. Increase it with every change to the fields or the analysis;
/// a new text field increases it by itself.
pub(crate) const VERSION: u32 = 6 + TextField::COUNT as u32;

/// Name of the id field, which is also a column.
pub(crate) const ID: &str = "id";

/// Name of the revision column.
pub(crate) const REVISION: &str = "revision";

/// Name of [`CountedTokenizer`].
const COUNTED: &str = "counted";

/// Name of tantivy's tokenizer for terms separated by blanks.
const WHITESPACE: &str = "whitespace";

/// Handles of an index document's fields.
#[derive(Clone)]
pub(crate) struct Fields {
    /// The product's id, verbatim.
    pub(crate) id: Field,
    /// All terms of the product. A term's frequency is the sum of the weights of its occurrences.
    pub(crate) words: Field,
    /// The normalised words of the name with their positions.
    pub(crate) title: Field,
    /// All words without digits, folded but neither stemmed nor singularised: the vocabulary that
    /// unfinished and mistyped words are compared with.
    pub(crate) written: Field,
    /// The folded words of the name, for suggestions.
    pub(crate) name_plain: Field,
    /// Ids of the categories and their ancestors.
    pub(crate) category_ids: Field,
    /// [`Product::revision`].
    revision: Field,
    /// The encoded product.
    pub(crate) product: Field,
    columns: ColumnFields,
    pub(crate) analysis: Analysis,
    /// Shared so that its caches and buffers are reused from product to product.
    counter: Arc<Mutex<TermCounter>>,
}

/// Builds the schema.
pub(crate) fn build(analysis: Analysis, weights: Weights) -> (Schema, Fields) {
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
        revision: schema.add_i64_field(REVISION, FAST),
        product: schema.add_bytes_field("product", BytesOptions::from(STORED)),
        columns: ColumnFields::add(&mut schema),
        analysis,
        counter: Arc::new(Mutex::new(TermCounter::new(analysis, weights))),
    };
    (schema.build(), fields)
}

/// Returns the tokenizers that the schema refers to by name.
pub(crate) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(COUNTED, CountedTokenizer::default());
    manager
}

impl Fields {
    /// Returns the address of a product's current document.
    pub(crate) fn find(
        &self,
        searcher: &Searcher,
        id: &str,
    ) -> tantivy::Result<Option<DocAddress>> {
        let term = Term::from_field_text(self.id, id);
        for (number, segment) in searcher.segment_readers().iter().enumerate() {
            let index = segment.inverted_index(self.id)?;
            let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? else {
                continue;
            };
            // Earlier documents of the product are still listed, as deleted ones.
            while postings.doc() != TERMINATED {
                if !segment.is_deleted(postings.doc()) {
                    return Ok(Some(DocAddress::new(number as u32, postings.doc())));
                }
                postings.advance();
            }
        }
        Ok(None)
    }

    /// Returns the index document of a product.
    pub(crate) fn document(&self, product: &Product) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_text(self.id, &product.id);
        let counted = self.counter.lock().unwrap_or_else(PoisonError::into_inner).count(product);
        document.add_text(self.words, counted);
        let name = tokenize(&product.name);
        let title: Vec<_> = self.analysis.words(&name).into_iter().map(|(word, _)| word).collect();
        document.add_text(self.title, title.join(" "));
        let written: Vec<_> = plain_words(product).into_iter().collect();
        document.add_text(self.written, written.join(" "));
        let name: Vec<_> = name.into_iter().map(|token| token.text).collect();
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
}
