//! The storefront as a browser gets it.

use proto::catalogue::v1::product::Status;

use crate::{harness::World, http_client::Answer};

async fn page(world: &World, path: &str) -> (Answer, String) {
    let answer = world.http().send("GET", path, &[("accept", "text/html")], "").await;
    assert!(answer.header("content-type").starts_with("text/html"), "{answer:?}");
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let html = String::from_utf8(answer.body.to_vec()).unwrap();
    (answer, html)
}

#[tokio::test]
async fn what_is_not_ready_has_the_page_of_what_does_not_exist() {
    let world = World::start().await;
    world.fake.put("mug", 5);
    assert_eq!(page(&world, "/p/mug").await.0.status, 200);
    world.fake.set_status("mug", Status::Draft);
    let (draft, draft_html) = page(&world, "/p/mug").await;
    let (none, none_html) = page(&world, "/p/none").await;
    assert_eq!((draft.status.as_u16(), none.status.as_u16()), (404, 404));
    let words = "This product is not here";
    assert!(draft_html.contains(words) && none_html.contains(words));
    assert!(draft_html.contains("Product mug does not exist"), "{draft_html}");
    assert!(none_html.contains("Product none does not exist"), "{none_html}");
}

#[tokio::test]
async fn what_is_archived_says_that_it_is_no_longer_sold() {
    let world = World::start().await;
    world.fake.put("mug", 5);
    world.fake.set_status("mug", Status::Archived);
    let (answer, html) = page(&world, "/p/mug").await;
    assert_eq!(answer.status, 200);
    assert!(html.contains("No longer available") && !html.contains("data-revision"));
}

#[tokio::test]
async fn lists_are_of_what_is_for_sale() {
    let world = World::start().await;
    for id in ["mug", "cup", "jug"] {
        world.fake.put(id, 5);
    }
    world.fake.set_status("cup", Status::Draft);
    world.fake.set_status("jug", Status::Archived);
    for path in ["/", "/?category=mugs", "/?q=The", "/fragments/results?q=The"] {
        let (_, html) = page(&world, path).await;
        assert!(html.contains("/p/mug"), "{path}: {html}");
        assert!(!html.contains("/p/cup") && !html.contains("/p/jug"), "{path}: {html}");
    }
    let (_, html) = page(&world, "/").await;
    assert!(html.contains("<p>1 product</p>"), "{html}");
    let browsed = world.fake.asked("BrowseProductsRequest");
    assert!(browsed.iter().all(|request| request["filter"] == "status = ACTIVE"), "{browsed:?}");
}

#[tokio::test]
async fn variants_are_on_the_page_without_any_script() {
    let world = World::start().await;
    world.fake.put_variants("mug", &[("red", 0), ("blue", 4)]);
    let (_, html) = page(&world, "/p/mug").await;
    assert!(html.contains("<code>red</code>") && html.contains("Only 4 left"), "{html}");
}
