//! Index revisions in responses, and `min_revision`.

use std::time::Duration;

use proto::{position::Position, search::v1::SearchRequest};
use rpc::status::{reason, violations};
use tonic::{Code, Request, Status};

use crate::{
    start,
    support::{Search, eventually, ids, product},
};

async fn search(search: &Search, min_revision: &str, timeout: Duration) -> Result<usize, Status> {
    let min_revision = min_revision.to_owned();
    let mut request = Request::new(SearchRequest {
        query: "lamp".to_owned(),
        min_revision,
        ..Default::default()
    });
    request.set_timeout(timeout);
    Ok(search.client().search(request).await?.into_inner().results.len())
}

const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(300);

#[tokio::test]
async fn a_search_after_a_write_includes_it() {
    let (here, feed, _folder) = start([product("mug", "Mug", "Kitchen")]).await;
    for number in 1..=5 {
        let token = feed.put(product(&format!("lamp-{number}"), "Lamp", "Office"));
        assert_eq!(search(&here, &token, LONG).await.unwrap(), number);
    }
}

#[tokio::test]
async fn waiting_for_a_revision_ends_at_the_deadline() {
    let (here, feed, _folder) = start([product("mug", "Mug", "Kitchen")]).await;
    let token = feed.put(product("lamp", "Lamp", "Office"));
    assert_eq!(search(&here, &token, LONG).await.unwrap(), 1);
    let (position, _) = Position::decode(&token).unwrap();

    let later = Position { sequence: position.sequence + 3, ..position }.encode(b"");
    let status = search(&here, &later, SHORT).await.unwrap_err();
    assert_eq!(status.code(), Code::Aborted, "{status:?}");
    assert_eq!(reason(&status).unwrap(), "REVISION_NOT_REACHED");
    assert!(status.message().contains("changes behind: 3"), "{}", status.message());

    here.caught_up().await;
    let other = Position { epoch: [9; 16], ..position }.encode(b"");
    let status = search(&here, &other, LONG).await.unwrap_err();
    assert_eq!(status.code(), Code::FailedPrecondition);
    assert_eq!(reason(&status).unwrap(), "REVISION_UNKNOWN");

    let status = search(&here, "yesterday", LONG).await.unwrap_err();
    assert_eq!(violations(&status)[0].0, "min_revision");
}

#[tokio::test]
async fn a_response_tells_its_revision_and_lag() {
    let (here, feed, mut folder) = start([product("mug", "Mug", "Kitchen")]).await;
    let token = feed.put(product("lamp", "Lamp", "Office"));
    let (position, _) = Position::decode(&token).unwrap();
    let request = SearchRequest { min_revision: token.clone(), ..Default::default() };
    let answer = here.search(request).await.unwrap();
    assert_eq!(ids(&answer), ["lamp", "mug"]);
    let (indexed, rest) = Position::decode(&answer.indexed_revision).unwrap();
    assert!(indexed >= position && rest.is_empty());
    assert_eq!(answer.indexed_revision, token, "there is nothing behind it");

    here.caught_up().await;
    let answer = here.search(SearchRequest::default()).await.unwrap();
    let lag = Duration::try_from(answer.lag.unwrap()).unwrap();
    assert!(lag < Duration::from_secs(60), "{lag:?}");

    folder.stop_catalogue().await;
    let grows = async || {
        let answer = here.search(SearchRequest::default()).await.unwrap();
        Duration::try_from(answer.lag.unwrap()).unwrap() > lag + Duration::from_millis(20)
    };
    eventually("the lag grows without the catalogue", grows).await;
}

#[tokio::test]
async fn the_status_reports_all_counts() {
    let (here, feed, _folder) = start([product("mug", "Mug", "Kitchen")]).await;
    assert_eq!(here.status().await.applied_changes, 0, "a snapshot is no change");
    let token = feed.put(product("lamp", "Lamp", "Office"));
    assert_eq!(search(&here, &token, LONG).await.unwrap(), 1);
    here.caught_up().await;
    let status = here.status().await;
    assert_eq!((status.product_count, status.applied_changes), (2, 1));
    assert_eq!((status.repeated_changes, status.rebuilt_count), (0, 0));
    assert_eq!(status.indexed_revision, token);
    assert!(status.caught_up && !status.rebuilding);
    assert!(status.size_bytes > 1_000 && status.schema_version > 0);
    assert!(status.caught_up_time.is_some());
}
