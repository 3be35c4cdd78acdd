//! `TransferService`: products in bulk, in and out.

use std::time::Duration;

use proto::catalogue::v1::{
    self as wire, ExportProductsRequest, ExportProductsResponse, ImportProductsRequest,
    ImportProductsResponse, RejectedRow,
};
use tokio::time::timeout;
use tonic::{Request, Response, Status, Streaming, codegen::BoxStream, metadata::MetadataMap};

use super::{
    answer::{messages, portions},
    convert,
    outlet::{self, Outlet},
    pages::check_exists,
    row,
    walk::Walk,
    write,
};
use crate::{
    domain::{CategoryId, Error, Result, Violations},
    import::{Reject, Row},
    store::Store,
};

/// Rows a message may have.
const MAX_ROWS: usize = 1_000;
/// Rows settled in one transaction.
const BATCH: usize = 500;
/// Bytes of rows that wait for their transaction at most; a message more at the worst.
const BATCH_BYTES: usize = 4 << 20;
/// How long rows wait for more before they are settled.
const PAUSE: Duration = Duration::from_millis(20);
/// Messages ahead of a reader.
const CAPACITY: usize = 2;

pub(super) struct Service {
    pub(super) store: Store,
}

#[tonic::async_trait]
impl wire::transfer_service_server::TransferService for Service {
    async fn import_products(
        &self,
        request: Request<Streaming<ImportProductsRequest>>,
    ) -> Result<Response<BoxStream<ImportProductsResponse>>, Status> {
        let actor = write::actor(request.metadata())?;
        let (store, requests) = (self.store.clone(), request.into_inner());
        let background = self.store.background();
        let answers = outlet::stream(background, CAPACITY, async move |outlet| {
            Import::new(&store, actor, outlet).run(requests).await
        });
        Ok(Response::new(answers))
    }

    async fn export_products(
        &self,
        request: Request<ExportProductsRequest>,
    ) -> Result<Response<BoxStream<ExportProductsResponse>>, Status> {
        let mut violations = Violations::default();
        let id = &request.get_ref().category_id;
        let category = convert::optional_category_id("category_id", id, &mut violations);
        violations.check()?;
        check_exists(&self.store, category.as_ref())?;
        let store = self.store.clone();
        let background = self.store.background();
        let products = outlet::stream(background, CAPACITY, async move |outlet| {
            export(&store, category, outlet).await?;
            Ok(MetadataMap::new())
        });
        Ok(Response::new(products))
    }
}

async fn export(
    store: &Store,
    category: Option<CategoryId>,
    outlet: Outlet<ExportProductsResponse>,
) -> Result<()> {
    let mut walk = Walk::new(store, category.as_ref(), None);
    loop {
        let products = messages(store, walk.next(usize::MAX).await?).await?;
        if products.is_empty() {
            return Ok(());
        }
        for products in portions(products) {
            outlet.send(ExportProductsResponse { products }).await?;
        }
    }
}

/// One import call.
struct Import<'a> {
    store: &'a Store,
    /// Who imports.
    actor: String,
    outlet: Outlet<ImportProductsResponse>,
    /// Taken, not yet settled.
    rows: Vec<Row>,
    bytes: usize,
    /// The line of the last row read.
    line: i64,
    /// The next answer: counts from the beginning, rejects since the last one.
    answer: ImportProductsResponse,
    answered: bool,
}

impl<'a> Import<'a> {
    fn new(store: &'a Store, actor: String, outlet: Outlet<ImportProductsResponse>) -> Self {
        let answer = ImportProductsResponse::default();
        Self { store, actor, outlet, rows: Vec::new(), bytes: 0, line: 0, answer, answered: false }
    }

    async fn run(
        mut self,
        mut requests: Streaming<ImportProductsRequest>,
    ) -> Result<MetadataMap, Status> {
        loop {
            let next = if self.waits() {
                match timeout(PAUSE, requests.message()).await {
                    Ok(next) => next,
                    Err(_pause) => {
                        self.settle().await?;
                        continue;
                    }
                }
            } else {
                requests.message().await
            };
            let Some(request) = next? else { break };
            self.take(request).await?;
        }
        if self.waits() || !self.answered {
            self.settle().await?;
        }
        Ok(MetadataMap::new())
    }

    /// Whether there is something the client has not been told of.
    fn waits(&self) -> bool {
        self.answer.acknowledged_line < self.line
    }

    async fn take(&mut self, request: ImportProductsRequest) -> Result<()> {
        if request.rows.len() > MAX_ROWS {
            return Err(Error::field("rows", format!("must be at most {MAX_ROWS} a message")));
        }
        for (index, row) in request.rows.into_iter().enumerate() {
            if row.line <= self.line {
                let rule = format!("must be more than the line before it, {}", self.line);
                return Err(Error::field(format!("rows[{index}].line"), rule));
            }
            self.line = row.line;
            self.bytes += row::bytes(&row);
            match row::parse(row)? {
                Ok(row) => self.rows.push(row),
                Err(reject) => self.reject(reject),
            }
            let waiting = self.rows.len() + self.answer.rejects.len();
            if waiting >= BATCH || self.bytes >= BATCH_BYTES {
                self.settle().await?;
            }
        }
        Ok(())
    }

    /// Stores what waits and says so.
    async fn settle(&mut self) -> Result<()> {
        self.bytes = 0;
        let rows = std::mem::take(&mut self.rows);
        if !rows.is_empty() {
            let outcome = self.store.settle(self.actor.clone(), rows).await?;
            self.answer.created += outcome.created;
            self.answer.updated += outcome.updated;
            self.answer.unchanged += outcome.unchanged;
            outcome.rejects.into_iter().for_each(|reject| self.reject(reject));
        }
        self.answer.acknowledged_line = self.line;
        self.answer.rejects.sort_by_key(|reject| reject.line);
        let next = ImportProductsResponse {
            acknowledged_line: self.answer.acknowledged_line,
            created: self.answer.created,
            updated: self.answer.updated,
            unchanged: self.answer.unchanged,
            rejected: self.answer.rejected,
            ..Default::default()
        };
        let answer = std::mem::replace(&mut self.answer, next);
        self.answered = true;
        self.outlet.send(answer).await
    }

    fn reject(&mut self, reject: Reject) {
        let Reject { line, reason, field, message } = reject;
        self.answer.rejected += 1;
        self.answer.rejects.push(RejectedRow { line, reason: reason.to_owned(), field, message });
    }
}
