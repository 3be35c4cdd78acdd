//! Damage to the files of the data directory, before the start and while requests are served.

use std::{
    fs::{self, File},
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
};

use proto::{
    catalogue::v1::Product,
    search::v1::{ListSynonymsRequest, PutSynonymRequest, SearchRequest, Synonym},
};
use rpc::status::reason;
use tempfile::tempdir;
use tonic::Code;

use crate::{
    Folder, start,
    support::{Feed, Search, config, eventually, ids, product},
};

/// The end of the names of an index's files, one for each kind.
const INDEX_FILES: [&str; 9] = [
    "meta.json",
    ".managed.json",
    ".term",
    ".idx",
    ".pos",
    ".store",
    ".fast",
    ".fieldnorm",
    ".del",
];

const PRODUCTS: usize = 40;

#[derive(Clone, Copy, Debug)]
enum Damage {
    /// Changes a byte in place: in the middle, or near the start of a small file, since its second
    /// half is a footer.
    Flip,
    /// Cuts off the second half, in place.
    Truncate,
    Delete,
}

const DAMAGES: [Damage; 3] = [Damage::Flip, Damage::Truncate, Damage::Delete];

impl Damage {
    fn apply(self, file: &Path) {
        let open = || File::options().read(true).write(true).open(file).unwrap();
        let len = fs::metadata(file).unwrap().len();
        match self {
            Self::Flip => {
                let at = if len < 250 { 8 } else { len / 2 };
                let (file, mut byte) = (open(), [0]);
                file.read_exact_at(&mut byte, at).unwrap();
                file.write_all_at(&[byte[0] ^ 1], at).unwrap();
            }
            Self::Truncate => open().set_len(len / 2).unwrap(),
            Self::Delete => fs::remove_file(file).unwrap(),
        }
    }
}

fn products() -> impl Iterator<Item = Product> {
    (0..PRODUCTS).map(|number| {
        let name = format!("{} lamp", if number % 2 == 0 { "Red" } else { "Blue" });
        product(&format!("p{number:02}"), &name, "Office")
    })
}

/// Starts a service with files of every kind in its index.
async fn start_whole() -> (Search, Feed, Folder) {
    let (search, feed, folder) = start(products()).await;
    touch(&search, &feed).await;
    (search, feed, folder)
}

/// Changes a product, so that the index has a deleted document.
async fn touch(search: &Search, feed: &Feed) {
    let token = feed.put(product("p00", "Red lamp", "Office"));
    let request = SearchRequest { min_revision: token, ..Default::default() };
    search.search(request).await.unwrap();
}

/// Returns the file that names the live index, of any version.
fn pointer_file(data_dir: &Path) -> PathBuf {
    let mut entries = fs::read_dir(data_dir).unwrap().map(|entry| entry.unwrap().path());
    entries.find(|path| path.extension().is_some_and(|it| it == "live")).unwrap()
}

fn live_index(data_dir: &Path) -> PathBuf {
    data_dir.join(fs::read_to_string(pointer_file(data_dir)).unwrap().trim())
}

/// Returns the largest file of a kind.
fn file_of(index: &Path, kind: &str) -> PathBuf {
    let files = fs::read_dir(index).unwrap().map(|entry| entry.unwrap().path());
    let of_kind = files.filter(|file| file.to_str().unwrap().ends_with(kind));
    of_kind.max_by_key(|file| fs::metadata(file).unwrap().len()).unwrap_or_else(|| {
        panic!("no {kind} in {}", index.display());
    })
}

fn damaged_indexes(data_dir: &Path) -> usize {
    let entries = fs::read_dir(data_dir).unwrap().map(|entry| entry.unwrap().file_name());
    entries.filter(|name| name.to_str().unwrap().starts_with("damaged-")).count()
}

