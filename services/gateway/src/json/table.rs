//! Every method of the contract that is one message in and one out, as HTTP has it.
//!
//! The paths are those of the contract's `google.api.http` annotations: the OpenAPI document is
//! made from these, and a test compares the two. Search has a handler of its own.

use http::Method;
use proto::{
    catalogue::v1::{
        AdjustStockRequest, BatchGetProductsRequest, BatchGetProductsResponse,
        BrowseProductsRequest, BrowseProductsResponse, Category, CommitReservationRequest,
        CreateCategoryRequest, CreateProductRequest, DeleteCategoryRequest, DeleteProductRequest,
        GetCategoryRequest, GetProductRequest, GetStockRequest, GetStockResponse,
        GetWatermarkRequest, GetWatermarkResponse, ListCategoriesRequest, ListCategoriesResponse,
        ListChangesRequest, ListChangesResponse, ListProductRevisionsRequest,
        ListProductRevisionsResponse, MoveCategoryRequest, Product, ReleaseReservationRequest,
        Reservation, ReserveStockRequest, RevertProductRequest, SetStockRequest, StockLevel,
        UndeleteProductRequest, UpdateCategoryRequest, UpdateProductRequest,
    },
    search::v1::{
        Control, DeleteControlRequest, DeleteControlResponse, DeleteSynonymRequest,
        DeleteSynonymResponse, ExplainHitRequest, ExplainHitResponse, GetIndexStatusRequest,
        GetIndexStatusResponse, GetRankingRequest, GetStopWordsRequest, ListControlsRequest,
        ListControlsResponse, ListQueryStatsRequest, ListQueryStatsResponse, ListSynonymsRequest,
        ListSynonymsResponse, PreviewControlRequest, PreviewControlResponse, PutControlRequest,
        PutSynonymRequest, Ranking, RebuildIndexRequest, RebuildIndexResponse, SetRankingRequest,
        SetStopWordsRequest, StopWords, SuggestRequest, SuggestResponse, Synonym,
    },
};
use serde::de::DeserializeOwned;

use super::{
    binding::{
        Binding,
        Body::{self, Field, Whole},
    },
    transcode::transcode,
};

const NONE: Body = Body::None;
const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PATCH: Method = Method::PATCH;
const PUT: Method = Method::PUT;
const DELETE: Method = Method::DELETE;

/// One line: the request and its answer; then the method, the path, what the body is, who is asked.
const fn line<Q, A>(
    method: Method,
    template: &'static str,
    body: Body,
    rpc: &'static str,
) -> Binding
where
    Q: prost::Message + DeserializeOwned + 'static,
    A: prost::Message + Default + 'static,
{
    Binding { method, template, body, rpc, handler: transcode::<Q, A> }
}

