//! Changes of the tree: names, moves, deletions.

use pbjson_types::FieldMask;
use proto::catalogue::v1::{
    Category, DeleteCategoryRequest, GetCategoryRequest, MoveCategoryRequest,
    UpdateCategoryRequest, watch_changes_response::Event,
};
use tonic::{Code, Status};

use crate::{
    deletion::purge,
    products::{delete, get},
    support::{Catalogue, assert_invalid, assert_refused, full_product, product, soon},
};

async fn read(catalogue: &Catalogue, id: &str) -> Result<Category, Status> {
    let request = GetCategoryRequest { category_id: id.to_owned() };
    Ok(catalogue.categories().get_category(request).await?.into_inner())
}

async fn update(
    catalogue: &Catalogue,
    category: Category,
    mask: &[&str],
) -> Result<Category, Status> {
    let paths = mask.iter().map(|path| (*path).to_owned()).collect();
    let request = UpdateCategoryRequest {
        category: Some(category),
        update_mask: Some(FieldMask { paths }),
        ..Default::default()
    };
    Ok(as_read(catalogue.categories().update_category(request).await?.into_inner()))
}

async fn move_to(
    catalogue: &Catalogue,
    id: &str,
    parent: &str,
    etag: &str,
) -> Result<Category, Status> {
    let request = MoveCategoryRequest {
        category_id: id.to_owned(),
        parent_id: parent.to_owned(),
        etag: etag.to_owned(),
        ..Default::default()
    };
    Ok(as_read(catalogue.categories().move_category(request).await?.into_inner()))
}

async fn remove(catalogue: &Catalogue, id: &str, etag: &str) -> Result<Category, Status> {
    let request = DeleteCategoryRequest {
        category_id: id.to_owned(),
        etag: etag.to_owned(),
        ..Default::default()
    };
    Ok(as_read(catalogue.categories().delete_category(request).await?.into_inner()))
}

fn as_read(written: Category) -> Category {
    assert!(!written.revision_token.is_empty());
    Category { revision_token: String::new(), ..written }
}

