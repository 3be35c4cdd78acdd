//! Every message type of the contract, with its generated Rust type.

use pbjson_types as protobuf;
use prost::Message;
use serde::Serialize;

use crate::{
    catalogue::v1 as catalogue,
    google::r#type as google,
    json::{self, Error, MessageType},
    search::v1 as search,
};

/// Appends an encoded message as JSON.
type Append = fn(&'static MessageType, &[u8], &mut Vec<u8>) -> Result<(), Error>;

/// A message type, with two ways from encoded bytes to JSON.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) message_type: &'static MessageType,
    /// The generated decoder and `serde_json`.
    pub(super) expected: fn(&[u8]) -> Option<String>,
    /// The transcoder.
    pub(super) append: Append,
}

fn case<M: Message + Default + Serialize>(name: String) -> Case {
    let message_type =
        MessageType::named(&name).unwrap_or_else(|| panic!("{name} is in the contract"));
    Case { name, message_type, expected: expected::<M>, append: json::append::<M> }
}

fn expected<M: Message + Default + Serialize>(encoded: &[u8]) -> Option<String> {
    M::decode(encoded).ok().and_then(|message| serde_json::to_string(&message).ok())
}

macro_rules! cases {
    ($($module:ident as $package:literal: $($message:ident,)+;)+) => {
        vec![$($(
            case::<$module::$message>(format!("{}.{}", $package, stringify!($message))),
        )+)+]
    };
}

pub(super) fn all() -> Vec<Case> {
    cases![
        catalogue as "catalogue.v1":
        AdjustStockRequest, Attribute, BatchGetProductsRequest,
        BatchGetProductsResponse, BrowseProductsRequest, BrowseProductsResponse,
        Category, CategoryPath, Change, CommitReservationRequest, CreateCategoryRequest, GetReservationRequest,
        CreateKeyRequest, CreatedKey, Key, KeyDigest, ListKeysRequest, ListKeysResponse,
        RevokeKeyRequest, RotateKeyRequest, WatchKeysRequest, WatchKeysResponse, PageTokenKey,
        RotatePageTokenKeyRequest, RotatePageTokenKeyResponse, AdoptSettingsRequest,
        AdoptSettingsResponse, DeleteSettingRequest, ListSettingChangesRequest,
        ListSettingChangesResponse, PutSettingRequest, Setting, WatchSettingsRequest,
        WatchSettingsResponse,
        CreateProductRequest, DeleteCategoryRequest, DeleteProductRequest,
        ExportProductsRequest, ExportProductsResponse, GetCategoryRequest,
        GetProductRequest, GetStockRequest, GetStockResponse, GetWatermarkRequest,
        GetWatermarkResponse, Heartbeat, ImportOptions, ImportProductsRequest,
        ImportProductsResponse, ImportRow, ListCategoriesRequest,
        ListCategoriesResponse, ListChangesRequest, ListChangesResponse,
        ListProductRevisionsRequest, ListProductRevisionsResponse, ListProductsRequest,
        Media, MoveCategoryRequest, OptionValue, Product, ProductDiff, ProductRevision,
        RejectedRow, ReleaseReservationRequest, Reservation, ReservationLine,
        ReserveStockRequest, RevertProductRequest, RowDiff, SearchHit, SearchRequest,
        SearchResponse, SetStockRequest, SnapshotComplete, StockLevel,
        UndeleteProductRequest, UpdateCategoryRequest, UpdateProductRequest, Variant,
        WatchAvailabilityRequest, WatchAvailabilityResponse, WatchChangesRequest,
        WatchChangesResponse,;
        search as "search.v1":
        Boost, Condition, Control, DeleteControlRequest, DeleteControlResponse,
        DeleteSynonymRequest, DeleteSynonymResponse, ExplainHitRequest,
        ExplainHitResponse, Facet, FacetValue, Fragment, GetIndexStatusRequest,
        GetIndexStatusResponse, GetRankingRequest, GetStopWordsRequest, Highlight,
        ListControlsRequest, ListControlsResponse, ListQueryStatsRequest,
        ListQueryStatsResponse, ListSynonymsRequest, ListSynonymsResponse,
        PreviewControlRequest, PreviewControlResponse, PutControlRequest,
        PutSynonymRequest, QueryStat, Ranking, RebuildIndexRequest,
        RebuildIndexResponse, SearchHit, SearchRequest, SearchResponse,
        SetRankingRequest, SetStopWordsRequest, StopWords, SuggestRequest,
        SuggestResponse, Suggestion, Synonym, UnderstoodSpan, WordExplanation,;
        google as "google.type": Money,;
        protobuf as "google.protobuf": Duration, FieldMask, Timestamp,;
    ]
}
