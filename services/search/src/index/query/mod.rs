//! Query reading: a query's text becomes words, and each word the set of terms that may match it
//! (inflections, prefixes, corrections, synonyms). Builds on `schema` and `model`.

mod compiled_settings;
mod dictionary;
mod distance;
mod english_synonyms;
mod expand;
mod expanded;
mod lexicon;
mod parse;
mod read;
mod vocabulary;

pub(crate) use compiled_settings::CompiledSettings;
pub(crate) use dictionary::TermDictionary;
pub(crate) use expand::Expander;
pub(crate) use expanded::{Alternative, ExpandedWord};
pub(crate) use lexicon::LexiconCache;
pub(crate) use parse::{ParsedQuery, WordRole, default_stop_words};
pub(crate) use read::{Reader, Reading, split_minus};
pub(crate) use vocabulary::{Vocabulary, VocabularyCache};
