//! Tests of the service through its gRPC API, with a fake catalogue.

mod damage;
mod finding;
mod queries;
mod rebuild;
mod revision;
mod settings;
mod suggest;
mod support;

use proto::{
    catalogue::v1::{
        GetProductRequest, Product, SearchRequest as OriginalRequest, product::Status,
    },
    search::v1::SearchRequest,
};
use rpc::status::{reason, violations};
use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};
use support::{Feed, Search, config, eventually, free_port, ids, product};
use tempfile::{TempDir, tempdir};
use tonic::Code;

#[tokio::test]
async fn products_are_found_by_their_words() {
    let lamp = Product { brand: "Lumen".to_owned(), ..product("lamp", "Desk lamp", "Office") };
    let (search, ..) = start([product("mug", "Red mug", "Kitchen"), lamp]).await;
    for query in ["mug", "MUGS", "brewster", "box mug", "kitchen", "red mu"] {
        assert_eq!(search.ids(query).await, ["mug"], "{query}");
    }
    assert_eq!(search.ids("home").await.len(), 2, "categories above count too");
    assert_eq!(search.ids("nothing").await.len(), 0);
    assert!(search.is_ready().await);

    let request = SearchRequest { query: "lumen".to_owned(), ..Default::default() };
    let response = search.search(request).await.unwrap();
    let hit = &response.results[0];
    let found = hit.product.as_ref().unwrap();
    assert_eq!((found.name.as_str(), found.revision), ("Desk lamp", 1), "the whole product");
    assert!(hit.score > 0.0 && response.took.is_some());
    assert_eq!((response.total_size, response.next_page_token.as_str()), (1, ""));
    assert_eq!(search.status().await.product_count, 2);
}

#[tokio::test]
async fn an_instance_says_how_current_its_index_is() {
    let (search, ..) = start([product("mug", "Red mug", "Kitchen")]).await;
    let instance = search.instance().await;
    assert!(instance.ready && instance.conditions.iter().all(|it| it.ok), "{instance:?}");
    assert!(instance.start_time.is_some() && instance.build_time.is_some());
    let index = instance.index.unwrap();
    assert!(index.complete && index.caught_up && !index.rebuilding, "{index:?}");
    assert_eq!((index.product_count, index.lag.unwrap().seconds), (1, 0));
    let to_catalogue = instance.edges.iter().find(|edge| edge.connections > 0).unwrap();
    assert_eq!(
        (to_catalogue.upstream.as_str(), to_catalogue.breaker.as_str()),
        ("catalogue", "closed")
    );
    assert!(
        to_catalogue.latency_counts.iter().any(|count| count.calls > 0),
        "its watches: {to_catalogue:?}"
    );
}

#[tokio::test]
async fn the_original_contract_gets_the_same_answers() {
    let (search, ..) = start([product("mug", "Red mug", "Kitchen")]).await;
    let request = OriginalRequest { query: "mug".to_owned(), ..Default::default() };
    let response = search.catalogue().search_products(request).await.unwrap().into_inner();
    assert_eq!(response.results[0].product.as_ref().unwrap().id, "mug");
    assert_eq!(response.total_size, 1);

    let request = GetProductRequest { product_id: "mug".to_owned(), ..Default::default() };
    let status = search.catalogue().get_product(request).await.unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented, "only the catalogue answers that");
}

#[tokio::test]
async fn pages_give_each_product_once() {
    let many = (0..45).map(|number| product(&format!("p{number:02}"), "Same", "Kitchen"));
    let (search, ..) = start(many).await;
    for query in ["same", ""] {
        let mut seen = Vec::new();
        let mut page_token = String::new();
        loop {
            let request = SearchRequest {
                query: query.to_owned(),
                page_size: 7,
                page_token,
                ..Default::default()
            };
            let page = search.search(request).await.unwrap();
            assert_eq!(page.total_size, 45);
            seen.extend(ids(&page));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        assert_eq!(seen.len(), 45);
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 45);
        let skipping = SearchRequest { query: query.to_owned(), skip: 42, ..Default::default() };
        let last = search.search(skipping).await.unwrap();
        assert_eq!((ids(&last), last.next_page_token.as_str()), (seen[42..].to_vec(), ""));
    }
    let sized = async |page_size| {
        let request = SearchRequest { page_size, ..Default::default() };
        search.search(request).await.unwrap().results.len()
    };
    assert_eq!((sized(0).await, sized(1_000).await), (20, 45));
}

