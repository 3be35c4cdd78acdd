//! The fake category service.

use proto::catalogue::v1::{
    Category, CreateCategoryRequest, DeleteCategoryRequest, GetCategoryRequest,
    ListCategoriesRequest, ListCategoriesResponse, MoveCategoryRequest, UpdateCategoryRequest,
    category_service_server::CategoryService,
};
use rpc::status::error;
use tonic::{Code, Request, Response, Status};

use super::{Fake, RpcResult};

/// The two categories, of which one is empty, and the root.
pub(super) fn category(id: &str) -> Result<Category, Status> {
    match id {
        "" | "mugs" | "empty" => Ok(Category {
            id: id.to_owned(),
            name: "Mugs".to_owned(),
            etag: "c1".to_owned(),
            ..Category::default()
        }),
        _ => Err(error(
            Code::NotFound,
            "CATEGORY_NOT_FOUND",
            format!("category {id} does not exist"),
        )),
    }
}

#[tonic::async_trait]
impl CategoryService for Fake {
    async fn get_category(&self, request: Request<GetCategoryRequest>) -> RpcResult<Category> {
        Ok(Response::new(category(&self.record(request).category_id)?))
    }

    async fn list_categories(
        &self,
        request: Request<ListCategoriesRequest>,
    ) -> RpcResult<ListCategoriesResponse> {
        self.record(request);
        Ok(Response::new(ListCategoriesResponse { categories: vec![category("mugs")?] }))
    }

    async fn create_category(
        &self,
        request: Request<CreateCategoryRequest>,
    ) -> RpcResult<Category> {
        let category = self.record(request).category.unwrap_or_default();
        match category.id.as_str() {
            "mugs" => Err(error(Code::AlreadyExists, "CATEGORY_EXISTS", "that id is taken")),
            _ => Ok(Response::new(Category {
                etag: "c1".to_owned(),
                revision_token: "t1".to_owned(),
                ..category
            })),
        }
    }

    async fn update_category(
        &self,
        request: Request<UpdateCategoryRequest>,
    ) -> RpcResult<Category> {
        let request = self.record(request);
        let sent = request.category.unwrap_or_default();
        check_etag(&sent.etag)?;
        let name = sent.name;
        Ok(Response::new(Category { name, etag: "c2".to_owned(), ..category(&sent.id)? }))
    }

    async fn move_category(&self, request: Request<MoveCategoryRequest>) -> RpcResult<Category> {
        let request = self.record(request);
        check_etag(&request.etag)?;
        let parent_id = request.parent_id;
        match request.category_id == parent_id {
            true => Err(error(Code::FailedPrecondition, "CATEGORY_CYCLE", "it is in itself")),
            false => Ok(Response::new(Category { parent_id, ..category(&request.category_id)? })),
        }
    }

    async fn delete_category(
        &self,
        request: Request<DeleteCategoryRequest>,
    ) -> RpcResult<Category> {
        let request = self.record(request);
        check_etag(&request.etag)?;
        match category(&request.category_id)? {
            category if category.id == "empty" => Ok(Response::new(category)),
            _ => Err(error(Code::FailedPrecondition, "CATEGORY_NOT_EMPTY", "mugs are in it")),
        }
    }
}

fn check_etag(required: &str) -> Result<(), Status> {
    match required {
        "" | "c1" => Ok(()),
        _ => Err(error(Code::Aborted, "ETAG_MISMATCH", "the category has changed since")),
    }
}