/// Compares answers with the truth. Returns whether all were given; a refusal must be one that
/// clients retry elsewhere.
async fn answers_are_right(search: &Search) -> bool {
    let mut all = true;
    for (query, color) in [("red", Some(0)), ("blue", Some(1)), ("", None)] {
        let query = query.to_owned();
        let request = SearchRequest { query, page_size: 100, ..Default::default() };
        match search.search(request).await {
            Ok(response) => {
                let mut found = ids(&response);
                found.sort();
                let of_color = |number: &usize| color.is_none_or(|color| number % 2 == color);
                let expected: Vec<_> =
                    (0..PRODUCTS).filter(of_color).map(|number| format!("p{number:02}")).collect();
                assert_eq!(found, expected);
                let named = |it: &Product| it.name == "Red lamp" || it.name == "Blue lamp";
                assert!(response.results.iter().all(|hit| hit.product.as_ref().is_some_and(named)));
            }
            Err(status) => {
                assert_eq!(status.code(), Code::Unavailable, "{status}");
                assert_eq!(reason(&status).as_deref(), Some("INDEX_DAMAGED"));
                all = false;
            }
        }
    }
    all
}

async fn is_whole(search: &Search) -> bool {
    let is_ready = search.is_ready().await;
    let is_right = answers_are_right(search).await;
    is_ready && is_right && search.status().await.caught_up
}

#[tokio::test]
async fn an_index_damaged_before_the_start_is_filled_again() {
    let (search, _feed, folder) = start_whole().await;
    let before = live_index(folder.path());
    search.stop().await;
    for kind in INDEX_FILES {
        for damage in DAMAGES {
            let data_dir = tempdir().unwrap();
            copy(folder.path(), data_dir.path());
            let index = data_dir.path().join(before.file_name().unwrap());
            damage.apply(&file_of(&index, kind));
            let search = Search::start_only(data_dir.path(), folder.catalogue).await;
            let what = format!("whole after {damage:?} of {kind}");
            eventually(&what, async || is_whole(&search).await).await;
            assert_eq!(damaged_indexes(data_dir.path()), 1, "{what}");
            search.stop().await;
        }
    }
}

async fn damaged_while_running(damage: Damage) {
    let (search, feed, folder) = start_whole().await;
    for kind in INDEX_FILES {
        touch(&search, &feed).await;
        let before = live_index(folder.path());
        damage.apply(&file_of(&before, kind));
        let what = format!("whole after {damage:?} of {kind}");
        eventually(&what, async || is_whole(&search).await && live_index(folder.path()) != before)
            .await;
        eventually("the damaged one is set aside", async || !before.exists()).await;
        assert_eq!(damaged_indexes(folder.path()), 1, "{what}");
    }
}

#[tokio::test]
async fn a_byte_flipped_while_running_is_healed() {
    damaged_while_running(Damage::Flip).await;
}

#[tokio::test]
async fn a_file_truncated_while_running_is_healed() {
    damaged_while_running(Damage::Truncate).await;
}

#[tokio::test]
async fn a_file_deleted_while_running_is_healed() {
    damaged_while_running(Damage::Delete).await;
}

#[tokio::test]
async fn a_damaged_index_is_not_ready_and_answers_from_memory() {
    let (search, feed, folder) = start_whole().await;
    feed.hold_snapshots(true);
    fs::remove_dir_all(live_index(folder.path())).unwrap();
    eventually("not ready", async || !search.is_ready().await).await;
    assert!(search.readiness().await.contains("INDEX_DAMAGED"));
    let instance = search.instance().await;
    let unmet: Vec<_> = instance.conditions.iter().filter(|it| !it.ok).collect();
    assert!(!instance.ready && unmet.len() == 1, "{instance:?}");
    assert!(unmet[0].name == "index" && unmet[0].required, "{unmet:?}");
    assert!(unmet[0].reason.contains("INDEX_DAMAGED"), "{unmet:?}");
    assert!(answers_are_right(&search).await, "verified before the folder was deleted");
    feed.hold_snapshots(false);
    eventually("whole", async || is_whole(&search).await).await;
    // Changes are followed again.
    feed.put(product("new", "Brand new", "Office"));
    search.finds("brand", &["new"]).await;
}