#[tokio::test]
async fn categories_narrow_the_search() {
    let (search, ..) =
        start([product("mug", "Mug", "Kitchen"), product("lamp", "Lamp", "Office")]).await;
    let within = async |query: &str, category_id: &str| {
        let (query, category_id) = (query.to_owned(), category_id.to_owned());
        search.search(SearchRequest { query, category_id, ..Default::default() }).await
    };
    assert_eq!(ids(&within("", "kitchen").await.unwrap()), ["mug"]);
    assert_eq!(ids(&within("", "home").await.unwrap()), ["lamp", "mug"], "what is below counts");
    assert_eq!(within("lamp", "kitchen").await.unwrap().total_size, 0);
    let status = within("", "attic").await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound);
    assert_eq!(reason(&status).unwrap(), "CATEGORY_NOT_FOUND");
}

#[tokio::test]
async fn bad_requests_name_the_field() {
    let (search, ..) =
        start([product("mug", "Mug", "Kitchen"), product("cup", "Mug", "Kitchen")]).await;
    let fields = async |request: SearchRequest| {
        let status = search.search(request).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument);
        let fields = violations(&status).into_iter().map(|(field, _)| field).collect::<Vec<_>>();
        (reason(&status).unwrap(), fields.join(","))
    };
    let request = |query: &str| SearchRequest { query: query.to_owned(), ..Default::default() };
    let invalid = |field: &str| ("INVALID_FIELD".to_owned(), field.to_owned());
    assert_eq!(fields(SearchRequest { page_size: -1, ..request("") }).await, invalid("page_size"));
    assert_eq!(fields(request(&"x".repeat(9_000))).await, invalid("query"));
    let pasted = format!("mug {}", "stoneware ".repeat(200));
    assert!(search.search(request(&pasted)).await.is_ok(), "what fits is read");

    let forged = ("PAGE_TOKEN_INVALID".to_owned(), "page_token".to_owned());
    let page = search.search(SearchRequest { page_size: 1, ..request("mug") }).await.unwrap();
    let token = page.next_page_token;
    let with_token =
        |query: &str, token: &str| SearchRequest { page_token: token.to_owned(), ..request(query) };
    assert_eq!(fields(with_token("mug", "AAAA")).await, forged);
    assert_eq!(fields(with_token("cup", &token)).await, forged, "of another query");
    let other_category =
        SearchRequest { category_id: "home".to_owned(), ..with_token("mug", &token) };
    assert_eq!(fields(other_category).await, forged, "of another category");
    assert!(search.search(with_token("mug", &token)).await.is_ok());

    let deep = "(".repeat(250) + "mug" + &")".repeat(250);
    assert_eq!(search.ids(&deep).await.len(), 2);
    assert_eq!(fields(request(&"(".repeat(10_000))).await, invalid("query"));
}

#[tokio::test]
async fn changes_are_found_within_a_second() {
    let (search, feed, _folder) = start([product("mug", "Mug", "Kitchen")]).await;
    let mut best = Duration::MAX;
    for number in 0..3 {
        let began = Instant::now();
        feed.put(product("lamp", &format!("Lamp{number}"), "Office"));
        search.finds(&format!("lamp{number}"), &["lamp"]).await;
        best = best.min(began.elapsed());
    }
    assert!(best < Duration::from_secs(1), "took {best:?} at best");

    feed.put(product("mug", "Tumbler", "Kitchen"));
    search.finds("tumbler", &["mug"]).await;
    assert_eq!(search.ids("mug").await, ["mug"], "by its id");
    feed.stock("mug", 7);
    let stock = async || {
        let request = SearchRequest { query: "tumbler".to_owned(), ..Default::default() };
        search.search(request).await.unwrap().results[0].product.as_ref().unwrap().stock_qty
    };
    eventually("the stock is 7", async || stock().await == 7).await;
    feed.delete("lamp");
    search.finds("", &["mug"]).await;
    search.caught_up().await;
    assert_eq!(search.status().await.product_count, 1);
}

#[tokio::test]
async fn only_what_is_for_sale_is_found() {
    let with = |id: &str, status: Status| Product {
        status: status.into(),
        ..product(id, "Mug", "Kitchen")
    };
    let drafts = [with("draft", Status::Draft), with("old", Status::Archived)];
    let (search, feed, _folder) = start(drafts).await;
    assert_eq!(search.status().await.product_count, 0);
    feed.put(with("draft", Status::Active));
    search.finds("mug", &["draft"]).await;
    feed.put(with("draft", Status::Archived));
    search.finds("mug", &[]).await;
}

#[tokio::test]
async fn a_restart_resumes_from_the_cursor() {
    let (search, feed, folder) = start([product("mug", "Mug", "Kitchen")]).await;
    feed.put(product("lamp", "Lamp", "Office"));
    search.finds("", &["lamp", "mug"]).await;
    let addr = folder.catalogue;
    search.stop().await;
    feed.put(product("cup", "Cup", "Kitchen"));

    let search = Search::start(folder.path(), addr).await;
    search.finds("", &["cup", "lamp", "mug"]).await;
    assert_eq!(feed.cursors(), ["", "0/1"]);
    assert_eq!(feed.items_sent(), 1, "no second snapshot");
}