#[rustfmt::skip]
pub(super) static TABLE: [Binding; 40] = [
    line::<BrowseProductsRequest, BrowseProductsResponse>(
        GET, "/v1/products", NONE, "/catalogue.v1.CatalogueService/BrowseProducts"),
    line::<BatchGetProductsRequest, BatchGetProductsResponse>(
        GET, "/v1/products:batchGet", NONE, "/catalogue.v1.CatalogueService/BatchGetProducts"),
    line::<GetProductRequest, Product>(
        GET, "/v1/products/{product_id}", NONE, "/catalogue.v1.CatalogueService/GetProduct"),
    line::<CreateProductRequest, Product>(
        POST, "/v1/products", Field("product"), "/catalogue.v1.CatalogueService/CreateProduct"),
    line::<UpdateProductRequest, Product>(
        PATCH, "/v1/products/{product.id}", Field("product"),
        "/catalogue.v1.CatalogueService/UpdateProduct"),
    // Not in the contract: a change of all that can be written.
    line::<UpdateProductRequest, Product>(
        PUT, "/v1/products/{product.id}", Field("product"),
        "/catalogue.v1.CatalogueService/UpdateProduct"),
    line::<DeleteProductRequest, Product>(
        DELETE, "/v1/products/{product_id}", NONE, "/catalogue.v1.CatalogueService/DeleteProduct"),
    line::<UndeleteProductRequest, Product>(
        POST, "/v1/products/{product_id}:undelete", Whole,
        "/catalogue.v1.CatalogueService/UndeleteProduct"),
    line::<ListProductRevisionsRequest, ListProductRevisionsResponse>(
        GET, "/v1/products/{product_id}/revisions", NONE,
        "/catalogue.v1.CatalogueService/ListProductRevisions"),
    line::<RevertProductRequest, Product>(
        POST, "/v1/products/{product_id}:revert", Whole,
        "/catalogue.v1.CatalogueService/RevertProduct"),

    line::<ListCategoriesRequest, ListCategoriesResponse>(
        GET, "/v1/categories", NONE, "/catalogue.v1.CategoryService/ListCategories"),
    line::<GetCategoryRequest, Category>(
        GET, "/v1/categories/{category_id}", NONE, "/catalogue.v1.CategoryService/GetCategory"),
    line::<CreateCategoryRequest, Category>(
        POST, "/v1/categories", Field("category"), "/catalogue.v1.CategoryService/CreateCategory"),
    line::<UpdateCategoryRequest, Category>(
        PATCH, "/v1/categories/{category.id}", Field("category"),
        "/catalogue.v1.CategoryService/UpdateCategory"),
    line::<MoveCategoryRequest, Category>(
        POST, "/v1/categories/{category_id}:move", Whole,
        "/catalogue.v1.CategoryService/MoveCategory"),
    line::<DeleteCategoryRequest, Category>(
        DELETE, "/v1/categories/{category_id}", NONE,
        "/catalogue.v1.CategoryService/DeleteCategory"),

    line::<GetStockRequest, GetStockResponse>(
        GET, "/v1/products/{product_id}/stock", NONE, "/catalogue.v1.StockService/GetStock"),
    line::<AdjustStockRequest, StockLevel>(
        POST, "/v1/products/{product_id}:adjustStock", Whole,
        "/catalogue.v1.StockService/AdjustStock"),
    line::<SetStockRequest, StockLevel>(
        POST, "/v1/products/{product_id}:setStock", Whole, "/catalogue.v1.StockService/SetStock"),
    line::<ReserveStockRequest, Reservation>(
        POST, "/v1/reservations", Whole, "/catalogue.v1.StockService/ReserveStock"),
    line::<CommitReservationRequest, Reservation>(
        POST, "/v1/reservations/{reservation_id}:commit", Whole,
        "/catalogue.v1.StockService/CommitReservation"),
    line::<ReleaseReservationRequest, Reservation>(
        POST, "/v1/reservations/{reservation_id}:release", Whole,
        "/catalogue.v1.StockService/ReleaseReservation"),

    line::<ListChangesRequest, ListChangesResponse>(
        GET, "/v1/changes:list", NONE, "/catalogue.v1.FeedService/ListChanges"),
    line::<GetWatermarkRequest, GetWatermarkResponse>(
        GET, "/v1/changes:watermark", NONE, "/catalogue.v1.FeedService/GetWatermark"),

    line::<GetIndexStatusRequest, GetIndexStatusResponse>(
        GET, "/v1/search/status", NONE, "/search.v1.SearchAdminService/GetIndexStatus"),
    line::<SuggestRequest, SuggestResponse>(
        GET, "/v1/suggest", NONE, "/search.v1.SearchService/Suggest"),
    line::<ExplainHitRequest, ExplainHitResponse>(
        GET, "/v1/search/explain", NONE, "/search.v1.SearchService/ExplainHit"),
    line::<RebuildIndexRequest, RebuildIndexResponse>(
        POST, "/v1/search/status:rebuild", Whole, "/search.v1.SearchAdminService/RebuildIndex"),
    line::<ListSynonymsRequest, ListSynonymsResponse>(
        GET, "/v1/search/synonyms", NONE, "/search.v1.SearchAdminService/ListSynonyms"),
    line::<PutSynonymRequest, Synonym>(
        PUT, "/v1/search/synonyms/{synonym.id}", Field("synonym"),
        "/search.v1.SearchAdminService/PutSynonym"),
    line::<DeleteSynonymRequest, DeleteSynonymResponse>(
        DELETE, "/v1/search/synonyms/{synonym_id}", NONE,
        "/search.v1.SearchAdminService/DeleteSynonym"),
    line::<GetStopWordsRequest, StopWords>(
        GET, "/v1/search/stop-words", NONE, "/search.v1.SearchAdminService/GetStopWords"),
    line::<SetStopWordsRequest, StopWords>(
        PUT, "/v1/search/stop-words", Field("stop_words"),
        "/search.v1.SearchAdminService/SetStopWords"),
    line::<GetRankingRequest, Ranking>(
        GET, "/v1/search/ranking", NONE, "/search.v1.SearchAdminService/GetRanking"),
    line::<SetRankingRequest, Ranking>(
        PUT, "/v1/search/ranking", Field("ranking"), "/search.v1.SearchAdminService/SetRanking"),
    line::<ListControlsRequest, ListControlsResponse>(
        GET, "/v1/search/controls", NONE, "/search.v1.SearchAdminService/ListControls"),
    line::<PutControlRequest, Control>(
        PUT, "/v1/search/controls/{control.id}", Field("control"),
        "/search.v1.SearchAdminService/PutControl"),
    line::<DeleteControlRequest, DeleteControlResponse>(
        DELETE, "/v1/search/controls/{control_id}", NONE,
        "/search.v1.SearchAdminService/DeleteControl"),
    line::<PreviewControlRequest, PreviewControlResponse>(
        POST, "/v1/search/controls:preview", Whole,
        "/search.v1.SearchAdminService/PreviewControl"),
    line::<ListQueryStatsRequest, ListQueryStatsResponse>(
        GET, "/v1/search/queries", NONE, "/search.v1.SearchAdminService/ListQueryStats"),
];
