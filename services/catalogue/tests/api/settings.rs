//! Settings of services: changes, conditions, history, watches.

use proto::catalogue::v1::{
    AdoptSettingsRequest, DeleteSettingRequest, ListSettingChangesRequest, PutSettingRequest,
    Setting, WatchSettingsRequest, WatchSettingsResponse,
    setting_service_client::SettingServiceClient,
};
use tonic::{Code, Status, Streaming, transport::Channel};

use crate::support::{Catalogue, assert_invalid, assert_refused, soon};

fn client(catalogue: &Catalogue) -> SettingServiceClient<Channel> {
    SettingServiceClient::new(catalogue.channel.clone())
}

async fn put(
    catalogue: &Catalogue,
    name: &str,
    value: &str,
    etag: &str,
) -> Result<Setting, Status> {
    let (name, value, etag) = (name.to_owned(), value.to_owned(), etag.to_owned());
    let request = PutSettingRequest { name, value, etag };
    client(catalogue).put_setting(request).await.map(tonic::Response::into_inner)
}

async fn delete(catalogue: &Catalogue, name: &str, etag: &str) -> Result<Setting, Status> {
    let request = DeleteSettingRequest { name: name.to_owned(), etag: etag.to_owned() };
    client(catalogue).delete_setting(request).await.map(tonic::Response::into_inner)
}

async fn adopt(catalogue: &Catalogue, settings: &[(&str, &str)]) -> i32 {
    let setting = |(name, value): &(&str, &str)| PutSettingRequest {
        name: (*name).to_owned(),
        value: (*value).to_owned(),
        etag: String::new(),
    };
    let request = AdoptSettingsRequest { settings: settings.iter().map(setting).collect() };
    client(catalogue).adopt_settings(request).await.unwrap().into_inner().adopted
}

async fn watch(catalogue: &Catalogue) -> Streaming<WatchSettingsResponse> {
    client(catalogue).watch_settings(WatchSettingsRequest {}).await.unwrap().into_inner()
}

/// The names, values and revision of a watch's next message, which completes a state.
async fn next(
    watch: &mut Streaming<WatchSettingsResponse>,
) -> (bool, Vec<(String, Option<String>)>, i64) {
    let message = soon(watch.message()).await.unwrap().unwrap();
    assert!(message.complete);
    let value = |setting: Setting| (setting.name, (!setting.deleted).then_some(setting.value));
    (message.reset, message.settings.into_iter().map(value).collect(), message.revision)
}

