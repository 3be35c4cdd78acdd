//! CategoryService, which stores nothing.

use proto::catalogue::v1::{category_service_server::CategoryService, *};
use tonic::{Code, Request, Response, Status};

use super::{Store, error};

#[tonic::async_trait]
impl CategoryService for Store {
    async fn list_categories(
        &self,
        _: Request<ListCategoriesRequest>,
    ) -> Result<Response<ListCategoriesResponse>, Status> {
        let category = |path: &[&str]| Category {
            id: path.join("-").to_lowercase(),
            name: (*path.last().unwrap()).to_owned(),
            path: path.iter().map(|name| (*name).to_owned()).collect(),
            product_count: 1_234,
            ..Category::default()
        };
        let categories = vec![category(&["Kitchen"]), category(&["Kitchen", "Mugs"])];
        Ok(Response::new(ListCategoriesResponse { categories }))
    }

    async fn create_category(
        &self,
        request: Request<CreateCategoryRequest>,
    ) -> Result<Response<Category>, Status> {
        let request = self.record(request);
        self.once(&request.request_id, || {
            let category = request.category.unwrap_or_default();
            let path = vec!["Kitchen".to_owned(), category.name.clone()];
            Ok(Category { id: "kitchen-mugs".to_owned(), path, ..category })
        })
    }

    async fn update_category(
        &self,
        request: Request<UpdateCategoryRequest>,
    ) -> Result<Response<Category>, Status> {
        let request = self.record(request);
        self.once(&request.request_id, || {
            assert_eq!(request.update_mask.unwrap_or_default().paths, ["name"]);
            Ok(request.category.unwrap_or_default())
        })
    }

    async fn move_category(
        &self,
        request: Request<MoveCategoryRequest>,
    ) -> Result<Response<Category>, Status> {
        let request = self.record(request);
        self.once(&request.request_id, || {
            if request.parent_id == request.category_id {
                let message = "a category cannot be below itself";
                return Err(error(Code::FailedPrecondition, "CATEGORY_CYCLE", message));
            }
            let (id, parent_id) = (request.category_id, request.parent_id);
            Ok(Category { id, parent_id, name: "Mugs".to_owned(), ..Category::default() })
        })
    }

    async fn delete_category(
        &self,
        request: Request<DeleteCategoryRequest>,
    ) -> Result<Response<Category>, Status> {
        let request = self.record(request);
        self.once(&request.request_id, || {
            let (id, etag) = (request.category_id, request.etag);
            Ok(Category { id, etag, name: "Mugs".to_owned(), ..Category::default() })
        })
    }
}
