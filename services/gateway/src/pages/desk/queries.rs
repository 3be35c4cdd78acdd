//! Searches without results, and the synonyms that help.

use askama::Template;
use axum::response::Response;
use futures::future::join_all;
use proto::search::v1::{
    ListQueryStatsRequest, ListSynonymsRequest, PutSynonymRequest, QueryStat, SuggestRequest,
    Synonym,
};
use uuid::Uuid;

use super::{
    super::text,
    Frame, html, see_other,
    session::{Desk, Submitted},
};
use crate::{problem::Problem, upstreams::Upstreams};

const SHOWN: i32 = 30;
/// The queries for which a synonym is suggested.
const SUGGESTED: usize = 10;
/// The letters of a word that its suggestion begins with.
const STEM: usize = 4;

#[derive(Template)]
#[template(path = "desk/queries.html")]
struct Page {
    frame: Frame,
    queries: Vec<Row>,
    synonyms: Vec<String>,
}

struct Row {
    query: String,
    count: i64,
    /// A similar text with results; may be empty.
    suggestion: String,
}

/// `GET /admin/search`.
pub(super) async fn page(desk: Desk) -> Result<Response, Problem> {
    let upstreams = &desk.upstreams;
    let stats = ListQueryStatsRequest { without_results: true, page_size: SHOWN };
    let stats = upstreams.search_admin().list_query_stats(stats).await?.into_inner();
    let synonyms = upstreams.search_admin().list_synonyms(ListSynonymsRequest::default()).await?;
    let rows = stats.queries.into_iter().enumerate();
    let queries = join_all(rows.map(|(index, stat)| row(upstreams, stat, index < SUGGESTED))).await;
    let synonyms = synonyms.into_inner().synonyms.iter().map(words).collect();
    let frame = Frame::new("Search", desk.token.clone());
    html(&Page { frame, queries, synonyms })
}

/// `POST /admin/search/synonyms`: a search for `query` finds `words` as well.
pub(super) async fn put_synonym(form: Submitted) -> Result<Response, Problem> {
    let words = form.field("words").split(',').map(str::trim).filter(|word| !word.is_empty());
    let synonym = Synonym {
        id: Uuid::new_v4().to_string(),
        input: form.field("query").to_owned(),
        words: words.map(str::to_owned).collect(),
        ..Synonym::default()
    };
    let request = PutSynonymRequest { synonym: Some(synonym) };
    form.desk.upstreams.search_admin().put_synonym(request).await?;
    Ok(see_other("/admin/search"))
}

async fn row(upstreams: &Upstreams, stat: QueryStat, with_suggestion: bool) -> Row {
    let query = text::plain(&stat.query);
    let stem: String = query.chars().take(STEM).collect();
    let suggestion = if with_suggestion && !stem.is_empty() {
        let request = SuggestRequest { query: stem, limit: 1, ..Default::default() };
        let response = upstreams.search().suggest(request).await;
        let suggestions = response.map(|it| it.into_inner().suggestions).unwrap_or_default();
        suggestions.into_iter().next().map(|it| text::plain(&it.text)).unwrap_or_default()
    } else {
        String::new()
    };
    Row { query, count: stat.count, suggestion }
}

fn words(synonym: &Synonym) -> String {
    let words = text::plain(&synonym.words.join(", "));
    match synonym.input.as_str() {
        "" => words,
        input => format!("{} → {words}", text::plain(input)),
    }
}
