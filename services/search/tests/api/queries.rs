//! Query statistics.

use proto::search::v1::{ListQueryStatsRequest, SearchRequest};
use rpc::status::violations;

use crate::{
    start,
    support::{Search, product},
};

#[tokio::test]
async fn queries_are_counted_without_personal_data() {
    let (search, _feed, folder) = start([product("mug", "Red mug", "Kitchen")]).await;
    for query in ["Mug", "mug", "unicorn", "", "anna@example.com", "0664 123 45 67"] {
        search.ids(query).await;
    }
    let unlogged =
        SearchRequest { query: "secret".to_owned(), unlogged: true, ..Default::default() };
    search.search(unlogged).await.unwrap();
    let stats = async |search: &Search, without_results| {
        let request = ListQueryStatsRequest { without_results, page_size: 0 };
        let stats = search.admin().list_query_stats(request).await.unwrap().into_inner().queries;
        stats.into_iter().map(|it| (it.query, it.count, it.results)).collect::<Vec<_>>()
    };
    let unicorn = ("unicorn".to_owned(), 1, 0);
    let expected = [("mug".to_owned(), 2, 1), unicorn.clone()];
    assert_eq!(stats(&search, false).await, expected);
    assert_eq!(stats(&search, true).await, [unicorn]);
    let request = ListQueryStatsRequest { page_size: -1, ..Default::default() };
    let status = search.admin().list_query_stats(request).await.unwrap_err();
    assert_eq!(violations(&status)[0].0, "page_size");

    let addr = folder.catalogue;
    search.stop().await;
    let search = Search::start(folder.path(), addr).await;
    assert_eq!(stats(&search, false).await, expected, "after a restart");
}
