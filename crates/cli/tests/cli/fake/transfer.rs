//! TransferService.

use std::sync::atomic::Ordering;

use futures::{StreamExt as _, stream};
use product_fields::{OfferField, OfferMessage, TextField};
use proto::catalogue::v1::{transfer_service_server::TransferService, *};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Request, Response, Status, Streaming};

use super::{ResponseStream, Store};

#[tonic::async_trait]
impl TransferService for Store {
    async fn import_products(
        &self,
        request: Request<Streaming<ImportProductsRequest>>,
    ) -> Result<Response<ResponseStream<ImportProductsResponse>>, Status> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let store = self.clone();
        let mut messages = request.into_inner();
        let (responses, receiver) = mpsc::channel(1);
        tokio::spawn(async move {
            let mut response = ImportProductsResponse::default();
            let mut options = ImportOptions::default();
            while let Ok(Some(message)) = messages.message().await {
                if let Some(first) = message.options {
                    options = first;
                }
                response.rejects.clear();
                response.diffs.clear();
                assert!(message.rows.len() <= 250, "{} rows", message.rows.len());
                for row in message.rows {
                    store.take(row, &options, &mut response);
                    if response.rejected > 0 && options.on_error() == import_options::OnError::Stop
                    {
                        response.stopped = true;
                        break;
                    }
                }
                let (cut, hang) = {
                    let mut faults = store.faults.lock().unwrap();
                    faults.messages += 1;
                    let now = Some(faults.messages);
                    (faults.cut == now, faults.hang == now)
                };
                if hang {
                    std::future::pending::<()>().await;
                }
                let outcome =
                    if cut { Err(Status::unavailable("restarting")) } else { Ok(response.clone()) };
                if responses.send(outcome).await.is_err() || cut || response.stopped {
                    return;
                }
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(receiver))))
    }

    async fn get_import(&self, _: Request<GetImportRequest>) -> Result<Response<Import>, Status> {
        Err(Status::unimplemented("not called by catctl"))
    }

    async fn list_imports(
        &self,
        _: Request<ListImportsRequest>,
    ) -> Result<Response<ListImportsResponse>, Status> {
        Err(Status::unimplemented("not called by catctl"))
    }

    async fn cancel_import(
        &self,
        _: Request<CancelImportRequest>,
    ) -> Result<Response<Import>, Status> {
        Err(Status::unimplemented("not called by catctl"))
    }

    async fn report_import(
        &self,
        _: Request<ReportImportRequest>,
    ) -> Result<Response<Import>, Status> {
        Err(Status::unimplemented("not called by catctl"))
    }

    async fn undo_import(
        &self,
        request: Request<UndoImportRequest>,
    ) -> Result<Response<ResponseStream<UndoImportResponse>>, Status> {
        let request = self.record(request);
        if request.import_id == "unknown" {
            return Err(super::error(Code::NotFound, "IMPORT_NOT_FOUND", "there is none"));
        }
        let deleted = if request.validate_only { 0 } else { 3 };
        let conflict = UndoConflict {
            product_id: "mug".to_owned(),
            reason: "PRODUCT_CHANGED".to_owned(),
            message: "edited since".to_owned(),
        };
        let first = UndoImportResponse { deleted, ..UndoImportResponse::default() };
        let last = UndoImportResponse {
            restored: 1_200,
            conflicted: 1,
            stock_kept: 2,
            conflicts: vec![conflict],
            done: true,
            ..first.clone()
        };
        Ok(Response::new(stream::iter([Ok(first), Ok(last)]).boxed()))
    }

    async fn export_products(
        &self,
        request: Request<ExportProductsRequest>,
    ) -> Result<Response<ResponseStream<ExportProductsResponse>>, Status> {
        let request = self.record(request);
        let products = self.products.lock().unwrap();
        let shown = products.values().filter(|product| {
            (request.show_deleted || product.delete_time.is_none())
                && super::catalogue::matches(product, &request.filter)
        });
        let products: Vec<Product> = shown.cloned().collect();
        let batches: Vec<_> = products
            .chunks(100)
            .map(|products| Ok(ExportProductsResponse { products: products.to_vec() }))
            .collect();
        let exported = self.exported.clone();
        let count = move |batch: &Result<ExportProductsResponse, Status>| {
            let products = batch.as_ref().map_or(0, |batch| batch.products.len());
            exported.fetch_add(products, Ordering::SeqCst);
        };
        Ok(Response::new(stream::iter(batches).inspect(count).boxed()))
    }
}

