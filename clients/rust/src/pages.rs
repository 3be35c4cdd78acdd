//! Walks over the items of all pages.

use async_stream::try_stream;
use futures::StreamExt as _;

use crate::{Client, Messages, Result};

/// A request for a page.
pub(crate) trait PageRequest: Clone + Send + Sync + 'static {
    fn set_page_token(&mut self, token: String);
}

/// A page.
pub(crate) trait Page: Send + 'static {
    type Item: Send + 'static;

    /// Its items, and the token of the next page; empty: it is the last.
    fn into_parts(self) -> (Vec<Self::Item>, String);
}

/// The items of the pages that `read` reads, one page ahead of none: a page is read when its first item is.
pub(crate) fn walk<Q, P, F>(
    client: Client,
    mut request: Q,
    read: impl Fn(Client, Q) -> F + Send + Sync + 'static,
) -> Messages<P::Item>
where
    Q: PageRequest,
    P: Page,
    F: Future<Output = Result<P>> + Send + 'static,
{
    try_stream! {
        loop {
            let page = read(client.clone(), request.clone()).await?;
            let (items, next) = page.into_parts();
            for item in items {
                yield item;
            }
            if next.is_empty() {
                break;
            }
            request.set_page_token(next);
        }
    }
    .boxed()
}
