//! Suggestions.

use proto::search::v1::{Match, SuggestRequest, Suggestion, suggestion::Target};
use rpc::status::violations;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::{
    start,
    support::{Search, eventually, product},
};

fn typed(query: &str) -> SuggestRequest {
    SuggestRequest { query: query.to_owned(), ..Default::default() }
}

async fn suggestions(search: &Search, query: &str) -> Vec<Suggestion> {
    search.client().suggest(typed(query)).await.unwrap().into_inner().suggestions
}

async fn texts(search: &Search, query: &str) -> Vec<String> {
    suggestions(search, query).await.into_iter().map(|suggestion| suggestion.text).collect()
}

async fn kitchen() -> (Search, crate::support::Feed, crate::Folder) {
    start([
        product("kettle-red", "Kettle, red", "Kettles"),
        product("kettle-blue", "Blue kettle", "Kettles"),
        product("lamp", "Desk lamp", "Office"),
    ])
    .await
}

#[tokio::test]
async fn names_and_categories_are_completed() {
    let (search, ..) = kitchen().await;
    assert_eq!(texts(&search, "ket").await, ["Kettles", "Kettle, red", "Blue kettle"]);
    assert_eq!(texts(&search, "KETTLE r").await, ["Kettle, red"]);
    assert_eq!(texts(&search, "blue ket").await, ["Blue kettle"]);
    assert_eq!(texts(&search, "desk lamp").await, ["Desk lamp"]);
    assert_eq!(texts(&search, "lamp ").await, ["Desk lamp"]);
    assert_eq!(texts(&search, "lam ").await, Vec::<String>::new(), "finished, and no word");
    assert_eq!(texts(&search, "unicorn").await, Vec::<String>::new());

    let first = suggestions(&search, "ketl").await;
    assert_eq!(first[0].text, "Kettles", "mistyped");
    let found = suggestions(&search, "ket").await;
    assert_eq!(found[0].target, Some(Target::CategoryId("kettles".to_owned())));
    assert_eq!(found[1].target, Some(Target::ProductId("kettle-red".to_owned())));
    let parts: Vec<_> =
        found[1].fragments.iter().map(|it| (it.text.as_str(), it.r#match())).collect();
    assert_eq!(parts, [("Ket", Match::Prefix), ("tle, red", Match::Unspecified)]);
}

#[tokio::test]
async fn only_frequent_queries_are_suggested() {
    let (search, ..) = kitchen().await;
    search.ids("red kettle").await;
    assert_eq!(
        texts(&search, "red k").await,
        ["Kettle, red"],
        "a rare query might identify a person"
    );
    for _ in 0..4 {
        search.ids("red kettle").await;
        search.ids("red unicorn").await;
    }
    let found = suggestions(&search, "red ").await;
    assert_eq!(found[0].target, Some(Target::Query("red kettle".to_owned())));
    assert!(found.iter().all(|it| it.text != "red unicorn"), "it has no results");
}

#[tokio::test]
async fn bad_requests_name_the_field() {
    let (search, ..) = kitchen().await;
    for (request, field) in
        [(SuggestRequest { limit: -1, ..typed("k") }, "limit"), (typed(&"k".repeat(513)), "query")]
    {
        let status = search.client().suggest(request).await.unwrap_err();
        assert_eq!(violations(&status)[0].0, field);
    }
    for query in ["", " ", "\"", "((((", "\0", "\u{202e}", &"a ".repeat(256), "日本"] {
        texts(&search, query).await;
    }
    let one = SuggestRequest { limit: 1, ..typed("ket") };
    assert_eq!(search.client().suggest(one).await.unwrap().into_inner().suggestions.len(), 1);
}

#[tokio::test]
async fn the_latest_keystroke_is_answered() {
    let (search, ..) = kitchen().await;
    let (keys, requests) = mpsc::channel(64);
    let mut answers =
        search.client().suggest_stream(ReceiverStream::new(requests)).await.unwrap().into_inner();
    let mut sequence = 0;
    let mut last = Vec::new();
    for end in 1..=6 {
        sequence += 1;
        keys.send(SuggestRequest { sequence, ..typed(&"kettle"[..end]) }).await.unwrap();
    }
    let mut answered = 0;
    while answered < sequence {
        let answer = answers.message().await.unwrap().unwrap();
        assert!(answer.sequence > answered, "never an older one");
        answered = answer.sequence;
        last = answer.suggestions;
    }
    assert_eq!(last[0].text, "Kettles");

    // The stream continues, and ends when the client closes it.
    keys.send(SuggestRequest { sequence: 7, ..typed("desk") }).await.unwrap();
    let answer = answers.message().await.unwrap().unwrap();
    assert_eq!((answer.sequence, answer.suggestions[0].text.as_str()), (7, "Desk lamp"));
    drop(keys);
    assert!(answers.message().await.unwrap().is_none());
}

#[tokio::test]
async fn new_names_are_completed_and_deleted_ones_are_not() {
    let (search, feed, _folder) = kitchen().await;
    feed.put(product("torch", "Torch", "Garden"));
    eventually("it is completed", async || texts(&search, "torc").await == ["Torch"]).await;
    assert_eq!(texts(&search, "garde").await, ["Garden"]);
    feed.delete("torch");
    eventually("it is gone", async || texts(&search, "torc").await.is_empty()).await;
}