fn named(id: &str, name: &str) -> Category {
    Category { id: id.to_owned(), name: name.to_owned(), ..Default::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_or_moved_category_changes_the_products_below_it() {
    let catalogue = Catalogue::start().await;
    for (id, parent) in [("kitchen", ""), ("mugs", "kitchen"), ("garden", "")] {
        catalogue.create_category(id, parent).await;
    }
    let below = catalogue.create(full_product("below", &["mugs", "kitchen"])).await;
    let beside = catalogue.create(full_product("beside", &["garden"])).await;
    catalogue.create(full_product("gone", &["mugs"])).await;
    delete(&catalogue, "gone", "").await.unwrap();
    let mut watch = catalogue.watch_from_now().await;
    catalogue.create(product("begin")).await;

    let renamed = update(&catalogue, named("kitchen", "Cooking"), &["name"]).await.unwrap();
    assert_eq!((renamed.product_count, &renamed.path[..]), (1, &["Cooking".to_owned()][..]));
    assert_eq!(read(&catalogue, "kitchen").await.unwrap(), renamed);
    let told = get(&catalogue, "below").await.unwrap();
    assert_eq!(told.category_paths[0].names, ["Cooking", "Name of mugs"]);
    assert_eq!((told.revision, &told.etag), (2, &below.etag));

    let moved = move_to(&catalogue, "mugs", "garden", "").await.unwrap();
    assert_eq!((moved.product_count, moved.parent_id.as_str()), (1, "garden"));
    let told = get(&catalogue, "below").await.unwrap();
    assert_eq!(told.category_paths[0].names, ["Name of garden", "Name of mugs"]);
    assert_eq!(told.revision, 3);
    let count = async |id: &str| read(&catalogue, id).await.unwrap().product_count;
    assert_eq!((count("kitchen").await, count("garden").await), (1, 2));

    // A change that affects no path is a change of the category alone.
    let last = Category { position: 9, ..named("garden", "ignored") };
    update(&catalogue, last.clone(), &["position"]).await.unwrap();
    update(&catalogue, last, &["position"]).await.unwrap();
    assert_eq!(get(&catalogue, "beside").await.unwrap(), beside);

    catalogue.create(product("end")).await;
    let mut told = Vec::new();
    while told.last().is_none_or(|change: &String| change != "end: ") {
        if let Some(Event::Change(change)) = soon(watch.message()).await.unwrap().unwrap().event {
            let fields = change.changed_fields.join(",");
            told.push(format!("{}{}: {fields}", change.product_id, change.category_id));
        }
    }
    // Changes from shortly before may be sent, too.
    let begin = told.iter().position(|change| change == "begin: ").unwrap();
    assert_eq!(
        told[begin + 1..],
        [
            "below: category_paths",
            "kitchen: name",
            "below: category_paths",
            "mugs: parent_id",
            "garden: position",
            "end: "
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_etag_guards_a_category() {
    let catalogue = Catalogue::start().await;
    let seen = catalogue.create_category("mugs", "").await;
    catalogue.create_category("kitchen", "").await;
    let with = |etag: &str, name: &str| Category { etag: etag.to_owned(), ..named("mugs", name) };
    let other = update(&catalogue, with(&seen.etag, "Cups"), &[]).await.unwrap();
    assert_ne!(other.etag, seen.etag);
    for late in [
        update(&catalogue, with(&seen.etag, "Late"), &[]).await,
        move_to(&catalogue, "mugs", "kitchen", &seen.etag).await,
        remove(&catalogue, "mugs", &seen.etag).await,
    ] {
        assert_refused(late, Code::Aborted, "ETAG_MISMATCH");
    }
    assert_eq!(read(&catalogue, "mugs").await.unwrap(), other);
    let moved = move_to(&catalogue, "mugs", "kitchen", &other.etag).await.unwrap();
    // Without a difference, nothing is written.
    assert_eq!(move_to(&catalogue, "mugs", "kitchen", "").await.unwrap(), moved);
    assert_eq!(remove(&catalogue, "mugs", &moved.etag).await.unwrap(), moved);
    assert_refused(read(&catalogue, "mugs").await, Code::NotFound, "CATEGORY_NOT_FOUND");
    assert_refused(remove(&catalogue, "mugs", "").await, Code::NotFound, "CATEGORY_NOT_FOUND");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_category_is_deletable_once_no_product_can_return_to_it() {
    let catalogue = Catalogue::start().await;
    catalogue.create_category("kitchen", "").await;
    catalogue.create_category("mugs", "kitchen").await;
    catalogue.create(full_product("mug", &["mugs"])).await;
    let refused = async |id: &str, holds: &str| {
        let refusal = remove(&catalogue, id, "").await;
        let refusal = assert_refused(refusal, Code::FailedPrecondition, "CATEGORY_NOT_EMPTY");
        assert!(refusal.message().contains(holds), "{refusal:?}");
    };
    refused("kitchen", "1 of its own categories").await;
    refused("mugs", "1 products").await;
    delete(&catalogue, "mug", "").await.unwrap();
    refused("mugs", "1 deleted products").await;
    purge(&catalogue, "mug", "").await.unwrap();
    remove(&catalogue, "mugs", "").await.unwrap();
    remove(&catalogue, "kitchen", "").await.unwrap();
    // The id is free again.
    catalogue.create_category("kitchen", "").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_that_break_the_tree_are_refused() {
    let catalogue = Catalogue::start().await;
    let mut parent = String::new();
    for depth in 1..=8 {
        let id = format!("level-{depth}");
        catalogue.create_category(&id, &parent).await;
        parent = id;
    }
    catalogue.create_category("other", "").await;
    catalogue.create_category("below-other", "other").await;
    for parent in ["level-1", "level-2", "level-8"] {
        let cycle = move_to(&catalogue, "level-1", parent, "").await;
        assert_refused(cycle, Code::FailedPrecondition, "CATEGORY_CYCLE");
    }
    let deep = move_to(&catalogue, "other", "level-7", "").await;
    assert_refused(deep, Code::FailedPrecondition, "CATEGORY_TOO_DEEP");
    move_to(&catalogue, "other", "level-6", "").await.unwrap();

    let taken = named("level-1", "Name of twin");
    catalogue.create_category("twin", "").await;
    let taken = update(&catalogue, taken, &["name"]).await;
    assert_refused(taken, Code::AlreadyExists, "CATEGORY_EXISTS");
    catalogue.create_category("nest", "").await;
    update(&catalogue, named("below-other", "Name of twin"), &["name"]).await.unwrap();
    let taken = move_to(&catalogue, "below-other", "", "").await;
    assert_refused(taken, Code::AlreadyExists, "CATEGORY_EXISTS");

    let unknown = move_to(&catalogue, "nowhere", "", "").await;
    assert_refused(unknown, Code::NotFound, "CATEGORY_NOT_FOUND");
    assert_invalid(move_to(&catalogue, "nest", "nowhere", "").await, &["parent_id"]);
    assert_invalid(move_to(&catalogue, "", "", "").await, &["category_id"]);
    assert_invalid(move_to(&catalogue, "nest", "a b", "").await, &["parent_id"]);
    assert_invalid(remove(&catalogue, "a b", "").await, &["category_id"]);
    assert_invalid(update(&catalogue, named("nest", " "), &[]).await, &["name"]);
    assert_invalid(update(&catalogue, named("nest", "a\0b"), &["name"]).await, &["name"]);
    assert_invalid(update(&catalogue, named("nest", "x"), &["parent_id"]).await, &["update_mask"]);
    let without = catalogue.categories().update_category(UpdateCategoryRequest::default()).await;
    assert_invalid(without, &["category"]);
    let unknown = update(&catalogue, named("nowhere", "x"), &[]).await;
    assert_refused(unknown, Code::NotFound, "CATEGORY_NOT_FOUND");
}
