//! The tree of categories.

use proto::catalogue::v1::{
    Category, CreateCategoryRequest, DeleteCategoryRequest, GetCategoryRequest,
    ListCategoriesRequest, ListCategoriesResponse, MoveCategoryRequest, UpdateCategoryRequest,
    category_service_server::CategoryService,
};
use rpc::status::error;
use tonic::{Code, Request, Response, Status};

use super::{Answer, Fake};

/// There are two, of which one is empty; and the root, which is none.
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
    async fn get_category(&self, request: Request<GetCategoryRequest>) -> Answer<Category> {
        Ok(Response::new(category(&self.saw(request).category_id)?))
    }

    async fn list_categories(
        &self,
        request: Request<ListCategoriesRequest>,
    ) -> Answer<ListCategoriesResponse> {
        self.saw(request);
        Ok(Response::new(ListCategoriesResponse { categories: vec![category("mugs")?] }))
    }

    async fn create_category(&self, request: Request<CreateCategoryRequest>) -> Answer<Category> {
        let category = self.saw(request).category.unwrap_or_default();
        match category.id.as_str() {
            "mugs" => Err(error(Code::AlreadyExists, "CATEGORY_EXISTS", "that id is taken")),
            _ => Ok(Response::new(Category {
                etag: "c1".to_owned(),
                revision_token: "t1".to_owned(),
                ..category
            })),
        }
    }

    async fn update_category(&self, request: Request<UpdateCategoryRequest>) -> Answer<Category> {
        let request = self.saw(request);
        let sent = request.category.unwrap_or_default();
        check_etag(&sent.etag)?;
        let name = sent.name;
        Ok(Response::new(Category { name, etag: "c2".to_owned(), ..category(&sent.id)? }))
    }

    async fn move_category(&self, request: Request<MoveCategoryRequest>) -> Answer<Category> {
        let request = self.saw(request);
        check_etag(&request.etag)?;
        let parent_id = request.parent_id;
        match request.category_id == parent_id {
            true => Err(error(Code::FailedPrecondition, "CATEGORY_CYCLE", "it is in itself")),
            false => Ok(Response::new(Category { parent_id, ..category(&request.category_id)? })),
        }
    }

    async fn delete_category(&self, request: Request<DeleteCategoryRequest>) -> Answer<Category> {
        let request = self.saw(request);
        check_etag(&request.etag)?;
        match category(&request.category_id)? {
            category if category.id == "empty" => Ok(Response::new(category)),
            _ => Err(error(Code::FailedPrecondition, "CATEGORY_NOT_EMPTY", "mugs are in it")),
        }
    }
}

fn check_etag(asked: &str) -> Result<(), Status> {
    match asked {
        "" | "c1" => Ok(()),
        _ => Err(error(Code::Aborted, "ETAG_MISMATCH", "the category has changed since")),
    }
}
