//! The HTTP routes of all unary methods of the contract, except search, which has its own handler, and of undoing
//! imports, whose progress is lines.
//!
//! They repeat the contract's `google.api.http` annotations. The OpenAPI document is generated from the
//! annotations, and a test compares it with these routes.

use http::Method;
use proto::{
    catalogue::v1::{
        AdjustStockRequest, BatchGetProductsRequest, BatchGetProductsResponse,
        BrowseProductsRequest, BrowseProductsResponse, CancelImportRequest, Category,
        CommitReservationRequest, CreateCategoryRequest, CreateKeyRequest, CreateProductRequest,
        CreatedKey, DeleteCategoryRequest, DeleteProductRequest, ErasePersonRequest,
        ErasePersonResponse, GetCategoryRequest, GetImportRequest, GetProductRequest,
        GetReservationRequest, GetStockRequest, GetStockResponse, GetWatermarkRequest,
        GetWatermarkResponse, Import, Key, ListAuditEventsRequest, ListAuditEventsResponse,
        ListCategoriesRequest, ListCategoriesResponse, ListChangesRequest, ListChangesResponse,
        ListImportsRequest, ListImportsResponse, ListKeysRequest, ListKeysResponse,
        ListProductRevisionsRequest, ListProductRevisionsResponse, ListSettingChangesRequest,
        ListSettingChangesResponse, MoveCategoryRequest, Product, ReleaseReservationRequest,
        Reservation, ReserveStockRequest, RevertProductRequest, RevokeKeyRequest, RotateKeyRequest,
        RotatePageTokenKeyRequest, RotatePageTokenKeyResponse, SetStockRequest, StockLevel,
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
    undo,
};

const NONE: Body = Body::None;
const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PATCH: Method = Method::PATCH;
const PUT: Method = Method::PUT;
const DELETE: Method = Method::DELETE;

/// A route for the request message `Q` and the response message `A`.
const fn route<Q, A>(
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
pub(super) static ROUTES: [Binding; 53] = [
    route::<BrowseProductsRequest, BrowseProductsResponse>(
        GET, "/v1/products", NONE, "/catalogue.v1.CatalogueService/BrowseProducts"),
    route::<BatchGetProductsRequest, BatchGetProductsResponse>(
        GET, "/v1/products:batchGet", NONE, "/catalogue.v1.CatalogueService/BatchGetProducts"),
    route::<GetProductRequest, Product>(
        GET, "/v1/products/{product_id}", NONE, "/catalogue.v1.CatalogueService/GetProduct"),
    route::<CreateProductRequest, Product>(
        POST, "/v1/products", Field("product"), "/catalogue.v1.CatalogueService/CreateProduct"),
    route::<UpdateProductRequest, Product>(
        PATCH, "/v1/products/{product.id}", Field("product"),
        "/catalogue.v1.CatalogueService/UpdateProduct"),
    // Not annotated in the contract: replaces all writable fields.
    route::<UpdateProductRequest, Product>(
        PUT, "/v1/products/{product.id}", Field("product"),
        "/catalogue.v1.CatalogueService/UpdateProduct"),
    route::<DeleteProductRequest, Product>(
        DELETE, "/v1/products/{product_id}", NONE, "/catalogue.v1.CatalogueService/DeleteProduct"),
    route::<UndeleteProductRequest, Product>(
        POST, "/v1/products/{product_id}:undelete", Whole,
        "/catalogue.v1.CatalogueService/UndeleteProduct"),
    route::<ListProductRevisionsRequest, ListProductRevisionsResponse>(
        GET, "/v1/products/{product_id}/revisions", NONE,
        "/catalogue.v1.CatalogueService/ListProductRevisions"),
    route::<RevertProductRequest, Product>(
        POST, "/v1/products/{product_id}:revert", Whole,
        "/catalogue.v1.CatalogueService/RevertProduct"),

    route::<ListImportsRequest, ListImportsResponse>(
        GET, "/v1/imports", NONE, "/catalogue.v1.TransferService/ListImports"),
    route::<GetImportRequest, Import>(
        GET, "/v1/imports/{import_id}", NONE, "/catalogue.v1.TransferService/GetImport"),
    route::<CancelImportRequest, Import>(
        POST, "/v1/imports/{import_id}:cancel", Whole,
        "/catalogue.v1.TransferService/CancelImport"),
    Binding {
        method: POST,
        template: "/v1/imports/{import_id}:undo",
        body: Whole,
        rpc: "/catalogue.v1.TransferService/UndoImport",
        handler: undo::undo,
    },

    route::<ListCategoriesRequest, ListCategoriesResponse>(
        GET, "/v1/categories", NONE, "/catalogue.v1.CategoryService/ListCategories"),
    route::<GetCategoryRequest, Category>(
        GET, "/v1/categories/{category_id}", NONE, "/catalogue.v1.CategoryService/GetCategory"),
    route::<CreateCategoryRequest, Category>(
        POST, "/v1/categories", Field("category"), "/catalogue.v1.CategoryService/CreateCategory"),
    route::<UpdateCategoryRequest, Category>(
        PATCH, "/v1/categories/{category.id}", Field("category"),
        "/catalogue.v1.CategoryService/UpdateCategory"),
    route::<MoveCategoryRequest, Category>(
        POST, "/v1/categories/{category_id}:move", Whole,
        "/catalogue.v1.CategoryService/MoveCategory"),
    route::<DeleteCategoryRequest, Category>(
        DELETE, "/v1/categories/{category_id}", NONE,
        "/catalogue.v1.CategoryService/DeleteCategory"),

    route::<GetStockRequest, GetStockResponse>(
        GET, "/v1/products/{product_id}/stock", NONE, "/catalogue.v1.StockService/GetStock"),
    route::<AdjustStockRequest, StockLevel>(
        POST, "/v1/products/{product_id}:adjustStock", Whole,
        "/catalogue.v1.StockService/AdjustStock"),
    route::<SetStockRequest, StockLevel>(
        POST, "/v1/products/{product_id}:setStock", Whole, "/catalogue.v1.StockService/SetStock"),
    route::<ReserveStockRequest, Reservation>(
        POST, "/v1/reservations", Whole, "/catalogue.v1.StockService/ReserveStock"),
    route::<GetReservationRequest, Reservation>(
        GET, "/v1/reservations/{reservation_id}", NONE,
        "/catalogue.v1.StockService/GetReservation"),
    route::<CommitReservationRequest, Reservation>(
        POST, "/v1/reservations/{reservation_id}:commit", Whole,
        "/catalogue.v1.StockService/CommitReservation"),
    route::<ReleaseReservationRequest, Reservation>(
        POST, "/v1/reservations/{reservation_id}:release", Whole,
        "/catalogue.v1.StockService/ReleaseReservation"),

    route::<ListChangesRequest, ListChangesResponse>(
        GET, "/v1/changes:list", NONE, "/catalogue.v1.FeedService/ListChanges"),
    route::<GetWatermarkRequest, GetWatermarkResponse>(
        GET, "/v1/changes:watermark", NONE, "/catalogue.v1.FeedService/GetWatermark"),

    route::<CreateKeyRequest, CreatedKey>(
        POST, "/v1/keys", Whole, "/catalogue.v1.KeyService/CreateKey"),
    route::<ListKeysRequest, ListKeysResponse>(
        GET, "/v1/keys", NONE, "/catalogue.v1.KeyService/ListKeys"),
    route::<RevokeKeyRequest, Key>(
        POST, "/v1/keys/{key_id}:revoke", Whole, "/catalogue.v1.KeyService/RevokeKey"),
    route::<RotateKeyRequest, CreatedKey>(
        POST, "/v1/keys/{key_id}:rotate", Whole, "/catalogue.v1.KeyService/RotateKey"),

    route::<RotatePageTokenKeyRequest, RotatePageTokenKeyResponse>(
        POST, "/v1/page-token-keys:rotate", Whole, "/catalogue.v1.KeyService/RotatePageTokenKey"),

    route::<ListSettingChangesRequest, ListSettingChangesResponse>(
        GET, "/v1/settings/changes", NONE, "/catalogue.v1.SettingService/ListSettingChanges"),

    route::<ListAuditEventsRequest, ListAuditEventsResponse>(
        GET, "/v1/audit", NONE, "/catalogue.v1.AuditService/ListAuditEvents"),
    route::<ErasePersonRequest, ErasePersonResponse>(
        POST, "/v1/audit:erase", Whole, "/catalogue.v1.AuditService/ErasePerson"),

    route::<GetIndexStatusRequest, GetIndexStatusResponse>(
        GET, "/v1/search/status", NONE, "/search.v1.SearchAdminService/GetIndexStatus"),
    route::<SuggestRequest, SuggestResponse>(
        GET, "/v1/suggest", NONE, "/search.v1.SearchService/Suggest"),
    route::<ExplainHitRequest, ExplainHitResponse>(
        GET, "/v1/search/explain", NONE, "/search.v1.SearchService/ExplainHit"),
    route::<RebuildIndexRequest, RebuildIndexResponse>(
        POST, "/v1/search/status:rebuild", Whole, "/search.v1.SearchAdminService/RebuildIndex"),
    route::<ListSynonymsRequest, ListSynonymsResponse>(
        GET, "/v1/search/synonyms", NONE, "/search.v1.SearchAdminService/ListSynonyms"),
    route::<PutSynonymRequest, Synonym>(
        PUT, "/v1/search/synonyms/{synonym.id}", Field("synonym"),
        "/search.v1.SearchAdminService/PutSynonym"),
    route::<DeleteSynonymRequest, DeleteSynonymResponse>(
        DELETE, "/v1/search/synonyms/{synonym_id}", NONE,
        "/search.v1.SearchAdminService/DeleteSynonym"),
    route::<GetStopWordsRequest, StopWords>(
        GET, "/v1/search/stop-words", NONE, "/search.v1.SearchAdminService/GetStopWords"),
    route::<SetStopWordsRequest, StopWords>(
        PUT, "/v1/search/stop-words", Field("stop_words"),
        "/search.v1.SearchAdminService/SetStopWords"),
    route::<GetRankingRequest, Ranking>(
        GET, "/v1/search/ranking", NONE, "/search.v1.SearchAdminService/GetRanking"),
    route::<SetRankingRequest, Ranking>(
        PUT, "/v1/search/ranking", Field("ranking"), "/search.v1.SearchAdminService/SetRanking"),
    route::<ListControlsRequest, ListControlsResponse>(
        GET, "/v1/search/controls", NONE, "/search.v1.SearchAdminService/ListControls"),
    route::<PutControlRequest, Control>(
        PUT, "/v1/search/controls/{control.id}", Field("control"),
        "/search.v1.SearchAdminService/PutControl"),
    route::<DeleteControlRequest, DeleteControlResponse>(
        DELETE, "/v1/search/controls/{control_id}", NONE,
        "/search.v1.SearchAdminService/DeleteControl"),
    route::<PreviewControlRequest, PreviewControlResponse>(
        POST, "/v1/search/controls:preview", Whole,
        "/search.v1.SearchAdminService/PreviewControl"),
    route::<ListQueryStatsRequest, ListQueryStatsResponse>(
        GET, "/v1/search/queries", NONE, "/search.v1.SearchAdminService/ListQueryStats"),
];
