//! `CategoryService`: the tree of categories.

use pbjson_types::FieldMask;
use prost::Message as _;
use proto::catalogue::v1::{
    self as wire, CreateCategoryRequest, DeleteCategoryRequest, GetCategoryRequest,
    ListCategoriesRequest, ListCategoriesResponse, MoveCategoryRequest, UpdateCategoryRequest,
};
use tonic::{Request, Response, Status};

use super::{
    convert::optional_category_id,
    message_budget::MAX_MESSAGE,
    pages::check_category_exists,
    visible::{Visible, visible},
    write,
};
use crate::{
    domain::{
        Category, CategoryId, CategoryUpdate, Error, NewCategory, Result, Tree, Violations,
        check_category_name,
    },
    store::{AfterWrite, CountedCategory, Counts, Store},
};

pub(super) struct Service {
    pub(super) store: Store,
}

#[tonic::async_trait]
impl wire::category_service_server::CategoryService for Service {
    async fn get_category(
        &self,
        request: Request<GetCategoryRequest>,
    ) -> Result<Response<wire::Category>, Status> {
        let id = required_id("category_id", &request.get_ref().category_id)?;
        let (counts, visible) = (self.store.counts().await?, visible(&request));
        let tree = self.store.tree();
        let count = shown_count(visible, &counts, &tree, &id);
        let category = tree.get(&id).zip(count);
        let (category, count) = category.ok_or(Error::CategoryNotFound(id))?;
        Ok(Response::new(message(category, &tree, count)))
    }

    async fn list_categories(
        &self,
        request: Request<ListCategoriesRequest>,
    ) -> Result<Response<ListCategoriesResponse>, Status> {
        let mut violations = Violations::default();
        let root = optional_category_id("parent_id", &request.get_ref().parent_id, &mut violations);
        violations.check()?;
        check_category_exists(&self.store, root.as_ref())?;
        let (counts, visible) = (self.store.counts().await?, visible(&request));
        let tree = self.store.tree();
        let below = tree.below(root.as_ref()).into_iter();
        let shown = below.filter_map(|category| {
            let count = shown_count(visible, &counts, &tree, &category.id)?;
            Some(message(category, &tree, count))
        });
        let categories = shown.collect();
        let response = ListCategoriesResponse { categories };
        if response.encoded_len() > MAX_MESSAGE {
            return Err(Error::ResponseTooLarge { limit_bytes: MAX_MESSAGE }.into());
        }
        Ok(Response::new(response))
    }

    async fn create_category(
        &self,
        request: Request<CreateCategoryRequest>,
    ) -> Result<Response<wire::Category>, Status> {
        let (request, write) = write::parse(request, write_response)?;
        let category = request.category;
        let category = category.ok_or_else(|| Error::field("category", "is required"))?;
        let mut violations = Violations::default();
        let new = NewCategory {
            id: optional_category_id("id", &category.id, &mut violations),
            parent_id: optional_category_id("parent_id", &category.parent_id, &mut violations),
            position: category.position,
            name: category.name,
        };
        check_category_name("name", &new.name, &mut violations);
        violations.check()?;
        Ok(Response::new(self.store.create_category(write, new).await?))
    }

    async fn update_category(
        &self,
        request: Request<UpdateCategoryRequest>,
    ) -> Result<Response<wire::Category>, Status> {
        let (request, write) = write::parse(request, write_response)?;
        let category = request.category.ok_or_else(|| Error::field("category", "is required"))?;
        let id = required_id("id", &category.id)?;
        let etag = non_empty(category.etag.clone());
        let mut violations = Violations::default();
        let new = update_of(category, request.update_mask.as_ref(), &mut violations);
        violations.check()?;
        Ok(Response::new(self.store.update_category(write, id, new, etag).await?))
    }

    async fn move_category(
        &self,
        request: Request<MoveCategoryRequest>,
    ) -> Result<Response<wire::Category>, Status> {
        let (request, write) = write::parse(request, write_response)?;
        let id = required_id("category_id", &request.category_id)?;
        let mut violations = Violations::default();
        let parent_id = optional_category_id("parent_id", &request.parent_id, &mut violations);
        violations.check()?;
        let etag = non_empty(request.etag);
        Ok(Response::new(self.store.move_category(write, id, parent_id, etag).await?))
    }

    async fn delete_category(
        &self,
        request: Request<DeleteCategoryRequest>,
    ) -> Result<Response<wire::Category>, Status> {
        let (request, write) = write::parse(request, write_response)?;
        let id = required_id("category_id", &request.category_id)?;
        Ok(Response::new(self.store.delete_category(write, id, non_empty(request.etag)).await?))
    }
}

/// The number of products to show of a category; `None` if it is not shown, or a category above it is not, whose name
/// is in its path.
fn shown_count(visible: Visible, counts: &Counts, tree: &Tree, id: &CategoryId) -> Option<u64> {
    let path = tree.path(id);
    let is_shown = path.iter().all(|above| visible.count(counts.of(&above.id)).is_some());
    if is_shown { visible.count(counts.of(id)) } else { None }
}

/// Converts the result of a write.
fn write_response(counted: CountedCategory, after: &AfterWrite) -> wire::Category {
    let revision_token = super::position::revision_token(after.position);
    let CountedCategory { category, product_count } = counted;
    wire::Category { revision_token, ..message(&category, &after.tree, product_count) }
}

/// Converts a category.
pub(super) fn message(category: &Category, tree: &Tree, product_count: u64) -> wire::Category {
    // The tree does not have a category that has just been deleted.
    let mut path: Vec<String> =
        tree.path(&category.id).into_iter().map(|category| category.name.clone()).collect();
    if path.is_empty() {
        let parent = category.parent_id.as_ref().map(|id| tree.path(id)).unwrap_or_default();
        path = parent.into_iter().map(|category| category.name.clone()).collect();
        path.push(category.name.clone());
    }
    wire::Category {
        id: category.id.to_string(),
        name: category.name.clone(),
        parent_id: category.parent_id.as_ref().map(ToString::to_string).unwrap_or_default(),
        path,
        product_count: i32::try_from(product_count).unwrap_or(i32::MAX),
        position: category.position,
        etag: category.etag(),
        ..Default::default()
    }
}

/// Takes the fields that the mask names; no mask, an empty mask and `*` name all fields.
fn update_of(
    category: wire::Category,
    mask: Option<&FieldMask>,
    violations: &mut Violations,
) -> CategoryUpdate {
    let paths = mask.map_or(&[][..], |mask| &mask.paths);
    let all = paths.is_empty() || paths.iter().any(|path| path == "*");
    for path in paths.iter().filter(|path| !["name", "position", "*"].contains(&path.as_str())) {
        let path: String = path.chars().take(40).collect();
        let rule = format!("names {path:?}, which cannot be written; name and position can");
        violations.add("update_mask", rule);
    }
    let names = |name: &str| all || paths.iter().any(|path| path == name);
    let (name, position) = (names("name"), names("position"));
    if name {
        check_category_name("name", &category.name, violations);
    }
    CategoryUpdate {
        name: name.then_some(category.name),
        position: position.then_some(category.position),
    }
}

/// Parses an id that must not be empty.
fn required_id(field: &str, id: &str) -> Result<CategoryId> {
    CategoryId::parse(id).map_err(|rule| Error::field(field, rule))
}

fn non_empty(etag: String) -> Option<String> {
    Some(etag).filter(|etag| !etag.is_empty())
}
