//! Rebuilding the index while it serves requests.

use proto::search::v1::{RebuildIndexRequest, SearchRequest};
use rpc::status::reason;
use std::{collections::BTreeSet, path::Path};
use tonic::{Code, Status};

use crate::{
    start, start_with,
    support::{Feed, Search, eventually, product},
};

async fn rebuild(search: &Search) -> Result<(), Status> {
    search.admin().rebuild_index(RebuildIndexRequest {}).await.map(drop)
}

/// Returns the names of the index directories.
fn indexes(data_dir: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(data_dir).unwrap();
    let names = entries.map(|entry| entry.unwrap());
    let folders = names.filter(|entry| entry.path().is_dir());
    folders.map(|entry| entry.file_name().into_string().unwrap()).collect()
}

async fn rebuilt(search: &Search, data_dir: &Path, before: &BTreeSet<String>) {
    eventually("the index is another one", async || {
        let now = indexes(data_dir);
        !search.status().await.rebuilding && now.len() == 1 && now != *before
    })
    .await;
}

#[tokio::test]
async fn a_rebuilt_index_replaces_the_live_one() {
    let many = (0..300).map(|number| product(&format!("p{number:03}"), "Same", "Kitchen"));
    let (search, feed, folder) = start(many).await;
    let before = indexes(folder.path());
    assert_eq!(before.len(), 1);

    feed.hold_snapshots(true);
    rebuild(&search).await.unwrap();
    let refused = rebuild(&search).await.unwrap_err();
    assert_eq!(refused.code(), Code::Aborted);
    assert_eq!(reason(&refused).unwrap(), "REBUILD_RUNNING");
    eventually("another one is begun", async || indexes(folder.path()).len() == 2).await;

    // Meanwhile the live index serves requests and receives changes.
    let token = feed.put(product("new", "Brand new", "Kitchen"));
    let request = SearchRequest { min_revision: token.clone(), ..Default::default() };
    assert_eq!(search.search(request).await.unwrap().total_size, 301);
    assert!(search.status().await.rebuilding);

    feed.hold_snapshots(false);
    let mut seen = BTreeSet::new();
    while search.status().await.rebuilding {
        let answer = search.search(SearchRequest::default()).await.unwrap();
        seen.insert((answer.total_size, answer.indexed_revision));
    }
    rebuilt(&search, folder.path(), &before).await;
    let answer = search.search(SearchRequest::default()).await.unwrap();
    seen.insert((answer.total_size, answer.indexed_revision));
    assert_eq!(seen, BTreeSet::from([(301, token)]), "never a part, never older");

    // The replacement is followed and can be rebuilt in turn.
    feed.delete("new");
    search.finds("brand", &[]).await;
    let before = indexes(folder.path());
    rebuild(&search).await.unwrap();
    rebuilt(&search, folder.path(), &before).await;
    assert_eq!(search.search(SearchRequest::default()).await.unwrap().total_size, 300);
}

#[tokio::test]
async fn an_interrupted_rebuild_leaves_nothing_behind() {
    let many = (0..50).map(|number| product(&format!("p{number:02}"), "Same", "Kitchen"));
    let (search, feed, folder) = start(many).await;
    let before = indexes(folder.path());
    feed.hold_snapshots(true);
    rebuild(&search).await.unwrap();
    eventually("another one is begun", async || indexes(folder.path()).len() == 2).await;
    search.stop().await;
    assert_eq!(indexes(folder.path()).len(), 2, "as after a crash");

    let search = Search::start_only(folder.path(), folder.catalogue).await;
    assert_eq!(search.search(SearchRequest::default()).await.unwrap().total_size, 50);
    assert_eq!(indexes(folder.path()), before);
    search.caught_up().await;
    assert_eq!(feed.cursors().last().unwrap(), "0/0", "the first one goes on where it was");
}

#[tokio::test]
async fn a_rebuild_resumes_after_its_feed_is_cut() {
    let many = (0..40).map(|number| product(&format!("p{number:02}"), "Same", "Kitchen"));
    let (search, feed, folder) = start_with(Feed::new(many)).await;
    let before = indexes(folder.path());
    feed.fail_after(15);
    rebuild(&search).await.unwrap();
    rebuilt(&search, folder.path(), &before).await;
    assert_eq!(search.search(SearchRequest::default()).await.unwrap().total_size, 40);
    search.caught_up().await;
}

#[tokio::test]
async fn other_versions_are_removed_once_the_index_is_complete() {
    let (search, feed, folder) = start([product("mug", "Mug", "Kitchen")]).await;
    let data_dir = folder.path().to_owned();
    search.stop().await;
    let other = data_dir.join("index-v0");
    std::fs::create_dir(&other).unwrap();
    // This version's index is deleted too, so that it must be filled again.
    for name in indexes(&data_dir).iter().filter(|name| *name != "index-v0") {
        std::fs::remove_dir_all(data_dir.join(name)).unwrap();
    }
    feed.hold_snapshots(true);
    feed.put(product("lamp", "Lamp", "Office"));
    let search = Search::start_only(&data_dir, folder.catalogue).await;
    eventually("it is being filled", async || feed.items_sent() > 1).await;
    let refused = search.search(SearchRequest::default()).await.unwrap_err();
    assert_eq!(reason(&refused).unwrap(), "INDEX_FILLING", "a part is no answer");
    assert!(other.exists() && !search.is_ready().await);
    let refused = rebuild(&search).await.unwrap_err();
    assert_eq!(reason(&refused).unwrap(), "REBUILD_RUNNING");

    feed.hold_snapshots(false);
    search.caught_up().await;
    assert!(!other.exists());
    assert_eq!(search.search(SearchRequest::default()).await.unwrap().total_size, 2);
}
