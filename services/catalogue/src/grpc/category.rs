//! `CategoryService`: the tree that products are sorted into.

use prost::Message as _;
use proto::catalogue::v1::{
    self as wire, CreateCategoryRequest, GetCategoryRequest, ListCategoriesRequest,
    ListCategoriesResponse,
};
use tonic::{Request, Response, Status};

use super::{MAX_ANSWER, convert::optional_category_id, pages::check_exists, write};
use crate::{
    domain::{
        Category, CategoryId, Error, NewCategory, Result, Tree, Violations, check_category_name,
    },
    store::{Counts, Done, Store},
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
        let id = CategoryId::parse(&request.get_ref().category_id)
            .map_err(|rule| Error::field("category_id", rule))?;
        let counts = self.store.counts().await?;
        let tree = self.store.tree();
        let category = tree.get(&id).ok_or(Error::CategoryNotFound(id))?;
        Ok(Response::new(message(category, &tree, &counts)))
    }

    async fn list_categories(
        &self,
        request: Request<ListCategoriesRequest>,
    ) -> Result<Response<ListCategoriesResponse>, Status> {
        let mut violations = Violations::default();
        let root = optional_category_id("parent_id", &request.get_ref().parent_id, &mut violations);
        violations.check()?;
        check_exists(&self.store, root.as_ref())?;
        let counts = self.store.counts().await?;
        let tree = self.store.tree();
        let below = tree.below(root.as_ref()).into_iter();
        let categories = below.map(|category| message(category, &tree, &counts)).collect();
        let response = ListCategoriesResponse { categories };
        if response.encoded_len() > MAX_ANSWER {
            return Err(Error::AnswerTooLarge { limit_bytes: MAX_ANSWER }.into());
        }
        Ok(Response::new(response))
    }

    async fn create_category(
        &self,
        request: Request<CreateCategoryRequest>,
    ) -> Result<Response<wire::Category>, Status> {
        let (request, write) = write::parse(request, written)?;
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
}

/// A category as a write leaves it.
fn written(category: Category, done: &Done) -> wire::Category {
    let revision_token = done.position.encode(b"");
    wire::Category { revision_token, ..message(&category, &done.tree, &Counts::default()) }
}

fn message(category: &Category, tree: &Tree, counts: &Counts) -> wire::Category {
    let path = tree.path(&category.id);
    wire::Category {
        id: category.id.to_string(),
        name: category.name.clone(),
        parent_id: category.parent_id.as_ref().map(ToString::to_string).unwrap_or_default(),
        path: path.into_iter().map(|category| category.name.clone()).collect(),
        product_count: i32::try_from(counts.of(&category.id)).unwrap_or(i32::MAX),
        position: category.position,
        ..Default::default()
    }
}