impl Store {
    pub(super) fn take(
        &self,
        row: ImportRow,
        options: &ImportOptions,
        response: &mut ImportProductsResponse,
    ) {
        *self.seen.lock().unwrap().entry(row.line).or_default() += 1;
        let new = row.product.unwrap_or_default();
        response.acknowledged_line = row.line;
        if new.name == "refused" {
            response.rejected += 1;
            response.rejects.push(RejectedRow {
                line: row.line,
                reason: "INVALID_FIELD".to_owned(),
                field: "name".to_owned(),
                message: "must be better".to_owned(),
            });
            return;
        }
        let mut products = self.products.lock().unwrap();
        let old = products.get(&new.id).cloned();
        let mut merged =
            old.clone().unwrap_or_else(|| Product { id: new.id.clone(), ..Product::default() });
        merge(&mut merged, &new, row.update_mask.unwrap_or_default().paths);
        if let Some(old) = old.as_ref().filter(|_| !options.set_stock) {
            response.stock_kept += i64::from(merged.stock_qty != old.stock_qty);
            merged.stock_qty = old.stock_qty;
        }
        let mut product = |old: Option<Product>| {
            let created = old.is_none();
            let changed_fields: Vec<String> = match &old {
                Some(old) if old.price != merged.price => vec!["price".to_owned()],
                Some(_) => vec!["name".to_owned()],
                None => Vec::new(),
            };
            let after = Some(merged.clone());
            let diff = Some(ProductDiff { changed_fields, before: old, after });
            let product_id = merged.id.clone();
            response.diffs.push(RowDiff { line: row.line, product_id, created, diff });
        };
        match old {
            Some(old) if old == merged => response.unchanged += 1,
            None => {
                product(None);
                response.created += 1;
            }
            Some(old) => {
                product(Some(old));
                response.updated += 1;
            }
        }
        if !options.dry_run {
            response.diffs.clear();
            products.insert(new.id, merged);
        }
    }
}

/// Copies the fields of an update mask.
fn merge(merged: &mut Product, new: &Product, paths: Vec<String>) {
    for path in paths {
        match path.as_str() {
            "name" => merged.name.clone_from(&new.name),
            "description" => merged.description.clone_from(&new.description),
            "stock_qty" => merged.stock_qty = new.stock_qty,
            "image_urls" if new.media.is_empty() => merged.image_urls.clone_from(&new.image_urls),
            "image_urls" => {
                merged.image_urls = new.media.iter().map(|media| media.url.clone()).collect();
            }
            "media.alt" => merge_alts(merged, new),
            "variants.sku" => merge_variants(merged, new),
            "variants.gtin"
            | "variants.option_values"
            | "variants.price"
            | "variants.stock_qty"
            | "variants.media_url" => {}
            path if OfferField::ALL.iter().any(|field| field.variant_path() == path) => {}
            "condition" => merged.condition = new.condition,
            "costs" | "costs.amount" => merged.costs.clone_from(&new.costs),
            "price" => merged.price.clone_from(&new.price),
            "brand" => merged.brand.clone_from(&new.brand),
            "attributes" => merged.attributes.clone_from(&new.attributes),
            "variants" => merged.variants.clone_from(&new.variants),
            "media" => merged.media.clone_from(&new.media),
            "status" => merged.status = new.status,
            "labels" => merged.labels.clone_from(&new.labels),
            "external_id" => merged.external_id.clone_from(&new.external_id),
            "category_ids" | "category_paths" => {
                merged.category_paths.clone_from(&new.category_paths);
            }
            path => match (TextField::named(path), OfferField::named(path)) {
                (Some(field), _) => field.get_mut(merged).clone_from(field.get(new)),
                (None, Some(field)) => {
                    let mut offer = OfferMessage::take_product(merged);
                    offer.take(field, &mut OfferMessage::of_product(new));
                    offer.put_product(merged);
                }
                (None, None) => panic!("{path} is not in the contract"),
            },
        }
    }
}

/// Sets the texts of pictures, which keep their sizes.
fn merge_alts(merged: &mut Product, new: &Product) {
    let old = std::mem::take(&mut merged.media);
    merged.media = new.media.clone();
    for media in &mut merged.media {
        if let Some(old) = old.iter().find(|old| old.url == media.url) {
            (media.width, media.height) = (old.width, old.height);
        }
    }
}

/// Adds variants, and replaces those of the same SKU.
fn merge_variants(merged: &mut Product, new: &Product) {
    for variant in &new.variants {
        match merged.variants.iter_mut().find(|old| old.sku == variant.sku) {
            Some(old) => {
                let stock_qty = old.stock_qty;
                *old = Variant { stock_qty, ..variant.clone() };
            }
            None => merged.variants.push(variant.clone()),
        }
    }
}
