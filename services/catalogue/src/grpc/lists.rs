//! Lists of products: streamed, or a page at a time.

use chassis::token::Signer;
use proto::catalogue::v1::{
    self as wire, BrowseProductsRequest, BrowseProductsResponse, ListProductsRequest,
};
use tonic::{
    Request,
    codegen::BoxStream,
    metadata::{MetadataMap, MetadataValue},
};

use super::{
    answer::{Room, messages},
    outlet::{self, Outlet},
    pages::{Asked, AskedSelection, PageRequest, Tokens},
    walk::{self, Walk},
};
use crate::{
    domain::{Error, Result},
    store::Store,
};

const DEFAULT_PAGE: usize = 50;
const MAX_PAGE: usize = 1_000;

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
    pub(super) fn list(
        self,
        request: Request<ListProductsRequest>,
    ) -> Result<BoxStream<wire::Product>> {
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
        Ok(outlet::stream(&background, walk::BATCH, deadline, async move |outlet| {
            Ok(outlet.while_read(self.send(page, &outlet)).await?)
        }))
    }

    /// Answers with one page.
    ///
    /// # Errors
    /// The request is malformed, its category does not exist, or the store cannot be read.
    pub(super) async fn browse(
        &self,
        request: BrowseProductsRequest,
    ) -> Result<BrowseProductsResponse> {
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
    async fn send(&self, page: PageRequest, outlet: &Outlet<wire::Product>) -> Result<MetadataMap> {
        let mut left = if page.size == 0 { usize::MAX } else { page.size };
        let mut walk = Walk::new(&self.store, &page.selection, page.after);
        let mut last = String::new();
        loop {
            let products = messages(&self.store, walk.next(left).await?).await?;
            if products.is_empty() {
                break;
            }
            left -= products.len();
            for product in products {
                last.clone_from(&product.id);
                outlet.send(product).await?;
            }
        }
        let mut trailers = MetadataMap::new();
        if left == 0 && walk.has_more().await? {
            let token = self.list_tokens().seal(&last, &page.selection);
            let token =
                MetadataValue::try_from(token).map_err(|error| Error::Store(error.into()))?;
            trailers.insert("next-page-token", token);
        }
        Ok(trailers)
    }

    async fn page(&self, page: PageRequest, tokens: &Tokens<'_>) -> Result<BrowseProductsResponse> {
        let total_size = match (&page.after, &page.selection.filter) {
            (None, None) => self.total(&page).await?,
            _ => 0,
        };
        let size = if page.size == 0 { DEFAULT_PAGE } else { page.size.min(MAX_PAGE) };
        let mut walk = Walk::new(&self.store, &page.selection, page.after);
        let (mut products, mut room, mut full) = (Vec::new(), Room::default(), false);
        while products.len() < size && !full {
            let batch = messages(&self.store, walk.next(size - products.len()).await?).await?;
            if batch.is_empty() {
                break;
            }
            let count = batch.len();
            let fitting: Vec<_> =
                batch.into_iter().take_while(|product| room.take(product)).collect();
            full = fitting.len() < count;
            products.extend(fitting);
        }
        let next_page_token = match products.last() {
            Some(last) if full || walk.has_more().await? => tokens.seal(&last.id, &page.selection),
            _ => String::new(),
        };
        Ok(BrowseProductsResponse { products, next_page_token, total_size })
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
