//! Lists of products: as a stream, or in pages.

use bytes::Bytes;
use futures::{StreamExt as _, stream};
use page_token::Keyring;
use prost::Message as _;
use proto::catalogue::v1::{BrowseProductsRequest, BrowseProductsResponse, ListProductsRequest};
use tonic::{
    Request,
    codegen::BoxStream,
    metadata::{MetadataMap, MetadataValue},
};

use super::{
    message_budget::MessageBudget,
    pages::{PageRequest, PageTokens, RawPageRequest, RawSelection},
    product_messages,
    product_scan::ProductScan,
    stream_sender::{self, StreamSender},
    visible::{Visible, visible},
};
use crate::{
    domain::{Error, Result},
    store::{Store, encoded_id},
};

const DEFAULT_PAGE: usize = 50;
const MAX_PAGE: usize = 1_000;
/// Approximate size of the chunks that a stream's channel holds, in bytes. The stall timeout applies
/// to each chunk.
const CHUNK_BYTES: usize = 16 << 10;
/// Capacity of a stream's channel, in chunks.
const CAPACITY: usize = 4;

/// Lists products.
pub(super) struct Lists {
    pub(super) store: Store,
    pub(super) page_tokens: Keyring,
}

impl Lists {
    /// Streams a page, followed by trailers with the token of the next page.
    ///
    /// # Errors
    /// The request is malformed, or its category does not exist.
    pub(super) fn list(self, request: Request<ListProductsRequest>) -> Result<BoxStream<Bytes>> {
        let (deadline, visible) = (stream_sender::deadline(&request), visible(&request));
        let request = request.into_inner();
        let raw = RawPageRequest {
            size: request.page_size,
            token: &request.page_token,
            selection: RawSelection {
                category_id: &request.category_id,
                filter: &request.filter,
                show_deleted: request.show_deleted,
                may_be_stale: request.min_revision.is_empty(),
                visible,
            },
        };
        let page = self.list_tokens().parse(&self.store, raw)?;
        let background = self.store.background().clone();
        let chunks = stream_sender::stream(&background, CAPACITY, deadline, async move |sender| {
            Ok(sender.unless_closed(self.send(page, &sender)).await?)
        });
        let products = chunks.flat_map(|chunk| match chunk {
            Ok(products) => stream::iter(products.into_iter().map(Ok)).left_stream(),
            Err(end) => stream::iter([Err(end)]).right_stream(),
        });
        Ok(products.boxed())
    }

    /// Returns one page, encoded. With a filter that hardly anything matches it may be short, or
    /// empty, and still have a next page.
    ///
    /// # Errors
    /// The request is malformed, its category does not exist, or the store cannot be read.
    pub(super) async fn browse(
        &self,
        request: BrowseProductsRequest,
        visible: Visible,
    ) -> Result<Bytes> {
        let tokens = PageTokens { keyring: &self.page_tokens, purpose: "browse" };
        let raw = RawPageRequest {
            size: request.page_size,
            token: &request.page_token,
            selection: RawSelection {
                category_id: &request.category_id,
                filter: &request.filter,
                show_deleted: request.show_deleted,
                may_be_stale: request.min_revision.is_empty(),
                visible,
            },
        };
        let page = tokens.parse(&self.store, raw)?;
        self.page(page, &tokens).await
    }

    /// Sends a page and returns its trailers.
    async fn send(
        &self,
        page: PageRequest,
        sender: &StreamSender<Vec<Bytes>>,
    ) -> Result<MetadataMap> {
        let mut left = if page.size == 0 { usize::MAX } else { page.size };
        let mut scan = ProductScan::new(&self.store, &page.selection, page.after);
        if left <= MAX_PAGE {
            scan = scan.cached();
        }
        let (mut last, mut has_more) = (None, false);
        while !has_more {
            // One more than the page has, to know whether another page follows.
            let mut products = scan.next_encoded(left.saturating_add(1)).await?;
            if products.messages.is_empty() {
                break;
            }
            has_more = products.messages.len() > left;
            products.messages.truncate(left);
            left -= products.messages.len();
            last = products.last().or(last);
            for chunk in chunks(CHUNK_BYTES, products.messages) {
                sender.send(chunk).await?;
            }
        }
        let mut trailers = MetadataMap::new();
        if let Some(last) = last.filter(|_| has_more) {
            let token = self.list_tokens().seal(last.as_str(), &page.selection);
            let token =
                MetadataValue::try_from(token).map_err(|error| Error::Store(error.into()))?;
            trailers.insert("next-page-token", token);
        }
        Ok(trailers)
    }

    async fn page(&self, page: PageRequest, tokens: &PageTokens<'_>) -> Result<Bytes> {
        let total_size = match (&page.after, &page.selection.filter) {
            (None, None) => Some(self.total(&page).await?),
            _ => None,
        };
        let size = if page.size == 0 { DEFAULT_PAGE } else { page.size.min(MAX_PAGE) };
        let mut scan =
            ProductScan::new(&self.store, &page.selection, page.after).limited().cached();
        let (mut response, mut budget) = (Vec::new(), MessageBudget::default());
        let (mut left, mut last, mut has_more) = (size, None, false);
        while !has_more {
            // One more than the page has, to know whether another page follows.
            let batch = scan.next_encoded(left + 1).await?;
            if batch.messages.is_empty() {
                break;
            }
            let wanted = batch.messages.iter().take(left);
            let fitting = wanted.take_while(|product| budget.take_bytes(product.len())).count();
            batch.messages[..fitting]
                .iter()
                .for_each(|it| product_messages::append(it, &mut response));
            last = batch.messages[..fitting].last().and_then(|it| encoded_id(it)).or(last);
            has_more = fitting < batch.messages.len();
            left -= fitting;
        }
        let more = last.filter(|_| has_more);
        let next_page_token = match more.as_ref().or_else(|| scan.stopped_after()) {
            Some(last) => tokens.seal(last.as_str(), &page.selection),
            None => String::new(),
        };
        let rest = BrowseProductsResponse { products: Vec::new(), next_page_token, total_size };
        response.extend_from_slice(&rest.encode_to_vec());
        Ok(response.into())
    }

    async fn total(&self, page: &PageRequest) -> Result<i32> {
        let category = page.selection.category.as_ref();
        let total = if page.selection.show_deleted {
            self.store.count_with_deleted(category).await?
        } else {
            let counts = self.store.counts().await?;
            category.map_or(counts.all, |category| counts.of(category).all)
        };
        Ok(i32::try_from(total).unwrap_or(i32::MAX))
    }

    fn list_tokens(&self) -> PageTokens<'_> {
        PageTokens { keyring: &self.page_tokens, purpose: "list" }
    }
}

/// Splits messages into chunks that each end with the message that reaches `size` bytes.
fn chunks(size: usize, messages: Vec<Bytes>) -> Vec<Vec<Bytes>> {
    let mut chunks = vec![Vec::new()];
    let mut bytes = 0;
    for message in messages {
        if bytes >= size {
            chunks.push(Vec::new());
            bytes = 0;
        }
        bytes += message.len();
        if let Some(chunk) = chunks.last_mut() {
            chunk.push(message);
        }
    }
    chunks
}
