//! Every message type of the contract, with its generated Rust type.

use pbjson_types as protobuf;
use prost::Message;
use serde::{Serialize, de::DeserializeOwned};

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
    pub(super) expected: fn(&[u8]) -> Expected,
    /// The transcoder.
    pub(super) append: Append,
    /// Encodes a message that is read from JSON.
    pub(super) parse: fn(&str) -> Result<Vec<u8>, serde_json::Error>,
    /// Encodes a message again, in canonical form.
    pub(super) encode: fn(&[u8]) -> Vec<u8>,
}

/// The outcome of the generated code for encoded bytes.
pub(super) enum Expected {
    Json(String),
    /// A message that it cannot write, such as one with an unknown enum number.
    NoForm,
    Undecodable,
}

fn case<M: Message + Default + Serialize + DeserializeOwned>(name: String) -> Case {
    let message_type =
        MessageType::named(&name).unwrap_or_else(|| panic!("{name} is in the contract"));
    Case {
        name,
        message_type,
        expected: expected::<M>,
        append: json::append::<M>,
        parse: |json| serde_json::from_str(json).map(|message: M| message.encode_to_vec()),
        encode: |encoded| M::decode(encoded).unwrap().encode_to_vec(),
    }
}

fn expected<M: Message + Default + Serialize>(encoded: &[u8]) -> Expected {
    match M::decode(encoded).map(|message| serde_json::to_string(&message)) {
        Ok(Ok(json)) => Expected::Json(json),
        Ok(Err(_)) => Expected::NoForm,
        Err(_) => Expected::Undecodable,
    }
}

/// The library writes `+00:00`, years of any length, and leap seconds.
fn expected_time(encoded: &[u8]) -> Expected {
    let Ok(time) = protobuf::Timestamp::decode(encoded) else { return Expected::Undecodable };
    match serde_json::to_string(&time) {
        Ok(json)
            if json.as_bytes()[1].is_ascii_digit()
                && !json.starts_with("\"0000")
                && (0..1_000_000_000).contains(&time.nanos) =>
        {
            Expected::Json(json.replace("+00:00\"", "Z\""))
        }
        _ => Expected::NoForm,
    }
}

macro_rules! cases {
    ($($module:ident as $package:literal: $($message:ident,)+;)+) => {
        vec![$($(
            case::<$module::$message>(format!("{}.{}", $package, stringify!($message))),
        )+)+]
    };
}

pub(super) fn all() -> Vec<Case> {
    let mut cases = cases![
        catalogue as "catalogue.v1":
        AdjustStockRequest, Attribute, BatchGetProductsRequest,
        BatchGetProductsResponse, BrowseProductsRequest, BrowseProductsResponse,
        CancelImportRequest, Category, CategoryPath, Change, CommitReservationRequest, Cost, CreateCategoryRequest, CurrencyPrice, Dimensions,
        GetReservationRequest, GetInstanceRequest, Instance, InstanceCondition, InstanceEdge, InstanceIndex,
        InstanceLatency, SalePeriod, Weight,
        AuditEvent, ErasePersonRequest, ErasePersonResponse, KeyUse, ListAuditEventsRequest,
        ListAuditEventsResponse, RecordAuditEventsRequest, RecordAuditEventsResponse,
        CreateKeyRequest, CreatedKey, Key, KeyDigest, ListKeysRequest, ListKeysResponse,
        RevokeKeyRequest, RotateKeyRequest, WatchKeysRequest, WatchKeysResponse, PageTokenKey,
        RotatePageTokenKeyRequest, RotatePageTokenKeyResponse, CreateSessionRequest,
        CreatedSession, EndSessionsRequest, EndSessionsResponse, SessionHolder, AdoptSettingsRequest,
        AdoptSettingsResponse, DeleteSettingRequest, ListSettingChangesRequest,
        ListSettingChangesResponse, PutSettingRequest, Setting, WatchSettingsRequest,
        WatchSettingsResponse,
        CreateProductRequest, DeleteCategoryRequest, DeleteProductRequest,
        ExportProductsRequest, ExportProductsResponse, GetCategoryRequest,
        GetImportRequest, Import, ImportFailure, ImportParameter, ImportRejectCount, ImportReport, ListImportsRequest,
        ListImportsResponse, ReportImportRequest,
        GetProductRequest, GetStockRequest, GetStockResponse, GetWatermarkRequest,
        GetWatermarkResponse, Heartbeat, ImportOptions, ImportProductsRequest,
        ImportProductsResponse, ImportRow, ListCategoriesRequest,
        ListCategoriesResponse, ListChangesRequest, ListChangesResponse,
        ListProductRevisionsRequest, ListProductRevisionsResponse, ListProductsRequest,
        Media, MoveCategoryRequest, OptionValue, Product, ProductDiff, ProductRevision,
        RejectedRow, ReleaseReservationRequest, Reservation, ReservationLine,
        ReserveStockRequest, RevertProductRequest, RowDiff, SearchHit, SearchRequest,
        SearchResponse, SetStockRequest, SnapshotComplete, StockLevel,
        UndeleteProductRequest, UndoConflict, UndoImportRequest, UndoImportResponse,
        UpdateCategoryRequest, UpdateProductRequest, Variant,
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
        protobuf as "google.protobuf": Duration, FieldMask,;
    ];
    let time = case::<protobuf::Timestamp>("google.protobuf.Timestamp".to_owned());
    cases.push(Case { expected: expected_time, ..time });
    cases
}
