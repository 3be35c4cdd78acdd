//! Lists of products: streamed, or a page at a time.

use bytes::Bytes;
use futures::{StreamExt as _, stream};
use page_token::Signer;
use prost::Message as _;
use proto::catalogue::v1::{BrowseProductsRequest, BrowseProductsResponse, ListProductsRequest};
use tonic::{
    Request,
    codegen::BoxStream,
    metadata::{MetadataMap, MetadataValue},
};

use super::{
    answer::{self, Room},
    outlet::{self, Outlet},
    pages::{Asked, AskedSelection, PageRequest, Tokens},
    walk::Walk,
};
use crate::{
    domain::{Error, Result},
    store::{Store, encoded_id},
};

const DEFAULT_PAGE: usize = 50;
const MAX_PAGE: usize = 1_000;
/// A stream is handed products in portions of about this size, in bytes. A client that reads slowly
/// is given up when it does not read one in time.
const PORTION: usize = 16 << 10;
/// Portions ahead of a client.
const CAPACITY: usize = 4;

/// Answers requests for lists.
pub(super) struct Lists {
    pub(super) store: Store,
    pub(super) signer: Signer,
}

impl Lists {
    /// Streams a page, and tells in its trailers where to go on.
    ///
    /// # Errors
    /// The request is malformed, or its category does not exist.
    pub(super) fn list(self, request: Request<ListProductsRequest>) -> Result<BoxStream<Bytes>> {
        let deadline = outlet::deadline(&request);
        let request = request.into_inner();
        let asked = Asked {
            size: request.page_size,
            token: &request.page_token,
            selection: AskedSelection {
                category_id: &request.category_id,
                filter: &request.filter,
                show_deleted: request.show_deleted,
                may_be_behind: request.min_revision.is_empty(),
            },
        };
        let page = self.list_tokens().parse(&self.store, asked)?;
        let background = self.store.background().clone();
        let portions = outlet::stream(&background, CAPACITY, deadline, async move |outlet| {
            Ok(outlet.while_read(self.send(page, &outlet)).await?)
        });
        let products = portions.flat_map(|portion| match portion {
            Ok(products) => stream::iter(products.into_iter().map(Ok)).left_stream(),
            Err(end) => stream::iter([Err(end)]).right_stream(),
        });
        Ok(products.boxed())
    }

    /// Answers with one page.
    ///
    /// # Errors
    /// The request is malformed, its category does not exist, or the store cannot be read.
    pub(super) async fn browse(&self, request: BrowseProductsRequest) -> Result<Bytes> {
        let tokens = Tokens { signer: &self.signer, purpose: "browse" };
        let asked = Asked {
            size: request.page_size,
            token: &request.page_token,
            selection: AskedSelection {
                category_id: &request.category_id,
                filter: &request.filter,
                show_deleted: request.show_deleted,
                may_be_behind: request.min_revision.is_empty(),
            },
        };
        let page = tokens.parse(&self.store, asked)?;
        self.page(page, &tokens).await
    }

    /// Sends a page and returns the trailers behind it.
    async fn send(&self, page: PageRequest, outlet: &Outlet<Vec<Bytes>>) -> Result<MetadataMap> {
        let mut left = if page.size == 0 { usize::MAX } else { page.size };
        let mut walk = Walk::new(&self.store, &page.selection, page.after);
        let (mut last, mut has_more) = (None, false);
        while !has_more {
            // One more than is wanted tells whether there is more.
            let mut products = walk.next_encoded(left.saturating_add(1)).await?;
            if products.messages.is_empty() {
                break;
            }
            has_more = products.messages.len() > left;
            products.messages.truncate(left);
            left -= products.messages.len();
            last = products.last().or(last);
            for portion in of_size(PORTION, products.messages) {
                outlet.send(portion).await?;
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

    async fn page(&self, page: PageRequest, tokens: &Tokens<'_>) -> Result<Bytes> {
        let total_size = match (&page.after, &page.selection.filter) {
            (None, None) => self.total(&page).await?,
            _ => 0,
        };
        let size = if page.size == 0 { DEFAULT_PAGE } else { page.size.min(MAX_PAGE) };
        let mut walk = Walk::new(&self.store, &page.selection, page.after);
        let (mut response, mut room) = (Vec::new(), Room::default());
        let (mut left, mut last, mut has_more) = (size, None, false);
        while !has_more {
            // One more than is wanted tells whether there is more.
            let batch = walk.next_encoded(left + 1).await?;
            if batch.messages.is_empty() {
                break;
            }
            let wanted = batch.messages.iter().take(left);
            let fitting = wanted.take_while(|product| room.take_bytes(product.len())).count();
            batch.messages[..fitting].iter().for_each(|it| answer::append(it, &mut response));
            last = batch.messages[..fitting].last().and_then(|it| encoded_id(it)).or(last);
            has_more = fitting < batch.messages.len();
            left -= fitting;
        }
        let next_page_token = match last.filter(|_| has_more) {
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
            category.map_or(counts.all, |category| counts.of(category))
        };
        Ok(i32::try_from(total).unwrap_or(i32::MAX))
    }

    fn list_tokens(&self) -> Tokens<'_> {
        Tokens { signer: &self.signer, purpose: "list" }
    }
}

/// The messages in portions of about `size` bytes; one may be larger by its last message.
fn of_size(size: usize, messages: Vec<Bytes>) -> Vec<Vec<Bytes>> {
    let mut portions = vec![Vec::new()];
    let mut bytes = 0;
    for message in messages {
        if bytes >= size {
            portions.push(Vec::new());
            bytes = 0;
        }
        bytes += message.len();
        if let Some(portion) = portions.last_mut() {
            portion.push(message);
        }
    }
    portions
}
