//! The tree of categories: creation, reads, counts.

use proto::catalogue::v1::{
    Category, CreateCategoryRequest, DeleteProductRequest, GetCategoryRequest,
    ListCategoriesRequest,
};
use tonic::{Code, Status};

use crate::support::{Catalogue, assert_invalid, assert_refused, full_product};

async fn create(catalogue: &Catalogue, category: Category) -> Result<Category, Status> {
    let request = CreateCategoryRequest { category: Some(category), ..Default::default() };
    let created = catalogue.categories().create_category(request).await?.into_inner();
    Ok(Category { revision_token: String::new(), ..created })
}

fn named(name: &str, parent_id: &str) -> Category {
    Category { name: name.to_owned(), parent_id: parent_id.to_owned(), ..Default::default() }
}

async fn get(catalogue: &Catalogue, id: &str) -> Result<Category, Status> {
    let request = GetCategoryRequest { category_id: id.to_owned() };
    Ok(catalogue.categories().get_category(request).await?.into_inner())
}

async fn list(catalogue: &Catalogue, parent_id: &str) -> Result<Vec<Category>, Status> {
    let request = ListCategoriesRequest { parent_id: parent_id.to_owned() };
    Ok(catalogue.categories().list_categories(request).await?.into_inner().categories)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tree_is_listed_from_the_roots_down() {
    let catalogue = Catalogue::start().await;
    create(&catalogue, named("Kitchen", "")).await.unwrap();
    let last = Category { position: 1, ..named("Bowls", "kitchen") };
    create(&catalogue, last).await.unwrap();
    let mugs = create(&catalogue, named("Mugs & Cups", "kitchen")).await.unwrap();
    create(&catalogue, named("Garden", "")).await.unwrap();
    assert_eq!(mugs.id, "kitchen.mugs-cups");
    assert_eq!(mugs.path, ["Kitchen", "Mugs & Cups"]);
    assert_eq!(get(&catalogue, &mugs.id).await.unwrap(), mugs);

    let ids = |categories: Vec<Category>| {
        categories.into_iter().map(|category| category.id).collect::<Vec<_>>()
    };
    let all = ids(list(&catalogue, "").await.unwrap());
    assert_eq!(all, ["garden", "kitchen", "kitchen.mugs-cups", "kitchen.bowls"]);
    let below = ids(list(&catalogue, "kitchen").await.unwrap());
    assert_eq!(below, ["kitchen.mugs-cups", "kitchen.bowls"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_counts_once_in_a_category_and_its_ancestors() {
    let catalogue = Catalogue::start().await;
    catalogue.create_category("kitchen", "").await;
    catalogue.create_category("mugs", "kitchen").await;
    catalogue.create_category("bowls", "kitchen").await;
    let count = async |id: &str| get(&catalogue, id).await.unwrap().product_count;
    assert_eq!(count("kitchen").await, 0);
    catalogue.create(full_product("both", &["mugs", "bowls"])).await;
    catalogue.create(full_product("top", &["kitchen"])).await;
    assert_eq!((count("kitchen").await, count("mugs").await, count("bowls").await), (2, 1, 1));
    let delete = DeleteProductRequest { product_id: "both".to_owned(), ..Default::default() };
    catalogue.products().delete_product(delete).await.unwrap();
    assert_eq!((count("kitchen").await, count("mugs").await), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_categories_are_refused() {
    let catalogue = Catalogue::start().await;
    create(&catalogue, named("Kitchen", "")).await.unwrap();
    assert_invalid(
        catalogue.categories().create_category(CreateCategoryRequest::default()).await,
        &["category"],
    );
    let broken = Category { id: "a/b".to_owned(), ..named("", "no where") };
    assert_invalid(create(&catalogue, broken).await, &["id", "parent_id", "name"]);
    assert_invalid(create(&catalogue, named("x", "nowhere")).await, &["parent_id"]);
    assert_invalid(create(&catalogue, named(&"x".repeat(201), "")).await, &["name"]);
    assert_invalid(create(&catalogue, named("a\nb", "")).await, &["name"]);
    let taken = create(&catalogue, named("Kitchen", "")).await;
    assert_refused(taken, Code::AlreadyExists, "CATEGORY_EXISTS");
    let taken = Category { id: "kitchen".to_owned(), ..named("Other", "") };
    assert_refused(create(&catalogue, taken).await, Code::AlreadyExists, "CATEGORY_EXISTS");

    let mut parent = "kitchen".to_owned();
    for depth in 2..=8 {
        parent = create(&catalogue, named(&depth.to_string(), &parent)).await.unwrap().id;
    }
    assert_invalid(create(&catalogue, named("9", &parent)).await, &["parent_id"]);

    assert_invalid(get(&catalogue, "").await, &["category_id"]);
    assert_refused(get(&catalogue, "nowhere").await, Code::NotFound, "CATEGORY_NOT_FOUND");
    assert_refused(list(&catalogue, "nowhere").await, Code::NotFound, "CATEGORY_NOT_FOUND");
    assert_eq!(list(&catalogue, "").await.unwrap().len(), 8);
}
