//! Suggestions: for one request, or for each keystroke of a stream.

use access::Caller;
use async_stream::try_stream;
use contract::Scope;
use futures::FutureExt as _;
use proto::search::v1::{
    Fragment, SuggestRequest, SuggestResponse, Suggestion, suggestion::Target,
};
use rpc::status::invalid;
use std::ops::Range;
use tonic::{Request, Status, Streaming, codegen::BoxStream};

use super::{Service, request::READ_QUERY_BYTES, response::fragment};
use crate::{
    index::{Completion, Engine, MatchKind, fold},
    live_index::IndexSnapshot,
};

const DEFAULT_LIMIT: usize = 8;
const MAX_LIMIT: usize = 20;
/// Number of queries, and of categories, that come before products.
const LEADING_QUERIES: usize = 3;
const LEADING_CATEGORIES: usize = 2;
/// Maximum number of keystrokes skipped before one is answered.
const MAX_SKIPPED: usize = 100;

/// Whether the queries of others are among the suggestions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OthersQueries {
    Shown,
    Hidden,
}

impl OthersQueries {
    /// Returns whether the caller of a request may see them. The server names the caller; without it, they are hidden.
    pub(super) fn for_caller_of<T>(request: &Request<T>) -> Self {
        let caller: Option<&Caller> = request.extensions().get();
        match caller.is_some_and(|caller| caller.may(Scope::ReadQueries)) {
            true => Self::Shown,
            false => Self::Hidden,
        }
    }
}

pub(super) type SuggestStream = BoxStream<SuggestResponse>;

impl Service {
    /// Answers one request.
    pub(super) fn suggestions_for(
        &self,
        request: &SuggestRequest,
        queries: OthersQueries,
    ) -> Result<SuggestResponse, Status> {
        let SuggestRequest { query, limit, sequence } = request;
        if query.len() > READ_QUERY_BYTES {
            let what = format!("is longer than {READ_QUERY_BYTES} bytes");
            return Err(invalid([("query", what)]));
        }
        let limit = match usize::try_from(*limit) {
            Ok(0) => DEFAULT_LIMIT,
            Ok(limit) => limit.min(MAX_LIMIT),
            Err(_) => {
                let what = "must not be negative; 0 is the default";
                return Err(invalid([("limit", what)]));
            }
        };
        let live = self.snapshot()?;
        let suggestions = self.suggestions(&live, query, limit, queries)?;
        Ok(SuggestResponse { suggestions, sequence: *sequence })
    }

    fn suggestions(
        &self,
        live: &IndexSnapshot,
        query: &str,
        limit: usize,
        queries: OthersQueries,
    ) -> Result<Vec<Suggestion>, Status> {
        let prefix = fold(query.trim_start());
        let queries: Vec<_> = self
            .query_log
            .completions(&prefix, if queries == OthersQueries::Shown { limit } else { 0 })
            .into_iter()
            .map(|(text, _)| Suggestion {
                fragments: split(&text, &[(0..prefix.len(), MatchKind::Prefix)]),
                target: Some(Target::Query(text.clone())),
                text,
            })
            .collect();
        let engine: &dyn Engine = &live.index;
        let categories = engine.complete_categories(query, limit)?;
        let categories: Vec<_> =
            categories.into_iter().map(|it| suggestion(it, Target::CategoryId)).collect();
        let products = engine.complete_products(query, limit)?;
        let products = products.into_iter().map(|it| suggestion(it, Target::ProductId)).collect();
        Ok(merge(queries, categories, products, limit))
    }

    /// Answers the latest keystroke received; earlier ones are skipped. Nothing is buffered: while
    /// the client does not read responses, flow control holds back its requests.
    pub(super) fn suggestion_stream(
        &self,
        mut keystrokes: Streaming<SuggestRequest>,
        queries: OthersQueries,
    ) -> SuggestStream {
        let service = self.clone();
        Box::pin(try_stream! {
            while let Some(mut newest) = keystrokes.message().await? {
                let mut end = None;
                for _ in 0..MAX_SKIPPED {
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
                yield service.suggestions_for(&newest, queries)?;
                if let Some(end) = end {
                    end?;
                    break;
                }
            }
        })
    }
}

/// Merges suggestions: a few queries and categories, then products, then the remaining ones.
fn merge(
    mut queries: Vec<Suggestion>,
    mut categories: Vec<Suggestion>,
    mut products: Vec<Suggestion>,
    limit: usize,
) -> Vec<Suggestion> {
    let more_queries = queries.split_off(queries.len().min(LEADING_QUERIES));
    let more_categories = categories.split_off(categories.len().min(LEADING_CATEGORIES));
    let mut all = queries;
    all.append(&mut categories);
    all.append(&mut products);
    all.extend(more_queries.into_iter().chain(more_categories));
    all.truncate(limit);
    all
}

fn suggestion(completion: Completion, target: fn(String) -> Target) -> Suggestion {
    let Completion { text, id, matches } = completion;
    Suggestion { fragments: split(&text, &matches), target: Some(target(id)), text }
}

/// Splits a text into fragments at its matches.
fn split(text: &str, matches: &[(Range<usize>, MatchKind)]) -> Vec<Fragment> {
    let mut fragments = Vec::new();
    let mut add = |range: Range<usize>, kind: Option<MatchKind>| match text.get(range) {
        None | Some("") => {}
        Some(text) => fragments.push(fragment((text.to_owned(), kind))),
    };
    let mut from = 0;
    for (range, kind) in matches {
        add(from..range.start, None);
        add(range.clone(), Some(*kind));
        from = range.end;
    }
    add(from..text.len(), None);
    fragments
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::search::v1::Match;

    #[test]
    fn fragments_add_up_to_the_text() {
        let text = "Crème brûlée torch";
        let typed = [(0..6, MatchKind::Word), (16..18, MatchKind::Prefix)];
        let fragments = split(text, &typed);
        let whole: String = fragments.iter().map(|fragment| fragment.text.as_str()).collect();
        assert_eq!(whole, text);
        let kinds: Vec<_> = fragments.iter().map(Fragment::r#match).collect();
        assert_eq!(kinds, [Match::Word, Match::Unspecified, Match::Prefix, Match::Unspecified]);
        // An invalid range is skipped.
        assert!(split("é", &[(0..1, MatchKind::Word)]).is_empty());
    }

    #[test]
    fn each_kind_has_its_share_and_the_remaining_room() {
        let some = |kind: &str, count: usize| {
            let named =
                |number| Suggestion { text: format!("{kind}{number}"), ..Default::default() };
            (0..count).map(named).collect::<Vec<_>>()
        };
        let texts = |all: Vec<Suggestion>| {
            all.into_iter().map(|suggestion| suggestion.text).collect::<Vec<_>>().join(" ")
        };
        let all = merge(some("q", 9), some("c", 9), some("p", 9), 8);
        assert_eq!(texts(all), "q0 q1 q2 c0 c1 p0 p1 p2");
        let few = merge(some("q", 9), some("c", 3), some("p", 1), 8);
        assert_eq!(texts(few), "q0 q1 q2 c0 c1 p0 q3 q4");
    }
}
