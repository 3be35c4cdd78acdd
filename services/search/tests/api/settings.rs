//! Search settings and their effect.

use proto::search::v1::{
    Boost, Condition, Control, DeleteControlRequest, DeleteSynonymRequest, GetRankingRequest,
    GetStopWordsRequest, ListControlsRequest, ListSynonymsRequest, PreviewControlRequest,
    PutControlRequest, PutSynonymRequest, Ranking, SearchRequest, SetRankingRequest,
    SetStopWordsRequest, StopWords, Synonym,
};
use rpc::status::{reason, violations};
use tonic::Code;

use crate::{
    start,
    support::{Search, ids, product},
};

fn synonym(id: &str, input: &str, words: &[&str]) -> PutSynonymRequest {
    let (id, input) = (id.to_owned(), input.to_owned());
    let words = words.iter().map(|word| (*word).to_owned()).collect();
    PutSynonymRequest { synonym: Some(Synonym { id, input, words }) }
}

fn pinning(id: &str, query: &str, pins: &[&str]) -> Control {
    let condition = Condition { queries: vec![query.to_owned()], ..Condition::default() };
    let pins = pins.iter().map(|id| (*id).to_owned()).collect();
    Control { id: id.to_owned(), condition: Some(condition), pins, ..Control::default() }
}

async fn put(search: &Search, control: Control) {
    let request = PutControlRequest { control: Some(control) };
    search.admin().put_control(request).await.unwrap();
}

#[tokio::test]
async fn synonyms_are_stored_used_and_deleted() {
    let (search, _feed, folder) = start([
        product("tv", "Television", "Living"),
        product("widget", "Widget", "Office"),
        product("gizmo", "Gizmo", "Office"),
    ])
    .await;
    assert_eq!(search.ids("telly").await, Vec::<String>::new());
    let mut admin = search.admin();
    admin.put_synonym(synonym("tv", "", &["telly", "television"])).await.unwrap();
    admin.put_synonym(synonym("gizmo", "gizmo", &["widget"])).await.unwrap();
    assert_eq!(search.ids("telly").await, ["tv"]);
    let mut both = search.ids("gizmo").await;
    both.sort();
    assert_eq!(both, ["gizmo", "widget"]);
    assert_eq!(search.ids("widget").await, ["widget"], "one way");

    let status = admin.put_synonym(synonym("a/b", "", &["x"])).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    let fields: Vec<_> = violations(&status).into_iter().map(|it| it.0).collect();
    assert_eq!(fields, ["synonym.id", "synonym.words"]);
    let status = admin.put_synonym(PutSynonymRequest::default()).await.unwrap_err();
    assert_eq!(violations(&status)[0].0, "synonym");

    let addr = folder.catalogue;
    search.stop().await;
    let search = Search::start(folder.path(), addr).await;
    let mut admin = search.admin();
    let all = admin.list_synonyms(ListSynonymsRequest {}).await.unwrap().into_inner().synonyms;
    assert_eq!(all.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["gizmo", "tv"]);
    assert_eq!(search.ids("telly").await, ["tv"], "after a restart");

    let delete = |id: &str| DeleteSynonymRequest { synonym_id: id.to_owned() };
    admin.delete_synonym(delete("tv")).await.unwrap();
    assert_eq!(search.ids("telly").await, Vec::<String>::new());
    let status = admin.delete_synonym(delete("tv")).await.unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).unwrap().as_str()),
        (Code::NotFound, "SYNONYM_NOT_FOUND")
    );
}

