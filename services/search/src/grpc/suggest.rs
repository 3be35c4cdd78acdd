//! Completing what is being typed: once, or for each keystroke of a stream.

use async_stream::try_stream;
use chassis::status::invalid;
use futures::FutureExt as _;
use proto::search::v1::{
    Fragment, Match, SuggestRequest, SuggestResponse, Suggestion, suggestion::Target,
};
use std::ops::Range;
use tonic::{Status, Streaming, codegen::BoxStream};

use super::{Service, question::LONGEST_QUERY};
use crate::{
    index::{Completion, Engine, Typed, analysis::fold},
    shelf::Live,
};

const DEFAULT_LIMIT: usize = 8;
const LARGEST_LIMIT: usize = 20;
/// Of each kind so many come before any kind has more.
const MOST_QUERIES: usize = 3;
const MOST_CATEGORIES: usize = 2;
/// Keystrokes that are passed over before one is answered, however fast they come.
const MOST_OVERTAKEN: usize = 100;

pub(super) type Answers = BoxStream<SuggestResponse>;

impl Service {
    /// What was typed can become these.
    pub(super) fn complete(&self, request: &SuggestRequest) -> Result<SuggestResponse, Status> {
        let SuggestRequest { query, limit, sequence } = request;
        if query.len() > LONGEST_QUERY {
            let what = format!("is longer than {LONGEST_QUERY} bytes");
            return Err(invalid([("query", what)]));
        }
        let limit = match usize::try_from(*limit) {
            Ok(0) => DEFAULT_LIMIT,
            Ok(limit) => limit.min(LARGEST_LIMIT),
            Err(_) => {
                let what = "must not be negative; 0 is the default";
                return Err(invalid([("limit", what)]));
            }
        };
        let live = self.live()?;
        let suggestions = self.suggestions(&live, query, limit)?;
        Ok(SuggestResponse { suggestions, sequence: *sequence })
    }

    fn suggestions(
        &self,
        live: &Live,
        query: &str,
        limit: usize,
    ) -> Result<Vec<Suggestion>, Status> {
        let start = fold(query.trim_start());
        let queries: Vec<_> = self
            .queries
            .completions(&start, limit)
            .into_iter()
            .map(|(text, _)| Suggestion {
                fragments: cut(&text, &[(0..start.len(), Typed::Beginning)]),
                target: Some(Target::Query(text.clone())),
                text,
            })
            .collect();
        let engine: &dyn Engine = &live.index;
        let categories = engine.complete_categories(query, limit)?;
        let categories: Vec<_> =
            categories.into_iter().map(|it| named(it, Target::CategoryId)).collect();
        let products = engine.complete_products(query, limit)?;
        let products = products.into_iter().map(|it| named(it, Target::ProductId)).collect();
        Ok(mixed(queries, categories, products, limit))
    }

    /// Answers the newest of the keystrokes that have come; those it has overtaken never are.
    /// However slowly the answers are read, nothing piles up: what was not read yet waits with the
    /// caller.
    pub(super) fn complete_all(&self, mut keystrokes: Streaming<SuggestRequest>) -> Answers {
        let service = self.clone();
        Box::pin(try_stream! {
            while let Some(mut newest) = keystrokes.message().await? {
                let mut end = None;
                for _ in 0..MOST_OVERTAKEN {
                    match keystrokes.message().now_or_never() {
                        Some(Ok(Some(newer))) => newest = newer,
                        Some(Ok(None)) => end = Some(Ok(())),
                        Some(Err(status)) => end = Some(Err(status)),
                        None => break,
                    }
                    if end.is_some() {
                        break;
                    }
                }
                yield service.complete(&newest)?;
                if let Some(end) = end {
                    end?;
                    break;
                }
            }
        })
    }
}

/// First a few queries and categories, then products, then whatever else there is room for.
fn mixed(
    mut queries: Vec<Suggestion>,
    mut categories: Vec<Suggestion>,
    mut products: Vec<Suggestion>,
    limit: usize,
) -> Vec<Suggestion> {
    let more_queries = queries.split_off(queries.len().min(MOST_QUERIES));
    let more_categories = categories.split_off(categories.len().min(MOST_CATEGORIES));
    let mut all = queries;
    all.append(&mut categories);
    all.append(&mut products);
    all.extend(more_queries.into_iter().chain(more_categories));
    all.truncate(limit);
    all
}

fn named(completion: Completion, target: fn(String) -> Target) -> Suggestion {
    let Completion { text, id, typed } = completion;
    Suggestion { fragments: cut(&text, &typed), target: Some(target(id)), text }
}

/// A text in parts: what was typed, and what lies between.
fn cut(text: &str, typed: &[(Range<usize>, Typed)]) -> Vec<Fragment> {
    let mut fragments = Vec::new();
    let mut add = |place: Range<usize>, how: Match| match text.get(place) {
        None | Some("") => {}
        Some(text) => fragments.push(Fragment { text: text.to_owned(), r#match: how.into() }),
    };
    let mut from = 0;
    for (place, how) in typed {
        add(from..place.start, Match::Unspecified);
        let how = match how {
            Typed::Word => Match::Word,
            Typed::Beginning => Match::Prefix,
            Typed::Mistaken => Match::Typo,
        };
        add(place.clone(), how);
        from = place.end;
    }
    add(from..text.len(), Match::Unspecified);
    fragments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_are_the_text_again() {
        let text = "Crème brûlée torch";
        let typed = [(0..6, Typed::Word), (16..18, Typed::Beginning)];
        let fragments = cut(text, &typed);
        let whole: String = fragments.iter().map(|fragment| fragment.text.as_str()).collect();
        assert_eq!(whole, text);
        let kinds: Vec<_> = fragments.iter().map(|fragment| fragment.r#match()).collect();
        assert_eq!(kinds, [Match::Word, Match::Unspecified, Match::Prefix, Match::Unspecified]);
        // A place that is none is left out rather than a panic.
        assert!(cut("é", &[(0..1, Typed::Word)]).is_empty());
    }

    #[test]
    fn each_kind_has_its_share_and_what_is_left() {
        let some = |kind: &str, count: usize| {
            let named =
                |number| Suggestion { text: format!("{kind}{number}"), ..Default::default() };
            (0..count).map(named).collect::<Vec<_>>()
        };
        let texts = |all: Vec<Suggestion>| {
            all.into_iter().map(|suggestion| suggestion.text).collect::<Vec<_>>().join(" ")
        };
        let all = mixed(some("q", 9), some("c", 9), some("p", 9), 8);
        assert_eq!(texts(all), "q0 q1 q2 c0 c1 p0 p1 p2");
        let few = mixed(some("q", 9), some("c", 3), some("p", 1), 8);
        assert_eq!(texts(few), "q0 q1 q2 c0 c1 p0 q3 q4");
    }
}