#[tokio::test]
async fn an_interrupted_snapshot_is_resumed() {
    let many = (0..40).map(|number| product(&format!("p{number:02}"), "Same", "Kitchen"));
    let feed = Feed::new(many);
    feed.fail_after(15);
    let (search, feed, _folder) = start_with(feed).await;
    assert_eq!(search.status().await.product_count, 40);
    assert_eq!(feed.cursors(), ["", "0/0/p14"]);
    assert_eq!(feed.items_sent(), 41, "the one that was lost came again");
}

#[tokio::test]
async fn an_expired_cursor_rebuilds_the_index() {
    let (search, feed, _folder) =
        start([product("mug", "Mug", "Kitchen"), product("lamp", "Lamp", "Office")]).await;
    feed.put(product("mug", "Mug, better", "Kitchen"));
    search.finds("better", &["mug"]).await;
    feed.replace_all([product("mug", "Mug, restored", "Kitchen"), product("new", "New", "Attic")]);
    search.finds("restored", &["mug"]).await;
    search.finds("", &["mug", "new"]).await;
    search.caught_up().await;
    assert_eq!(search.status().await.product_count, 2, "the lamp is gone");
    assert!(search.is_ready().await);
}

#[tokio::test]
async fn search_works_without_the_catalogue() {
    let (search, feed, mut folder) = start([product("mug", "Mug", "Kitchen")]).await;
    folder.stop_catalogue().await;
    eventually("no longer vouches", async || !search.status().await.caught_up).await;
    assert_eq!(search.ids("mug").await, ["mug"]);
    assert!(search.is_ready().await);

    search.stop().await;
    let search = Search::start_only(folder.path(), folder.catalogue).await;
    assert_eq!(search.ids("mug").await, ["mug"], "after a restart as well");
    assert!(search.is_ready().await);

    feed.put(product("lamp", "Lamp", "Office"));
    folder.start_catalogue(&feed).await;
    search.finds("", &["lamp", "mug"]).await;
}

#[tokio::test]
async fn an_empty_index_is_not_ready() {
    let folder = tempdir().unwrap();
    let feed = Feed::new([]);
    let (addr, catalogue) = feed.serve(free_port()).await;
    catalogue.abort();
    catalogue.await.unwrap_err();
    let search = Search::start_only(folder.path(), addr).await;
    assert!(!search.is_ready().await);
    let status = search.search(SearchRequest::default()).await.unwrap_err();
    assert_eq!(reason(&status).unwrap(), "INDEX_FILLING", "nothing is no answer yet");

    let (_, _catalogue) = serve_again(&feed, addr).await;
    search.caught_up().await;
    assert!(search.is_ready().await, "nothing is all there is");
    assert_eq!(search.ids("mug").await.len(), 0);
}

#[tokio::test]
async fn two_processes_cannot_share_a_data_directory() {
    let (_search, _feed, folder) = start([]).await;
    let config = config(folder.path(), folder.catalogue);
    let error = search::start(config, Default::default()).await.unwrap_err();
    assert!(format!("{error:#}").contains("--data-dir"), "{error:#}");
}

/// A data directory and a running catalogue.
struct Folder {
    data_dir: TempDir,
    catalogue: std::net::SocketAddr,
    serving: tokio::task::JoinHandle<()>,
}

impl Folder {
    fn path(&self) -> &std::path::Path {
        self.data_dir.path()
    }

    async fn stop_catalogue(&mut self) {
        self.serving.abort();
        (&mut self.serving).await.unwrap_err();
    }

    async fn start_catalogue(&mut self, feed: &Feed) {
        (_, self.serving) = serve_again(feed, self.catalogue).await;
    }
}

async fn start(products: impl IntoIterator<Item = Product>) -> (Search, Feed, Folder) {
    start_with(Feed::new(products)).await
}

async fn start_with(feed: Feed) -> (Search, Feed, Folder) {
    let data_dir = tempdir().unwrap();
    let (catalogue, serving) = feed.serve(free_port()).await;
    let search = Search::start(data_dir.path(), catalogue).await;
    (search, feed, Folder { data_dir, catalogue, serving })
}

/// Serves on an address that was in use until now.
async fn serve_again(
    feed: &Feed,
    addr: std::net::SocketAddr,
) -> (std::net::SocketAddr, tokio::task::JoinHandle<()>) {
    let free = async || tokio::net::TcpListener::bind(addr).await.is_ok();
    eventually("the port is free again", free).await;
    feed.serve(addr).await
}