fn pairs(settings: &[(&str, Option<&str>)]) -> Vec<(String, Option<String>)> {
    let pair =
        |(name, value): &(&str, Option<&str>)| ((*name).to_owned(), value.map(str::to_owned));
    settings.iter().map(pair).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_watched_from_all_to_each_change() {
    let catalogue = Catalogue::start().await;
    let mut empty = watch(&catalogue).await;
    assert_eq!(next(&mut empty).await, (true, vec![], 0));
    put(&catalogue, "search/a", "1", "").await.unwrap();
    assert_eq!(next(&mut empty).await, (false, pairs(&[("search/a", Some("1"))]), 1));
    put(&catalogue, "search/b", "2", "").await.unwrap();
    let mut later = watch(&catalogue).await;
    let both = pairs(&[("search/a", Some("1")), ("search/b", Some("2"))]);
    assert_eq!(next(&mut later).await, (true, both, 2));
    delete(&catalogue, "search/a", "").await.unwrap();
    assert_eq!(next(&mut later).await, (false, pairs(&[("search/a", None)]), 3));

    let catalogue = Catalogue::start_in(catalogue.stop().await).await;
    let mut again = watch(&catalogue).await;
    assert_eq!(next(&mut again).await, (true, pairs(&[("search/b", Some("2"))]), 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_an_outdated_version_is_refused() {
    let catalogue = Catalogue::start().await;
    let first = put(&catalogue, "search/a", "1", "").await.unwrap();
    let second = put(&catalogue, "search/a", "2", &first.etag).await.unwrap();
    assert_ne!(first.etag, second.etag);
    let again = put(&catalogue, "search/a", "2", "").await.unwrap();
    assert_eq!((again.revision, again.etag.as_str()), (2, second.etag.as_str()), "unchanged");
    let outdated = put(&catalogue, "search/a", "3", &first.etag).await;
    assert_refused(outdated, Code::Aborted, "ETAG_MISMATCH");
    assert_refused(
        delete(&catalogue, "search/a", &first.etag).await,
        Code::Aborted,
        "ETAG_MISMATCH",
    );
    assert!(delete(&catalogue, "search/a", &second.etag).await.unwrap().deleted);
    assert_refused(delete(&catalogue, "search/a", "").await, Code::NotFound, "SETTING_NOT_FOUND");
    assert_refused(
        put(&catalogue, "search/a", "3", &second.etag).await,
        Code::Aborted,
        "ETAG_MISMATCH",
    );
    assert_invalid(put(&catalogue, "a b", "1", "").await, &["name"]);
    assert_invalid(put(&catalogue, "a", &"x".repeat((1 << 20) + 1), "").await, &["value"]);
}

/// Of writers who have all read the same version, one succeeds.
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_edits_are_never_lost() {
    let catalogue = Catalogue::start().await;
    let mut etag = put(&catalogue, "search/a", "0", "").await.unwrap().etag;
    for round in 1..=5 {
        let values: Vec<_> = (0..8).map(|writer| format!("{round}-{writer}")).collect();
        let edits = values.iter().map(|value| put(&catalogue, "search/a", value, &etag));
        let edited: Vec<_> = soon(futures::future::join_all(edits)).await;
        let mut succeeded = edited.into_iter().filter_map(Result::ok);
        let won = succeeded.next().expect("one of them");
        assert_eq!((won.revision, succeeded.next()), (round + 1, None));
        etag = won.etag;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_says_who_changed_what() {
    let catalogue = Catalogue::start().await;
    for value in ["1", "2", "3"] {
        let (name, value) = ("search/a".to_owned(), value.to_owned());
        let mut request =
            tonic::Request::new(PutSettingRequest { name, value, etag: String::new() });
        request.metadata_mut().insert("x-actor", "ann".parse().unwrap());
        client(&catalogue).put_setting(request).await.unwrap();
    }
    put(&catalogue, "search/b", "4", "").await.unwrap();
    delete(&catalogue, "search/a", "").await.unwrap();
    let list = async |name: &str, page_size, page_token: &str| {
        let (name, page_token) = (name.to_owned(), page_token.to_owned());
        let request = ListSettingChangesRequest { name, page_size, page_token };
        client(&catalogue).list_setting_changes(request).await.map(tonic::Response::into_inner)
    };
    let all = list("", 0, "").await.unwrap();
    assert_eq!(all.changes.len(), 5);
    let page = list("search/a", 2, "").await.unwrap();
    let said: Vec<_> =
        page.changes.iter().map(|it| (it.value.as_str(), it.deleted, it.actor.as_str())).collect();
    assert_eq!(said, [("", true, ""), ("3", false, "ann")]);
    let rest = list("search/a", 2, &page.next_page_token).await.unwrap();
    assert_eq!(rest.changes.iter().map(|it| it.value.as_str()).collect::<Vec<_>>(), ["2", "1"]);
    assert_eq!(rest.next_page_token, "");
    assert!(list("search/b", 2, &page.next_page_token).await.is_err(), "of another setting");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_settings_that_were_never_used_are_adopted() {
    let catalogue = Catalogue::start().await;
    put(&catalogue, "search/a", "kept", "").await.unwrap();
    put(&catalogue, "search/b", "gone", "").await.unwrap();
    delete(&catalogue, "search/b", "").await.unwrap();
    let own =
        [("search/a", "own"), ("search/b", "own"), ("search/c", "own"), ("search/c", "twice")];
    assert_eq!(adopt(&catalogue, &own).await, 1);
    assert_eq!(adopt(&catalogue, &own).await, 0);
    let mut watch = watch(&catalogue).await;
    let all = pairs(&[("search/a", Some("kept")), ("search/c", Some("own"))]);
    assert_eq!(next(&mut watch).await, (true, all, 4));
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_settings_arrive_in_messages_of_bounded_size() {
    let catalogue = Catalogue::start().await;
    let value = "x".repeat(2_000);
    let names: Vec<_> = (0..1_500).map(|number| format!("search/synonyms/{number:04}")).collect();
    for names in names.chunks(500) {
        let settings: Vec<_> = names.iter().map(|name| (name.as_str(), value.as_str())).collect();
        assert_eq!(adopt(&catalogue, &settings).await, 500);
    }
    let mut watch = watch(&catalogue).await;
    let (mut received, mut messages) = (Vec::new(), 0);
    loop {
        let message = soon(watch.message()).await.unwrap().unwrap();
        messages += 1;
        received.extend(message.settings.into_iter().map(|setting| setting.name));
        if message.complete {
            break;
        }
    }
    assert_eq!((received, messages), (names, 3));
}