#[tokio::test]
async fn stop_words_and_tie_breakers_are_set_whole() {
    let in_stock =
        proto::catalogue::v1::Product { stock_qty: 3, ..product("b-in-stock", "Same", "Office") };
    let (search, _feed, _folder) = start([product("a-sold-out", "Same", "Office"), in_stock]).await;
    let mut admin = search.admin();
    let words = |words: &[&str]| SetStopWordsRequest {
        stop_words: Some(StopWords { words: words.iter().map(|it| (*it).to_owned()).collect() }),
    };
    admin.set_stop_words(words(&["please", "some", "please"])).await.unwrap();
    let saved = admin.get_stop_words(GetStopWordsRequest {}).await.unwrap().into_inner();
    assert_eq!(saved.words, ["please", "some"]);
    assert_eq!(search.ids("some same please").await.len(), 2);
    let status = admin.set_stop_words(words(&["two words"])).await.unwrap_err();
    assert_eq!(violations(&status)[0].0, "stop_words.words[0]");

    assert_eq!(search.ids("same").await, ["a-sold-out", "b-in-stock"]);
    let order = |names: &[&str]| SetRankingRequest {
        ranking: Some(Ranking { tie_breakers: names.iter().map(|it| (*it).to_owned()).collect() }),
    };
    admin.set_ranking(order(&["in_stock"])).await.unwrap();
    assert_eq!(search.ids("same").await, ["b-in-stock", "a-sold-out"]);
    let status = admin.set_ranking(order(&["cheapest"])).await.unwrap_err();
    assert_eq!(violations(&status)[0].0, "ranking.tie_breakers[0]");
    let saved = admin.get_ranking(GetRankingRequest {}).await.unwrap().into_inner();
    assert_eq!(saved.tie_breakers, ["in_stock"]);
}

#[tokio::test]
async fn controls_pin_and_a_preview_changes_nothing() {
    let lamps = ["a", "b", "c"].map(|id| product(id, "Lamp", "Office"));
    let (search, _feed, _folder) = start(lamps).await;
    assert_eq!(search.ids("lamp").await, ["a", "b", "c"]);
    let request = SearchRequest { query: "lamp".to_owned(), ..Default::default() };

    // A preview ignores the start time and the disabled flag.
    let later = Control {
        start_time: Some(pbjson_types::Timestamp { seconds: 4_000_000_000, nanos: 0 }),
        disabled: true,
        ..pinning("pin-c", "Lamps", &["c"])
    };
    let preview =
        PreviewControlRequest { control: Some(later.clone()), search: Some(request.clone()) };
    let shown = search.admin().preview_control(preview).await.unwrap().into_inner();
    assert_eq!(ids(&shown.before.unwrap()), ["a", "b", "c"]);
    let after = shown.after.unwrap();
    assert_eq!(ids(&after), ["c", "a", "b"]);
    assert!(after.results[0].controlled);
    let all = search.admin().list_controls(ListControlsRequest {}).await.unwrap().into_inner();
    assert!(all.controls.is_empty());

    put(&search, later.clone()).await;
    assert_eq!(search.ids("lamp").await, ["a", "b", "c"], "not yet");
    put(&search, Control { start_time: None, disabled: false, ..later }).await;
    assert_eq!(search.ids("lamp").await, ["c", "a", "b"]);
    assert_eq!(search.ids("lamp office").await[0], "a", "another query");

    let bad = Control {
        boosts: vec![Boost { filter: "colour ~ red".to_owned(), factor: 200.0 }],
        ..pinning("bad", "lamp", &[])
    };
    let status = search.admin().put_control(PutControlRequest { control: Some(bad) }).await;
    let fields: Vec<_> =
        violations(&status.unwrap_err()).into_iter().map(|violation| violation.0).collect();
    assert_eq!(fields, ["control.boosts[0].filter", "control.boosts[0].factor"]);

    let delete = DeleteControlRequest { control_id: "pin-c".to_owned() };
    search.admin().delete_control(delete.clone()).await.unwrap();
    assert_eq!(search.ids("lamp").await, ["a", "b", "c"]);
    let status = search.admin().delete_control(delete).await.unwrap_err();
    assert_eq!(reason(&status).unwrap(), "CONTROL_NOT_FOUND");
}