#[tokio::test]
async fn a_replaced_folder_is_noticed() {
    let (search, _feed, folder) = start_whole().await;
    let before = live_index(folder.path());
    fs::remove_dir_all(&before).unwrap();
    fs::write(&before, "no folder").unwrap();
    eventually("another index", async || {
        is_whole(&search).await && live_index(folder.path()) != before
    })
    .await;
}

#[tokio::test]
async fn a_query_that_reads_damage_is_refused_as_retryable() {
    let (search, feed, folder) = start_whole().await;
    search.stop().await;
    feed.hold_snapshots(true);
    let search = Search::start_only(folder.path(), folder.catalogue).await;
    // Products have not been read yet.
    Damage::Truncate.apply(&file_of(&live_index(folder.path()), ".store"));
    assert!(!answers_are_right(&search).await);
    eventually("not ready", async || !search.is_ready().await).await;
    feed.hold_snapshots(false);
    eventually("whole", async || is_whole(&search).await).await;
}

#[tokio::test]
async fn until_a_damaged_index_is_filled_again_requests_are_refused_with_the_reason() {
    let (search, feed, folder) = start_whole().await;
    search.stop().await;
    Damage::Flip.apply(&file_of(&live_index(folder.path()), ".idx"));
    feed.hold_snapshots(true);
    let search = Search::start_only(folder.path(), folder.catalogue).await;
    assert!(!answers_are_right(&search).await && !search.is_ready().await);
    assert!(search.readiness().await.contains("INDEX_DAMAGED"));
    // A restart meanwhile continues to fill it.
    search.stop().await;
    feed.hold_snapshots(false);
    let search = Search::start(folder.path(), folder.catalogue).await;
    assert!(is_whole(&search).await);
}

#[tokio::test]
async fn damage_to_other_files_is_healed_without_losing_settings() {
    let (search, _feed, folder) = start_whole().await;
    let (id, words) = ("crimson".to_owned(), vec!["red".to_owned()]);
    let synonym = Some(Synonym { input: id.clone(), id, words, ..Default::default() });
    search.admin().put_synonym(PutSynonymRequest { synonym }).await.unwrap();
    search.stop().await;
    let pointer = pointer_file(folder.path());
    let pointer = pointer.file_name().unwrap().to_str().unwrap();
    for name in [pointer, "page-token.key", "shared-settings.json"] {
        for damage in DAMAGES {
            // A flipped digit or letter may be as valid as the one before.
            if matches!((name, damage), ("page-token.key", Damage::Flip)) {
                continue;
            }
            let data_dir = tempdir().unwrap();
            copy(folder.path(), data_dir.path());
            damage.apply(&data_dir.path().join(name));
            let search = Search::start(data_dir.path(), folder.catalogue).await;
            assert!(is_whole(&search).await, "after {damage:?} of {name}");
            assert_eq!(damaged_indexes(data_dir.path()), 0, "{damage:?} of {name}");
            let has_synonym = async || {
                let list = search.admin().list_synonyms(ListSynonymsRequest {}).await;
                list.unwrap().into_inner().synonyms.len() == 1
            };
            eventually(&format!("settings after {damage:?} of {name}"), has_synonym).await;
            search.stop().await;
        }
    }
}

#[tokio::test]
async fn settings_that_exist_nowhere_else_are_not_given_up() {
    let (search, _feed, folder) = start_whole().await;
    search.stop().await;
    fs::remove_file(folder.path().join("shared-settings.json")).unwrap();
    for name in ["settings.json", "settings.copy.json"] {
        fs::write(folder.path().join(name), "{\"synonyms\":").unwrap();
    }
    let refused = search::start(config(folder.path(), folder.catalogue), Default::default()).await;
    let message = format!("{:#}", refused.unwrap_err());
    assert!(message.contains("settings.json") && message.contains("restore"), "{message}");
}

/// Copies a folder with its subfolders.
fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let (entry, to) = (entry.unwrap(), to.join(""));
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir(&to).unwrap();
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), &to).unwrap();
        }
    }
}
