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
    support::{Search, eventually, ids, product},
};

fn synonym(id: &str, input: &str, words: &[&str]) -> PutSynonymRequest {
    let (id, input) = (id.to_owned(), input.to_owned());
    let words = words.iter().map(|word| (*word).to_owned()).collect();
    PutSynonymRequest { synonym: Some(Synonym { id, input, words, ..Default::default() }) }
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

    let delete =
        |id: &str| DeleteSynonymRequest { synonym_id: id.to_owned(), ..Default::default() };
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
        stop_words: Some(StopWords {
            words: words.iter().map(|it| (*it).to_owned()).collect(),
            ..Default::default()
        }),
    };
    admin.set_stop_words(words(&["please", "some", "please"])).await.unwrap();
    let saved = admin.get_stop_words(GetStopWordsRequest {}).await.unwrap().into_inner();
    assert_eq!(saved.words, ["please", "some"]);
    assert_eq!(search.ids("some same please").await.len(), 2);
    let status = admin.set_stop_words(words(&["two words"])).await.unwrap_err();
    assert_eq!(violations(&status)[0].0, "stop_words.words[0]");

    assert_eq!(search.ids("same").await, ["a-sold-out", "b-in-stock"]);
    let order = |names: &[&str]| SetRankingRequest {
        ranking: Some(Ranking {
            tie_breakers: names.iter().map(|it| (*it).to_owned()).collect(),
            ..Default::default()
        }),
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

    let delete = DeleteControlRequest { control_id: "pin-c".to_owned(), ..Default::default() };
    search.admin().delete_control(delete.clone()).await.unwrap();
    assert_eq!(search.ids("lamp").await, ["a", "b", "c"]);
    let status = search.admin().delete_control(delete).await.unwrap_err();
    assert_eq!(reason(&status).unwrap(), "CONTROL_NOT_FOUND");
}

#[tokio::test]
async fn a_change_of_an_outdated_version_is_refused() {
    let (search, feed, _folder) = start([product("tv", "Television", "Living")]).await;
    let mut admin = search.admin();
    let first = admin.put_synonym(synonym("tv", "", &["telly", "television"])).await.unwrap();
    let first = first.into_inner();
    assert!(!first.etag.is_empty());
    let listed = admin.list_synonyms(ListSynonymsRequest {}).await.unwrap().into_inner().synonyms;
    assert_eq!(listed, std::slice::from_ref(&first));
    // A write through another replica.
    feed.settings.put("search/synonyms/tv", r#"{"words": ["box", "television"]}"#);
    let edited = PutSynonymRequest { synonym: Some(first.clone()) };
    let status = admin.put_synonym(edited).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_deref()), (Code::Aborted, Some("ETAG_MISMATCH")));
    let delete = DeleteSynonymRequest { synonym_id: "tv".to_owned(), etag: first.etag };
    let status = admin.delete_synonym(delete).await.unwrap_err();
    assert_eq!(reason(&status).as_deref(), Some("ETAG_MISMATCH"));
    search.finds("box", &["tv"]).await;
    // It is recorded after the settings are in force.
    let is_shown = async || search.status().await.settings_revision == 2;
    eventually("the revision is shown", is_shown).await;
}

#[tokio::test]
async fn a_replica_that_was_down_catches_up_and_starts_without_the_catalogue() {
    let (search, feed, mut folder) = start([product("tv", "Television", "Living")]).await;
    search.admin().put_synonym(synonym("tv", "", &["telly", "television"])).await.unwrap();
    search.stop().await;
    feed.settings.put("search/synonyms/tv", r#"{"words": ["box", "television"]}"#);
    let search = Search::start(folder.path(), folder.catalogue).await;
    search.finds("box", &["tv"]).await;
    assert_eq!(search.ids("telly").await, Vec::<String>::new());

    search.stop().await;
    folder.stop_catalogue().await;
    let search = Search::start_only(folder.path(), folder.catalogue).await;
    assert!(search.is_ready().await);
    assert_eq!(search.ids("box").await, ["tv"]);
    let status = search.admin().put_synonym(synonym("a", "", &["b", "c"])).await.unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_deref()),
        (Code::Unavailable, Some("SETTINGS_UNAVAILABLE"))
    );
}

#[tokio::test]
async fn settings_of_an_earlier_version_are_adopted_once() {
    let (search, feed, folder) = start([product("tv", "Television", "Living")]).await;
    search.stop().await;
    let own = r#"{"synonyms": {
        "tv": {"id": "tv", "words": ["telly", "television"]},
        "set": {"id": "set", "words": ["set", "television"]}
    }, "stopWords": {"words": ["please"]}, "ranking": null, "controls": {}}"#;
    std::fs::write(folder.path().join("settings.json"), own).unwrap();
    std::fs::remove_file(folder.path().join("shared-settings.json")).unwrap();
    feed.settings.put("search/synonyms/tv", r#"{"words": ["box", "television"]}"#);

    let search = Search::start(folder.path(), folder.catalogue).await;
    let adopted = async || search.status().await.settings_revision == 3;
    eventually("the settings are adopted", adopted).await;
    let names: Vec<_> = feed.settings.all().into_iter().map(|setting| setting.name).collect();
    assert_eq!(names, ["search/stop-words", "search/synonyms/set", "search/synonyms/tv"]);
    assert_eq!(search.ids("set").await, ["tv"]);
    assert_eq!(search.ids("box").await, ["tv"], "what was there first stays");

    let delete = DeleteSynonymRequest { synonym_id: "set".to_owned(), ..Default::default() };
    search.admin().delete_synonym(delete).await.unwrap();
    search.stop().await;
    let search = Search::start(folder.path(), folder.catalogue).await;
    eventually("caught up", async || search.status().await.settings_revision == 4).await;
    assert_eq!(search.ids("set").await, Vec::<String>::new(), "not again");
}
